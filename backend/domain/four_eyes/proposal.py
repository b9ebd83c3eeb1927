"""A proposal: what would be done, who wants it, and who may be the second person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backend.domain.four_eyes.problems import FirstHandGone, ProposalOver, SamePerson
from backend.domain.four_eyes.words import Ending, ProposalKind
from backend.domain.ids import OfficerId, OrganisationId
from backend.domain.parties import Officer
from backend.domain.problems import NotAllowed
from backend.domain.words import Lane

_ONLY_ADMINISTRATORS = frozenset({ProposalKind.ADMINISTRATOR, ProposalKind.REGULATOR})
_ONLY_INSURER = frozenset(
    {
        ProposalKind.PRODUCT,
        ProposalKind.PAYEE,
        ProposalKind.RESUME_PAYOUTS,
        ProposalKind.PAYOUT_RETRY,
        ProposalKind.REGULATOR,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What somebody wants done, before anyone has agreed.

    Attributes:
        kind: What it is.
        subject: What it is about, such as a policy's number; two proposals about one subject never wait at once.
        document: All that is needed to carry it out, as plain JSON values.
        organisation: Whose officers decide.
        asked_by: Who wants it: an officer's id, or ``policy P…`` for a farmer.
        officer: The officer who proposes it; None for a farmer's wish, which two officers then have to agree to.
        reason: Why, in words.
    """

    kind: ProposalKind
    subject: str
    document: Mapping[str, object]
    organisation: OrganisationId
    asked_by: str
    officer: OfficerId | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A draft that waits, or how it ended.

    Attributes:
        id: Made by the server.
        draft: What would be done. Its ``officer`` is the first of the two hands.
        proposed_at: Since when it waits.
        expires_at: Until when.
        decided_by: Who ended it; None while it waits, and where it expired.
        ending: How; None while it waits.
    """

    id: UUID
    draft: Draft
    proposed_at: datetime
    expires_at: datetime
    decided_by: OfficerId | None = None
    decided_at: datetime | None = None
    ending: Ending | None = None
    decision_reason: str = ""

    def ending_at(self, at: datetime) -> Ending | None:
        """How it has ended by then; expiry needs nobody to say it."""
        if self.ending is None and at >= self.expires_at:
            return Ending.EXPIRED
        return self.ending


def require_may_decide(proposal: Proposal, officer: Officer, at: datetime) -> None:
    """Whether this officer may agree to, or refuse, this proposal now.

    Raises:
        ProposalOver: It has ended.
        NotAllowed: Another organisation's, or not of an officer in this role.
        SamePerson: The officer is its subject.
    """
    ending = proposal.ending_at(at)
    if ending is not None:
        raise ProposalOver(f"proposal {proposal.id} is {ending}")
    require_role(proposal.draft.kind, officer)
    if officer.organisation != proposal.draft.organisation:
        raise NotAllowed(f"officers of {proposal.draft.organisation} decide this")
    if proposal.draft.subject == officer.id:
        raise SamePerson("this proposal is about yourself")


def require_second(proposal: Proposal, officer: Officer) -> None:
    """Whether this officer is another person than the first hand.

    Raises:
        SamePerson: The officer proposed it, or agreed first.
    """
    if proposal.draft.officer == officer.id:
        raise SamePerson(f"you are the first of two people for proposal {proposal.id}")


def require_first_stands(
    proposal: Proposal, first: Officer, suspended_at: datetime | None, at: datetime
) -> None:
    """Whether the first hand still counts when the second is given: a week may lie between them.

    Raises:
        FirstHandGone: That officer is suspended by then, or may not propose this any more.
    """
    if (suspended_at is not None and suspended_at <= at) or not is_for(proposal.draft.kind, first):
        raise FirstHandGone(f"{first.id} is the first of two people for proposal {proposal.id}")


def is_for(kind: ProposalKind, officer: Officer) -> bool:
    """Whether an officer's role allows to propose and to decide this kind."""
    if kind in _ONLY_ADMINISTRATORS and not officer.is_administrator:
        return False
    return officer.lane is Lane.INSURER or kind not in _ONLY_INSURER


def require_role(kind: ProposalKind, officer: Officer) -> None:
    """Whether the officer may propose and decide this kind.

    Raises:
        NotAllowed: Another lane's, or an administrator's to do.
    """
    if not is_for(kind, officer):
        whose = "the insurer's" if kind in _ONLY_INSURER else "an administrator's"
        if kind in _ONLY_INSURER & _ONLY_ADMINISTRATORS:
            whose = "an administrator of the insurer's"
        raise NotAllowed(f"this is {whose} to see and do")
