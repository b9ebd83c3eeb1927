"""Refusals about service tickets."""

from http import HTTPStatus

from backend.domain.problems import ClaimProblem, NotAllowed, RefusedByRule


class TicketIsClosed(ClaimProblem):
    """It was answered before."""

    type = "/problems/ticket-is-closed"
    status = HTTPStatus.CONFLICT
    title = "This ticket is closed"
    next = "Read how it ended: flashclaim ticket show; a new bad rating opens a new one."


class TicketOfAnother(ClaimProblem):
    """Whoever closes a ticket is whose it is."""

    type = "/problems/ticket-of-another"
    status = HTTPStatus.CONFLICT
    title = "This ticket is not yours"
    next = "Take it first: flashclaim ticket take."


class NoSuchColleague(NotAllowed):
    """A ticket stays with officers of the insurer who see the claim's county."""

    type = "/problems/no-such-colleague"
    title = "This officer cannot have the ticket"
    next = "Name an officer of your own office who is not suspended: flashclaim officer list."


class WordsNeeded(RefusedByRule):
    """The farmer is told what was done."""

    type = "/problems/words-needed"
    title = "Say in words what was done"
    next = "Close it again with --words; the farmer reads them."
