"""Covers of closed offices, ties of officers to farms, service officers; and whose part a lane is."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any  # a row's columns are what its statement selects
from uuid import UUID

from sqlalchemy import Connection, Row, delete, false, insert, or_, select, true, update

from backend.domain.authority.sight import Sight
from backend.domain.clocks.deadlines import Timetable
from backend.domain.duties.offices import Offices
from backend.domain.duties.words import TieKind
from backend.domain.ids import FarmId, OfficerId, OrganisationId
from backend.domain.parties import Officer, Policy
from backend.domain.problems import NotFound
from backend.domain.words import Lane
from backend.store import tables
from backend.store.duty_tables import office_covers, officer_ties, service_officers


def offices(
    connection: Connection,
    officer: Officer,
    policy: Policy,
    lane: Lane | None,
    timetable: Timetable,
    at: datetime,
    *,
    asked: OrganisationId | None = None,
) -> Offices:
    """Whose part a lane of a claim under this policy is, seen from one officer."""
    home = _home(connection, lane, policy.county) if lane else frozenset()
    is_foreign = bool(home) and officer.organisation not in home
    # An office is covered only while it is closed: in its hours its own officers decide.
    is_closed = not timetable.hours.is_open(at)
    return Offices(
        home=home,
        covered=_covered(connection, officer.organisation, home, at)
        if is_foreign and is_closed
        else frozenset(),
        tie=tie(connection, officer.id, policy.farm_id),
        asked=lane_of(connection, asked) if asked else None,
        may_delegate=bool(asked) and timetable.may_delegate(level_of(connection, officer.id, policy.county)),
    )


def lane_of(connection: Connection, organisation: OrganisationId) -> Lane | None:
    """The lane of an office.

    Raises:
        NotFound: No such office.
    """
    found = connection.execute(
        select(tables.organisations.c.lane).where(tables.organisations.c.id == organisation)
    ).one_or_none()
    if found is None:
        raise NotFound("office", organisation)
    return Lane(found.lane) if found.lane else None


def county_of(connection: Connection, organisation: OrganisationId) -> str:
    """The county of an office that is there."""
    table = tables.organisations
    return str(connection.scalar(select(table.c.county).where(table.c.id == organisation)))


def has_farm(connection: Connection, farm: FarmId) -> bool:
    """Whether this farm is registered."""
    return connection.scalar(select(tables.farms.c.id).where(tables.farms.c.id == farm)) is not None


def tie(connection: Connection, officer: OfficerId, farm: FarmId) -> TieKind | None:
    """What ties this officer to this farm."""
    found = connection.scalar(
        select(officer_ties.c.kind).where(
            officer_ties.c.officer_id == officer, officer_ties.c.farm_id == farm
        )
    )
    return TieKind(found) if found else None


def level_of(connection: Connection, officer: OfficerId, county: str) -> int | None:
    """The level of a county's service officer 服务官; None for anyone else."""
    found: int | None = connection.scalar(
        select(service_officers.c.level).where(
            service_officers.c.officer_id == officer, service_officers.c.county == county
        )
    )
    return found


def to_tell(
    connection: Connection, county: str, holders: Iterable[Lane], levels: Iterable[int]
) -> dict[int, tuple[OfficerId, ...]]:
    """Whom to tell at each level: its service officers, or where none is named the officers of who holds the claim."""
    rows = connection.execute(
        select(service_officers.c.level, service_officers.c.officer_id)
        .where(service_officers.c.county == county)
        .order_by(service_officers.c.officer_id)
    ).all()
    named: dict[int, tuple[OfficerId, ...]] = {}
    for row in rows:
        named[row.level] = (*named.get(row.level, ()), OfficerId(row.officer_id))
    officers, organisations = tables.officers, tables.organisations
    holding = tuple(
        OfficerId(found)
        for found in connection.scalars(
            select(officers.c.id)
            .join(organisations, organisations.c.id == officers.c.organisation_id)
            .where(organisations.c.county == county, organisations.c.lane.in_(tuple(holders)))
            .where(officers.c.is_agent.is_(False))
            .order_by(officers.c.id)
        )
    )
    return {level: named.get(level, holding) for level in levels}


