"""Refusals around assisted reports. None of them says whether a policy is known to whoever may not see it."""

from http import HTTPStatus

from backend.domain.problems import NotAllowed, RefusedByRule


class AssistanceNeeded(NotAllowed):
    """A village agent reports only what the farmer let them report."""

    type = "/problems/assistance-needed"
    title = "The farmer has not let you report this"
    next = "Ask for the farmer's code first (POST /api/v1/assistances/codes), then report under the same claim id."


class AssistanceCodeWrong(NotAllowed):
    """Code, request, policy and claim do not belong together, or the code has ended."""

    type = "/problems/assistance-code-wrong"
    title = "The farmer's code is not right"
    next = "Use the newest code that the farmer was sent within five minutes, or ask for another one."


class FarmerHasPhone(RefusedByRule):
    """A card lets somebody assist only where no code can be sent: it can be copied, and a code names who asks."""

    type = "/problems/farmer-has-phone"
    status = HTTPStatus.CONFLICT
    title = "A code can be sent to this farm's contact phone"
    next = "Ask for a code; where that phone is lost, the insurer changes it: flashclaim farm contact FARM."


class AssistedByYou(NotAllowed):
    """Whoever helped to report neither decides on the claim nor takes the carcasses away."""

    type = "/problems/assisted-by-you"
    title = "You helped to report this claim"
    next = "A colleague decides, or collects; the part is open for them."


class NoPhoneSession(NotAllowed):
    """Only a phone that was signed in by an invitation has a session of its own."""

    type = "/problems/no-phone-session"
    title = "This is no phone's session"
    next = (
        "Sign the phone in with the token of your invitation, at /f; flashclaim logout ends a session by key."
    )
