"""What an officer sees, as the registers say now."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, or_, select, true

from backend.domain.assistance.words import SEEN_FOR
from backend.domain.authority.region import lies_within
from backend.domain.authority.sight import Sight
from backend.domain.ids import ClaimId
from backend.domain.parties import Officer
from backend.store import assistances, tables
from backend.store.delegations import asked_of
from backend.store.duty_tables import office_covers

_AT_ONCE = 500


def sight_of(connection: Connection, officer: Officer, at: datetime) -> Sight:
    """The county of the officer's office, those of offices that it covers now, and claims that it was asked to decide.

    A village agent sees the claims that they assisted, and no others.

    A cover decides only while the office is closed, and sees all day: whoever takes over at six has read by then.
    """
    if officer.is_agent:
        return Sight(claims=assistances.claims_of(connection, officer.id, at - SEEN_FOR))
    if officer.is_regulator:
        return _region_of(connection, officer)
    offices = tables.organisations
    covered = select(office_covers.c.organisation_id).where(
        office_covers.c.cover_id == officer.organisation,
        office_covers.c.starts_at <= at,
        or_(office_covers.c.ends_at.is_(None), office_covers.c.ends_at > at),
    )
    counties = connection.scalars(
        select(offices.c.county).where(or_(offices.c.id == officer.organisation, offices.c.id.in_(covered)))
    )
    return Sight(counties=frozenset(counties), claims=asked_of(connection, officer.organisation))


def _region_of(connection: Connection, officer: Officer) -> Sight:
    """The counties with an office that lie in a regulator's region; the rule of each route lets it see aggregates."""
    offices = tables.organisations
    region = connection.scalar(select(offices.c.county).where(offices.c.id == officer.organisation))
    working = connection.scalars(select(offices.c.county).where(offices.c.lane.is_not(None)).distinct())
    return Sight(counties=frozenset(one for one in working if region and lies_within(one, region)))


def within(sight: Sight) -> ColumnElement[bool]:
    """Claims that are seen: for a write, which sees everything, and does to many claims what one caller asks for."""
    if sight.everywhere:
        return true()
    claims = tables.claims
    return or_(
        claims.c.county.in_(sight.counties),
        claims.c.policy_number.in_(sight.policies),
        claims.c.id.in_(sight.claims),
    )


def colleagues(sight: Sight) -> Select[tuple[str]]:
    """Ids of officers whose office is in a county that is seen; for a write, as ``within``."""
    officers, offices = tables.officers, tables.organisations
    statement = select(officers.c.id).join(offices, offices.c.id == officers.c.organisation_id)
    return statement if sight.everywhere else statement.where(offices.c.county.in_(sight.counties))


def seen_of(connection: Connection, claim_ids: Collection[ClaimId], sight: Sight) -> frozenset[ClaimId]:
    """Those of these claims that are seen."""
    claims, wanted = tables.claims, sorted(claim_ids)
    found: set[ClaimId] = set()
    for start in range(0, len(wanted), _AT_ONCE):
        some = claims.c.id.in_(wanted[start : start + _AT_ONCE])
        found |= {ClaimId(one) for one in connection.scalars(select(claims.c.id).where(some, within(sight)))}
    return frozenset(found)