def holding(connection: Connection, county: str, lanes: AbstractSet[Lane | None]) -> tuple[OfficerId, ...]:
    """Active officers of a county's offices of these lanes; None is the collectors, who have none."""
    officers, organisations = tables.officers, tables.organisations
    is_held = or_(
        organisations.c.lane.in_(sorted(lane for lane in lanes if lane)),
        organisations.c.lane.is_(None) if None in lanes else false(),
    )
    found = connection.scalars(
        select(officers.c.id)
        .join(organisations, organisations.c.id == officers.c.organisation_id)
        .where(organisations.c.county == county, is_held, officers.c.suspended_at.is_(None))
        .where(officers.c.is_agent.is_(False))
        .order_by(officers.c.id)
    )
    return tuple(OfficerId(one) for one in found)


def name_cover(connection: Connection, row: dict[str, object]) -> None:
    """An office names another one as its cover."""
    connection.execute(insert(office_covers), row)


def end_cover(
    connection: Connection, cover_id: UUID, office: OrganisationId, by: OfficerId, at: datetime
) -> None:
    """A cover ends now.

    Raises:
        NotFound: This office has no such cover that still stands.
    """
    changed = connection.execute(
        update(office_covers)
        .where(
            office_covers.c.id == cover_id,
            office_covers.c.organisation_id == office,
            or_(office_covers.c.ends_at.is_(None), office_covers.c.ends_at > at),
        )
        .values(ends_at=at, ended_by=by)
    )
    if changed.rowcount != 1:
        raise NotFound("cover of your office", cover_id)


def covers(connection: Connection, at: datetime, sight: Sight) -> Sequence[Row[Any]]:
    """Covers that stand now or will, of or by offices of the counties that are seen."""
    is_over, offices = office_covers.c.ends_at <= at, tables.organisations
    statement = select(office_covers).where(or_(office_covers.c.ends_at.is_(None), ~is_over))
    if not sight.everywhere:
        seen = select(offices.c.id).where(offices.c.county.in_(sight.counties))
        theirs = (office_covers.c.organisation_id, office_covers.c.cover_id)
        statement = statement.where(or_(*(column.in_(seen) for column in theirs)))
    ordered = statement.order_by(office_covers.c.organisation_id, office_covers.c.starts_at)
    return connection.execute(ordered).all()


def declare_tie(connection: Connection, row: dict[str, object]) -> None:
    """Keep what ties an officer to a farm; said again, the newer word counts."""
    end_tie(connection, OfficerId(str(row["officer_id"])), FarmId(str(row["farm_id"])))
    connection.execute(insert(officer_ties), row)


def end_tie(connection: Connection, officer: OfficerId, farm: FarmId) -> bool:
    """The tie is no more; whether there was one."""
    gone = connection.execute(
        delete(officer_ties).where(officer_ties.c.officer_id == officer, officer_ties.c.farm_id == farm)
    )
    return gone.rowcount == 1


def ties(connection: Connection, officer: OfficerId | None) -> Sequence[Row[Any]]:
    """Ties of one officer or of all."""
    statement = select(officer_ties).order_by(officer_ties.c.officer_id, officer_ties.c.farm_id)
    if officer:
        statement = statement.where(officer_ties.c.officer_id == officer)
    return connection.execute(statement).all()


def appoint(
    connection: Connection, county: str, officer: OfficerId, level: int | None, by: OfficerId
) -> None:
    """Make an officer a county's service officer of this level; None: no longer."""
    at_place = (service_officers.c.county == county, service_officers.c.officer_id == officer)
    connection.execute(delete(service_officers).where(*at_place))
    if level is not None:
        row = {"county": county, "officer_id": officer, "level": level, "named_by": by}
        connection.execute(insert(service_officers), row)


def appointed(connection: Connection, sight: Sight) -> Sequence[Row[Any]]:
    """Service officers of the counties that are seen, by level."""
    table = service_officers
    seen = true() if sight.everywhere else table.c.county.in_(sight.counties)
    ordered = select(table).where(seen).order_by(table.c.county, table.c.level, table.c.officer_id)
    return connection.execute(ordered).all()


def _home(connection: Connection, lane: Lane, county: str) -> frozenset[OrganisationId]:
    organisations = tables.organisations
    found = connection.scalars(
        select(organisations.c.id).where(organisations.c.lane == lane, organisations.c.county == county)
    )
    return frozenset(OrganisationId(one) for one in found)


def _covered(
    connection: Connection, cover: OrganisationId, home: frozenset[OrganisationId], at: datetime
) -> frozenset[OrganisationId]:
    found = connection.scalars(
        select(office_covers.c.organisation_id).where(
            office_covers.c.cover_id == cover,
            office_covers.c.organisation_id.in_(home),
            office_covers.c.starts_at <= at,
            or_(office_covers.c.ends_at.is_(None), office_covers.c.ends_at > at),
        )
    )
    return frozenset(OrganisationId(one) for one in found)
