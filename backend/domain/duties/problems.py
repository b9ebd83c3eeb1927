"""Refusals about who decides: an officer who is too near to the farm, or an office whose part it is not."""

from http import HTTPStatus

from backend.domain.problems import NotAllowed, RefusedByRule


class OfficerHasRecused(NotAllowed):
    """Whoever stepped back from a claim decides nothing on it."""

    type = "/problems/officer-has-recused"
    title = "You stepped back from this claim"
    next = "A colleague of your office decides; the lane is open for them."


class TiedToFarm(NotAllowed):
    """Nobody decides on a farm of their own, their relatives or their employer (domain.md §1)."""

    type = "/problems/tied-to-farm"
    title = "You are tied to this farm"
    next = "A colleague of your office decides; flashclaim claim recuse says so to all."


class SecondLookNeeded(NotAllowed):
    """Who decided most of a farm's claims together with the same collector does not approve the next one alone."""

    type = "/problems/second-look-needed"
    title = "Another officer of your office has to look"
    next = "A colleague approves; you and the same collector have met on this farm's claims again and again."


class AnotherOfficesPart(NotAllowed):
    """The lane is another office's, which neither asked this one nor is closed with this one as its cover."""

    type = "/problems/another-offices-part"
    title = "This lane of the claim is another office's part"
    next = "Their officers decide; they may ask you to: flashclaim claim delegate."


class NudgedAlready(RefusedByRule):
    """A claim is nudged once an hour at most: more would be noise, and noise is not heard."""

    type = "/problems/nudged-already"
    status = HTTPStatus.CONFLICT
    title = "This claim was nudged within the last hour"
    next = "Wait until the time that the detail names, or give it to somebody: flashclaim claim reassign."


class NobodyToNudge(RefusedByRule):
    """The machine or the bank has the claim, or no officer of the office that has it."""

    type = "/problems/nobody-to-nudge"
    status = HTTPStatus.CONFLICT
    title = "There is nobody to nudge"
    next = (
        "flashclaim stats stuck says what it waits for; an operator looks at effects: flashclaim effect list."
    )


class CannotBeAssigned(RefusedByRule):
    """Whoever is to decide cannot: no officer of this lane's office now, or too near to the farm."""

    type = "/problems/cannot-be-assigned"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    title = "This officer cannot be given the claim"
    next = "Name an active colleague of your office who is not tied to the farm: flashclaim officer list."


class OfficeNotNamed(RefusedByRule):
    """Who decides in another office's place signs for whom."""

    type = "/problems/office-not-named"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    title = "Say in whose place you decide"
    next = "Decide again with --for and the office that the detail names; it stands in what you sign."


class CannotStandIn(RefusedByRule):
    """The office that is to decide cannot: another lane, or the very one whose part it is."""

    type = "/problems/cannot-stand-in"
    title = "This office cannot decide in the other's place"
    next = "Name another office of the same lane, such as that of a neighbouring county."
