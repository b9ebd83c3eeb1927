"""Refusals around visits."""

from http import HTTPStatus

from backend.domain.problems import RefusedByRule


class NothingToVisit(RefusedByRule):
    """The claim waits for nothing on the farm that this office does."""

    type = "/problems/nothing-to-visit"
    status = HTTPStatus.CONFLICT
    title = "This claim needs no visit of yours"
    next = "flashclaim claim show says who has the claim now, and what is recorded."


class NoVisitUnderWay(RefusedByRule):
    """Nobody under this name is on the way to the claim's farm, or not any more."""

    type = "/problems/no-visit-under-way"
    status = HTTPStatus.CONFLICT
    title = "You are not on the way there"
    next = "Say that you set out first: flashclaim visit start; flashclaim visit list shows where you go."
