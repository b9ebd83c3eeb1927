"""Organisations and their officers."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any  # a row's columns are what its statement selects

from sqlalchemy import Connection, insert, or_, select, update

from backend.domain.ids import OfficerId, OrganisationId
from backend.domain.parties import Officer
from backend.domain.problems import NotFound
from backend.domain.register.fields import Register
from backend.domain.words import Lane
from backend.store import registers, tables

_OFFICERS = select(
    tables.officers.c.id,
    tables.officers.c.name,
    tables.officers.c.organisation_id,
    tables.officers.c.is_administrator,
    tables.officers.c.is_agent,
    tables.officers.c.suspended_at,
    tables.organisations.c.lane,
    tables.organisations.c.is_regulator,
).join(tables.organisations, tables.organisations.c.id == tables.officers.c.organisation_id)


def put_organisation(
    connection: Connection, organisation_id: OrganisationId, name: str, lane: Lane | None, county: str
) -> None:
    """Register one of the offices, or the disposal company (no lane)."""
    connection.execute(
        insert(tables.organisations), {"id": organisation_id, "name": name, "lane": lane, "county": county}
    )


def put_regulator(connection: Connection, organisation_id: OrganisationId, name: str, region: str) -> None:
    """Register a regulator; *region* is a county, or a city or province for all counties in it."""
    connection.execute(
        insert(tables.organisations),
        {"id": organisation_id, "name": name, "lane": None, "county": region, "is_regulator": True},
    )


def is_organisation(connection: Connection, organisation: OrganisationId) -> bool:
    """Whether there is such an organisation."""
    table = tables.organisations
    return connection.scalar(select(table.c.id).where(table.c.id == organisation)) is not None


def office_names(connection: Connection, county: str, lane: Lane | None) -> list[str]:
    """The names of a county's offices of a lane, in order; without a lane, of those who take carcasses away."""
    table = tables.organisations
    # A regulator has no lane either, and does nothing for a claim.
    wanted = table.c.county == county, table.c.lane == lane, table.c.is_regulator.is_(False)
    return list(connection.scalars(select(table.c.name).where(*wanted).order_by(table.c.name)))


def office_name(connection: Connection, organisation: OrganisationId) -> str:
    """What an office is called.

    Raises:
        NotFound: No such office.
    """
    table = tables.organisations
    found = connection.scalar(select(table.c.name).where(table.c.id == organisation))
    if found is None:
        raise NotFound("office", organisation)
    return str(found)


def put_officer(connection: Connection, officer: Officer) -> None:
    """Register a person."""
    registers.count_up(connection, Register.OFFICERS)
    connection.execute(
        insert(tables.officers),
        {
            "id": officer.id,
            "name": officer.name,
            "organisation_id": officer.organisation,
            "is_administrator": officer.is_administrator,
            "is_agent": officer.is_agent,
        },
    )


def officer(connection: Connection, officer_id: OfficerId) -> Officer:
    """The person with this id, suspended or not.

    Raises:
        NotFound: No such officer.
    """
    row = connection.execute(_OFFICERS.where(tables.officers.c.id == officer_id)).one_or_none()
    if row is None:
        raise NotFound("officer", officer_id)
    return as_officer(row)


def active(connection: Connection, officer_id: OfficerId, at: datetime) -> Officer | None:
    """The person with this id, if there is one who acts now."""
    officers = tables.officers
    acts = or_(officers.c.suspended_at.is_(None), officers.c.suspended_at > at)
    row = connection.execute(_OFFICERS.where(officers.c.id == officer_id, acts)).one_or_none()
    return None if row is None else as_officer(row)


def is_registered(connection: Connection, officer_id: OfficerId) -> bool:
    """Whether there is such an officer."""
    officers = tables.officers
    return connection.scalar(select(officers.c.id).where(officers.c.id == officer_id)) is not None


def suspended_at(connection: Connection, officer_id: OfficerId) -> datetime | None:
    """From when on a registered officer neither signs in nor acts; None for most."""
    officers = tables.officers
    found: datetime | None = connection.scalar(
        select(officers.c.suspended_at).where(officers.c.id == officer_id)
    )
    return found


def suspend(connection: Connection, officer_id: OfficerId, at: datetime | None) -> None:
    """The officer acts no more from then on; None: acts again."""
    officers = tables.officers
    connection.execute(update(officers).where(officers.c.id == officer_id).values(suspended_at=at))


def set_administrator(connection: Connection, officer_id: OfficerId, *, becomes: bool) -> None:
    """The officer is an administrator 管理员 of their organisation from now on, or is one no longer."""
    registers.count_up(connection, Register.OFFICERS)
    officers = tables.officers
    connection.execute(update(officers).where(officers.c.id == officer_id).values(is_administrator=becomes))


def roster(connection: Connection, organisation: OrganisationId) -> Sequence[Any]:
    """Everyone of an organisation."""
    officers = tables.officers
    wanted = _OFFICERS.where(officers.c.organisation_id == organisation).order_by(officers.c.id)
    return connection.execute(wanted).all()


def administrators(
    connection: Connection, organisation: OrganisationId, at: datetime
) -> tuple[OfficerId, ...]:
    """The administrators of an organisation who are not suspended."""
    found = roster(connection, organisation)
    return tuple(
        OfficerId(row.id)
        for row in found
        if row.is_administrator and not (row.suspended_at and row.suspended_at <= at)
    )


def names(connection: Connection, wanted: Collection[OfficerId]) -> dict[str, str]:
    """The names of those of these officers who are registered."""
    officers = tables.officers
    rows = connection.execute(select(officers.c.id, officers.c.name).where(officers.c.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def as_officer(row: Any) -> Officer:
    """An officer out of a row of ``officers`` with their organisation's ``lane`` and ``is_regulator``.

    A village agent has no lane, though the insurer's office that admitted them has one.
    """
    lane = None if row.lane is None or row.is_agent else Lane(row.lane)
    return Officer(
        OfficerId(row.id),
        row.name,
        OrganisationId(row.organisation_id),
        lane,
        is_administrator=bool(row.is_administrator),
        is_regulator=bool(row.is_regulator),
        is_agent=bool(row.is_agent),
    )
