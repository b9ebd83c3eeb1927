"""Rows of ratings and tickets: written with the events, read by lists and figures."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any  # a row's columns are what its statement selects

from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, or_, select, update

from backend.domain.claim import Claim
from backend.domain.ids import OfficerId
from backend.domain.policy import policy_day
from backend.domain.ratings.words import RatedStage
from backend.domain.tickets.owner import Candidate
from backend.domain.tickets.place import TicketPlace
from backend.domain.tickets.ticket import Ticket
from backend.domain.words import Lane
from backend.store import tables
from backend.store.duty_tables import service_officers
from backend.store.rating_tables import claim_voices, tickets


def follow(connection: Connection, before: Claim | None, after: Claim) -> None:
    """Write what was rated, and what became of tickets, between two versions of a claim."""
    if before is None:
        return
    claim_id = after.report.claim_id
    has_moved = before.path != after.path
    if (before.voice is not after.voice or has_moved) and (row := voice_row(after)):
        if before.voice.last_at is None:
            connection.execute(insert(claim_voices), row)
        else:
            connection.execute(update(claim_voices).where(claim_voices.c.claim_id == claim_id).values(row))
    had = {one.no: one for one in before.tickets}
    for ticket in after.tickets:
        if had.get(ticket.no) == ticket and not has_moved:
            continue
        row = ticket_row(after, ticket)
        if ticket.no in had:
            is_it = (tickets.c.claim_id == claim_id, tickets.c.no == ticket.no)
            connection.execute(update(tickets).where(*is_it).values(row))
        else:
            connection.execute(insert(tickets), row)


def voice_row(claim: Claim) -> dict[str, object] | None:
    """What stands in ``claim_voices`` for this claim; None where nobody rated it."""
    voice = claim.voice
    if voice.last_at is None:
        return None
    scores = {stage.value: voice.figures.get(stage.value) for stage in RatedStage}
    return {
        **_kind(claim),
        "recommend": voice.recommend.figure if voice.recommend else None,
        "rated_at": voice.last_at,
    } | scores


def ticket_row(claim: Claim, ticket: Ticket) -> dict[str, object]:
    """What stands in ``tickets`` for one of this claim's."""
    closing = ticket.closing
    return {
        **_kind(claim),
        "no": ticket.no,
        "owner": ticket.owner,
        "opened_at": ticket.opened_at,
        "due_at": ticket.opened.due_at,
        "closed_at": closing.at if closing else None,
        "reason": closing.closed.reason.value if closing else None,
    }


def _kind(claim: Claim) -> dict[str, object]:
    return {
        "claim_id": claim.report.claim_id,
        "day": policy_day(claim.reported_at),
        "county": claim.report.policy.county,
        "product": claim.report.product,
        "species": claim.report.species.value,
        "path": claim.path.value if claim.path else None,
    }


def candidates(connection: Connection, county: str, at: datetime) -> tuple[Candidate, ...]:
    """The insurer's service officers of a county who are not suspended, with how many tickets wait for each."""
    officers, offices = tables.officers, tables.organisations
    waiting = (
        select(tickets.c.owner, func.count().label("waiting"))
        .where(tickets.c.closed_at.is_(None))
        .group_by(tickets.c.owner)
        .subquery("waiting")
    )
    rows = connection.execute(
        select(service_officers.c.officer_id, service_officers.c.level, waiting.c.waiting)
        .join(officers, officers.c.id == service_officers.c.officer_id)
        .join(offices, offices.c.id == officers.c.organisation_id)
        .outerjoin(waiting, waiting.c.owner == service_officers.c.officer_id)
        .where(
            service_officers.c.county == county,
            offices.c.lane == Lane.INSURER,
            or_(officers.c.suspended_at.is_(None), officers.c.suspended_at > at),
        )
        .order_by(service_officers.c.officer_id)
    )
    return tuple(Candidate(OfficerId(row.officer_id), row.level, row.waiting or 0) for row in rows)


def listed(
    connection: Connection,
    now: datetime,
    most: int,
    *,
    is_open: bool = True,
    owner: OfficerId | None = None,
    overdue: bool = False,
    after: TicketPlace | None = None,
) -> Sequence[Row[Any]]:
    """Tickets that the connection sees, with their claims: what is due soonest before the others.

    Args:
        connection: Bounded to what the caller sees.
        now: By then an open one is overdue.
        most: At most so many.
        is_open: Open ones, or closed ones.
        owner: Only this officer's.
        overdue: Only open ones that should have been closed.
        after: Only those that stand behind it.
    """
    claims = tables.claims
    statement = select(tickets, claims.c.number).join(claims, claims.c.id == tickets.c.claim_id)
    statement = statement.where(
        tickets.c.closed_at.is_(None) if is_open else tickets.c.closed_at.is_not(None)
    )
    if owner is not None:
        statement = statement.where(tickets.c.owner == owner)
    if overdue:
        statement = statement.where(and_(tickets.c.closed_at.is_(None), tickets.c.due_at < now))
    if after is not None:
        statement = statement.where(_behind(after))
    order = (tickets.c.due_at.is_(None), tickets.c.due_at, claims.c.number, tickets.c.no)
    return connection.execute(statement.order_by(*order).limit(most)).all()


def _behind(place: TicketPlace) -> ColumnElement[bool]:
    number = tables.claims.c.number
    later = or_(number > place.number, and_(number == place.number, tickets.c.no > place.no))
    if place.due_at is None:
        return and_(tickets.c.due_at.is_(None), later)
    same_time = and_(tickets.c.due_at == place.due_at, later)
    return or_(tickets.c.due_at > place.due_at, tickets.c.due_at.is_(None), same_time)
