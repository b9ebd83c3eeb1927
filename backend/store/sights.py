"""What an officer sees, as the registers say now."""

from datetime import datetime

from sqlalchemy import Connection, or_, select

from backend.domain.authority.sight import Sight
from backend.domain.parties import Officer
from backend.store import tables
from backend.store.duty_tables import office_covers


def sight_of(connection: Connection, officer: Officer, at: datetime) -> Sight:
    """The county of the officer's office, and those of offices that it covers now, in their hours too.

    A cover decides only while the office is closed; but whoever takes over at six wants to have read by then.
    """
    offices = tables.organisations
    covered = select(office_covers.c.organisation_id).where(
        office_covers.c.cover_id == officer.organisation,
        office_covers.c.starts_at <= at,
        or_(office_covers.c.ends_at.is_(None), office_covers.c.ends_at > at),
    )
    counties = connection.scalars(
        select(offices.c.county).where(or_(offices.c.id == officer.organisation, offices.c.id.in_(covered)))
    )
    return Sight(counties=frozenset(counties))
