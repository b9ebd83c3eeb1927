"""Proposals: what waits for a second person, and how each ended. Rows are ended once and never deleted."""

import json
from datetime import datetime, timedelta
from typing import Any  # a row's columns are what its statement selects
from uuid import UUID, uuid4

from sqlalchemy import Connection, Row, insert, select, update

from backend.domain.canonical import canonical
from backend.domain.four_eyes.problems import AlreadyProposed
from backend.domain.four_eyes.proposal import Draft, Proposal
from backend.domain.four_eyes.words import Ending, ProposalKind
from backend.domain.ids import OfficerId, OrganisationId
from backend.domain.problems import NotFound
from backend.store.authority_tables import proposals
from backend.store.sealed import PROPOSED
from backend.store.vault import vault_of


def put(connection: Connection, draft: Draft, at: datetime, stands_for: timedelta) -> Proposal:
    """Let a draft wait; the very same one, sent again, is the one that waits already.

    Raises:
        AlreadyProposed: Something else about this subject waits.
    """
    about = (proposals.c.kind == draft.kind, proposals.c.subject == draft.subject)
    connection.execute(
        update(proposals)
        .where(*about, proposals.c.ending.is_(None), proposals.c.expires_at <= at)
        .values(ending=Ending.EXPIRED, decided_at=proposals.c.expires_at)
    )
    waiting = connection.execute(select(proposals).where(*about, proposals.c.ending.is_(None))).one_or_none()
    if waiting is not None:
        standing = _proposal(connection, waiting)
        if (standing.draft.document, standing.draft.organisation) != (draft.document, draft.organisation):
            raise AlreadyProposed(draft.subject, waiting.id)
        return standing
    made = uuid4()
    document = canonical(draft.document).decode()
    connection.execute(
        insert(proposals),
        {
            "id": made,
            "kind": draft.kind,
            "subject": draft.subject,
            "organisation": draft.organisation,
            "document": vault_of(connection).seal(document, PROPOSED, made),
            "asked_by": draft.asked_by,
            "officer_id": draft.officer,
            "reason": draft.reason,
            "proposed_at": at,
            "expires_at": at + stands_for,
        },
    )
    return Proposal(id=made, draft=draft, proposed_at=at, expires_at=at + stands_for)


def locked(connection: Connection, proposal_id: UUID) -> Proposal:
    """The proposal, which nobody else decides until this transaction ends.

    Raises:
        NotFound: There is none.
    """
    statement = select(proposals).where(proposals.c.id == proposal_id).with_for_update()
    return _found(connection, connection.execute(statement).one_or_none(), proposal_id)


def one(connection: Connection, proposal_id: UUID) -> Proposal:
    """The proposal.

    Raises:
        NotFound: There is none.
    """
    statement = select(proposals).where(proposals.c.id == proposal_id)
    return _found(connection, connection.execute(statement).one_or_none(), proposal_id)


def listed(
    connection: Connection, organisation: OrganisationId, at: datetime, *, also_over: bool, most: int
) -> tuple[Proposal, ...]:
    """An organisation's proposals, newest first; only those that wait, or all."""
    statement = select(proposals).where(proposals.c.organisation == organisation)
    if not also_over:
        statement = statement.where(proposals.c.ending.is_(None), proposals.c.expires_at > at)
    newest = statement.order_by(proposals.c.proposed_at.desc(), proposals.c.id).limit(most)
    return tuple(_proposal(connection, row) for row in connection.execute(newest))


def standing_about(connection: Connection, kind: ProposalKind, subject: str) -> Proposal | None:
    """What of this kind nobody has ended about a subject; it may have run out."""
    row = connection.execute(
        select(proposals).where(
            proposals.c.kind == kind, proposals.c.subject == subject, proposals.c.ending.is_(None)
        )
    ).one_or_none()
    return None if row is None else _proposal(connection, row)


def take_up(connection: Connection, proposal_id: UUID, officer: OfficerId) -> None:
    """An officer is the first of two to agree to what a farmer asked for."""
    connection.execute(update(proposals).where(proposals.c.id == proposal_id).values(officer_id=officer))


def end(
    connection: Connection, proposal_id: UUID, ending: Ending, by: OfficerId, reason: str, at: datetime
) -> None:
    """Keep how a proposal ended."""
    connection.execute(
        update(proposals)
        .where(proposals.c.id == proposal_id)
        .values(ending=ending, decided_by=by, decided_at=at, decision_reason=reason)
    )


def forget(connection: Connection, kind: ProposalKind, subject: str, by: OfficerId, at: datetime) -> int:
    """Forget what was ever proposed about a subject, and refuse what waits; how many documents that were."""
    waiting = standing_about(connection, kind, subject)
    if waiting is not None:
        end(connection, waiting.id, Ending.REFUSED, by, "what was proposed is erased", at)
    about = (proposals.c.kind == kind, proposals.c.subject == subject, proposals.c.document.is_not(None))
    return connection.execute(update(proposals).where(*about).values(document=None)).rowcount


def _found(connection: Connection, row: Row[Any] | None, proposal_id: UUID) -> Proposal:
    if row is None:
        raise NotFound("proposal", proposal_id)
    return _proposal(connection, row)


def _proposal(connection: Connection, row: Row[Any]) -> Proposal:
    document = vault_of(connection).open_some(row.document, PROPOSED, row.id)
    draft = Draft(
        kind=ProposalKind(row.kind),
        subject=row.subject,
        document={} if document is None else json.loads(document),
        organisation=OrganisationId(row.organisation),
        asked_by=row.asked_by,
        officer=None if row.officer_id is None else OfficerId(row.officer_id),
        reason=row.reason,
    )
    return Proposal(
        id=row.id,
        draft=draft,
        proposed_at=row.proposed_at,
        expires_at=row.expires_at,
        decided_by=None if row.decided_by is None else OfficerId(row.decided_by),
        decided_at=row.decided_at,
        ending=None if row.ending is None else Ending(row.ending),
        decision_reason=row.decision_reason,
    )
