"""Refusals around farmers' sign-in, cards, links and payees.

None of them says whether a number is known: what a stranger may learn is only what they sent.
"""

from backend.domain.problems import NotAllowed, NotSignedIn, RefusedByRule


class SignInCodeWrong(NotSignedIn):
    """Number, request and code do not belong together, or the code has ended."""

    type = "/problems/sign-in-code-wrong"
    title = "The code is not right"
    next = "Use the newest code that was sent within five minutes, or ask for another one; the policy card works too."


class CardNotValid(NotSignedIn):
    """No policy has this card, or not any more."""

    type = "/problems/card-not-valid"
    title = "This policy card is not valid"
    next = "Use the newest card of the policy, sign in by phone, or ask the insurer for a new card."


class CardIsNoToken(NotSignedIn):
    """The secret of a card was sent as a bearer token."""

    type = "/problems/card-is-no-token"
    title = "A policy card opens a session, it is none"
    next = "POST /api/v1/farmer/sessions with the card, and send the access token that it answers with."


class SessionEnded(NotSignedIn):
    """The refresh token is unknown, too old, or its session was ended."""

    type = "/problems/session-ended"
    title = "This session has ended"
    next = "Sign in again by phone or with the policy card."


class RefreshTokenReused(SessionEnded):
    """A refresh token that had given its successor came again: its session is ended for whoever holds it."""

    type = "/problems/refresh-token-reused"
    title = "This refresh token was used before: the session is ended"
    next = "Sign in again. If you did not use it twice, somebody else had it; the farmer is told by text message."


class LinkReadsOnly(NotAllowed):
    """A claim link reads one claim, and nothing else."""

    type = "/problems/link-reads-only"
    title = "This link reads one claim and nothing else"
    next = "Sign in by phone or with the policy card for anything else."


class NoContactPhone(RefusedByRule):
    """No phone of the farm is known that a code could go to."""

    type = "/problems/no-contact-phone"
    title = "No contact phone of the farm is known"
    next = "The insurer sets it: flashclaim farm contact FARM --phone NUMBER."


class CardChangesNoPhone(NotAllowed):
    """A session by card acts for one policy; whoever has the phone has every policy of the farm, and its codes."""

    type = "/problems/card-changes-no-phone"
    title = "A policy card alone changes no contact phone"
    next = (
        "Sign in with a code to the phone that is known, or let the insurer set the new one: "
        "flashclaim farm contact FARM --phone NUMBER."
    )


class PhoneTooNew(RefusedByRule):
    """The contact phone was changed lately: whoever took over a number may not turn the money as well."""

    type = "/problems/phone-too-new"
    title = "The contact phone was changed lately"
    next = "Wait until the day that the detail names, or go to the insurer in person."
