"""Farmers' consents to be reported for 代办, and the claims that came of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any  # a row's columns are what its statement selects
from uuid import UUID

from sqlalchemy import Connection, Row, delete, select
from sqlalchemy.dialects.postgresql import insert as insert_or_not

from backend.domain.assistance.words import Proof
from backend.domain.ids import ClaimId, OfficerId, PolicyNumber
from backend.store import tables
from backend.store.assistance_tables import assistances

_MOST_SEEN = 1_000
"""Of an agent's claims the newest so many are seen: several a day for half a year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """The farmer lets one officer report one claim under one policy, until it ends."""

    claim_id: ClaimId
    officer: OfficerId
    policy: PolicyNumber
    proof: Proof
    accepts_in_advance: bool
    given_at: datetime
    ends_at: datetime


def put(connection: Connection, consent: Consent) -> bool:
    """Keep a consent in place of an older one to the same officer; False where the claim's id is another's already."""
    own = (assistances.c.claim_id == consent.claim_id, assistances.c.officer_id == consent.officer)
    connection.execute(delete(assistances).where(*own))
    row = {
        "claim_id": consent.claim_id,
        "officer_id": consent.officer,
        "policy_number": consent.policy,
        "proof": consent.proof,
        "accepts_in_advance": consent.accepts_in_advance,
        "given_at": consent.given_at,
        "ends_at": consent.ends_at,
    }
    added = connection.scalar(
        insert_or_not(assistances)
        .values(row)
        .on_conflict_do_nothing(index_elements=[assistances.c.claim_id])
        .returning(assistances.c.claim_id)
    )
    return added is not None


def consent(connection: Connection, claim_id: UUID, at: datetime) -> Consent | None:
    """The consent that stands for this claim now."""
    row = connection.execute(
        select(assistances).where(assistances.c.claim_id == claim_id, assistances.c.ends_at > at)
    ).one_or_none()
    return None if row is None else _consent(row)


def of_policy(connection: Connection, policy: PolicyNumber) -> list[Consent]:
    """The consents of a policy's farmer that are still kept, the first one first."""
    found = select(assistances).where(assistances.c.policy_number == policy)
    rows = connection.execute(found.order_by(assistances.c.given_at, assistances.c.claim_id))
    return [_consent(row) for row in rows]


def is_open(connection: Connection, officer: OfficerId, policy: PolicyNumber, at: datetime) -> bool:
    """Whether the farmer of this policy lets this officer report now."""
    found = select(assistances.c.claim_id).where(
        assistances.c.officer_id == officer,
        assistances.c.policy_number == policy,
        assistances.c.ends_at > at,
    )
    return connection.scalar(found.limit(1)) is not None


def has_assisted(connection: Connection, officer: OfficerId, claim_id: UUID) -> bool:
    """Whether this claim is there, and was reported by this officer for the farmer."""
    claims = tables.claims
    found = select(claims.c.id).where(claims.c.id == claim_id, claims.c.assisted_by == officer)
    return connection.scalar(found) is not None


def claims_of(connection: Connection, officer: OfficerId, since: datetime) -> frozenset[ClaimId]:
    """The claims that an officer reported for farmers since then, the newest of very many."""
    claims = tables.claims
    found = connection.scalars(
        select(claims.c.id)
        .where(claims.c.assisted_by == officer, claims.c.reported_at >= since)
        .order_by(claims.c.reported_at.desc())
        .limit(_MOST_SEEN)
    )
    return frozenset(ClaimId(one) for one in found)


def forget_old(connection: Connection, before: datetime) -> None:
    """Drop consents that ended before this."""
    connection.execute(delete(assistances).where(assistances.c.ends_at < before))


def _consent(row: Row[Any]) -> Consent:
    return Consent(
        claim_id=ClaimId(row.claim_id),
        officer=OfficerId(row.officer_id),
        policy=PolicyNumber(row.policy_number),
        proof=Proof(row.proof),
        accepts_in_advance=row.accepts_in_advance,
        given_at=row.given_at,
        ends_at=row.ends_at,
    )
