"""The one way in for what two people do together: propose, approve, refuse."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from backend.domain.four_eyes.proposal import (
    Draft,
    Proposal,
    require_first_stands,
    require_may_decide,
    require_role,
    require_second,
)
from backend.domain.four_eyes.words import Ending, ProposalKind
from backend.domain.parties import Officer
from backend.domain.problems import ReasonNeeded
from backend.store import people, proposals
from backend.store.engine import Transaction

Hand = Callable[[Transaction, Proposal, Officer, datetime], Mapping[str, object]]
"""Carries out one kind of proposal, in the transaction in which the second person agrees; says what came of it."""


class FourEyes:
    """What needs two people: nothing else may carry it out."""

    def __init__(self, hands: Mapping[ProposalKind, Hand], stands_for: timedelta) -> None:
        self._hands = hands
        self._stands_for = stands_for

    def propose(self, connection: Transaction, draft: Draft, by: Officer | None, at: datetime) -> Proposal:
        """Let a draft wait for a second person; for two, where a farmer asks (*by* None).

        Raises:
            NotAllowed: Not this officer's to propose.
            ReasonNeeded: Whoever proposes says why.
            AlreadyProposed: Something else about the same subject waits.
        """
        if by is not None:
            require_role(draft.kind, by)
            if not draft.reason.strip():
                raise ReasonNeeded("whoever proposes says why")
        return proposals.put(connection, draft, at, self._stands_for)

    def approve(
        self, connection: Transaction, proposal_id: UUID, officer: Officer, at: datetime
    ) -> tuple[Proposal, Mapping[str, object]]:
        """Agree. The second person to do so carries it out, all or nothing; the first one takes up a farmer's wish.

        Raises:
            NotFound, ProposalOver, NotAllowed, SamePerson: As the proposal stands, and who the officer is.
            FirstHandGone: The other person may not act any more.
            Problem: What it would do is no longer allowed; it waits on.
        """
        proposal = proposals.locked(connection, proposal_id)
        require_may_decide(proposal, officer, at)
        first = proposal.draft.officer
        if first is None:
            proposals.take_up(connection, proposal_id, officer.id)
            return proposals.one(connection, proposal_id), {}
        require_second(proposal, officer)
        require_first_stands(
            proposal, people.officer(connection, first), people.suspended_at(connection, first), at
        )
        done = self._hands[proposal.draft.kind](connection, proposal, officer, at)
        proposals.end(connection, proposal_id, Ending.APPROVED, officer.id, "", at)
        return proposals.one(connection, proposal_id), done

    @staticmethod
    def refuse(
        connection: Transaction, proposal_id: UUID, officer: Officer, reason: str, at: datetime
    ) -> Proposal:
        """Refuse, or take one's own proposal back.

        Raises:
            NotFound, ProposalOver, NotAllowed, SamePerson: As the proposal stands, and who the officer is.
            ReasonNeeded: Whoever proposed it reads why.
        """
        require_may_decide(proposals.locked(connection, proposal_id), officer, at)
        if not reason.strip():
            raise ReasonNeeded("whoever proposed it reads why it was refused")
        proposals.end(connection, proposal_id, Ending.REFUSED, officer.id, reason, at)
        return proposals.one(connection, proposal_id)
