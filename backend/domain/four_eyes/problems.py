"""Refusals about what two people do together."""

from http import HTTPStatus
from uuid import UUID

from backend.domain.problems import NotAllowed, Problem


class SamePerson(NotAllowed):
    """Whoever proposed is no second person, and nobody agrees to what is about themselves."""

    type = "/problems/same-person"
    title = "A second person has to agree"
    next = "A colleague decides: flashclaim approval list, flashclaim approval approve."


class ProposalOver(Problem):
    """Someone decided already, or nobody did in time."""

    type = "/problems/proposal-over"
    status = HTTPStatus.CONFLICT
    title = "This proposal is over"
    next = "Look at it: flashclaim approval show. Whoever still wants it proposes it anew."


class FirstHandGone(Problem):
    """Whoever proposed it, or agreed first, has been suspended since, or is in that role no longer."""

    type = "/problems/first-hand-gone"
    status = HTTPStatus.CONFLICT
    title = "The first of the two people may not act any more"
    next = "Refuse it: flashclaim approval refuse. Whoever still wants it proposes it anew."


class AlreadyProposed(Problem):
    """The same thing waits for a second person with other content."""

    type = "/problems/already-proposed"
    status = HTTPStatus.CONFLICT
    title = "Another proposal about this waits already"
    next = "Let a colleague refuse or approve that one first: flashclaim approval show."

    def __init__(self, subject: str, proposal: UUID) -> None:
        super().__init__(f"proposal {proposal} about {subject} waits for a second person")
        self.subject, self.proposal = subject, proposal
