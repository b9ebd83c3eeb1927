"""What lists of claims at risk read: the clocks that have not stopped, kept in step with the events."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any  # a row's columns are what its statement selects

from sqlalchemy import Connection, Row, bindparam, delete, insert, select

from backend.domain.claim import Claim
from backend.domain.clocks.deadlines import ClockName, Timetable
from backend.domain.clocks.running import Running, running
from backend.domain.ids import ClaimId
from backend.store import tables
from backend.store.claims import Wanted, conditions
from backend.store.duty_tables import claim_clocks

_INSERT = insert(claim_clocks)
_DELETE = delete(claim_clocks).where(
    claim_clocks.c.claim_id == bindparam("claim"), claim_clocks.c.clock == bindparam("stopped")
)


def follow(connection: Connection, before: Claim | None, after: Claim, timetable: Timetable) -> None:
    """Write the clocks that started, stopped, paused or went on between two versions of a claim."""
    had = running(before, timetable) if before else ()
    has = running(after, timetable)
    if had != has:
        _put(connection, after.report.claim_id, had, has, timetable)


def renew(connection: Connection, claim: Claim, timetable: Timetable) -> None:
    """Write all of a claim's clocks anew: for a claim that was there before there were clocks."""
    claim_id = claim.report.claim_id
    connection.execute(delete(claim_clocks).where(claim_clocks.c.claim_id == claim_id))
    _put(connection, claim_id, (), running(claim, timetable), timetable)


def of_claim(connection: Connection, claim_id: ClaimId) -> Sequence[Row[Any]]:
    """A claim's running clocks, the one that runs out first before the others; those that stand still come last."""
    clocks = claim_clocks
    order = (clocks.c.due_at.is_(None), clocks.c.due_at)
    return connection.execute(select(clocks).where(clocks.c.claim_id == claim_id).order_by(*order)).all()


def at_risk(connection: Connection, now: datetime, wanted: Wanted) -> Sequence[Row[Any]]:
    """Clocks at risk or run out, of wanted claims, with these and who holds them; one page.

    What can still be kept comes first, the soonest due before the others; then what is broken, longest first.
    """
    clocks, claims, stages = claim_clocks, tables.claims, tables.claim_stages
    statement = (
        select(
            claims,
            clocks.c.clock,
            clocks.c.at_risk_at,
            clocks.c.due_at.label("clock_due_at"),
            stages.c.held_by,
            stages.c.name.label("stage"),
        )
        .join(claims, claims.c.id == clocks.c.claim_id)
        .outerjoin(stages, (stages.c.claim_id == clocks.c.claim_id) & stages.c.ended_at.is_(None))
        # Tickets are about the service, not about the claim: ``voices.listed`` says which are late.
        .where(clocks.c.at_risk_at <= now, clocks.c.clock != ClockName.TICKET)
        .order_by(clocks.c.due_at <= now, clocks.c.due_at, claims.c.number)
        .limit(wanted.most)
    )
    return connection.execute(statement.where(*conditions(wanted))).all()


def _put(
    connection: Connection,
    claim_id: ClaimId,
    had: Sequence[Running],
    has: Sequence[Running],
    timetable: Timetable,
) -> None:
    gone = [{"claim": claim_id, "stopped": clock.clock} for clock in had if clock not in has]
    if gone:
        connection.execute(_DELETE, gone)
    new = [_row(claim_id, clock, timetable) for clock in has if clock not in had]
    if new:
        connection.execute(_INSERT, new)


def rows_of(claim: Claim, timetable: Timetable) -> list[dict[str, object]]:
    """What stands in ``claim_clocks`` for this claim."""
    return [_row(claim.report.claim_id, clock, timetable) for clock in running(claim, timetable)]


def _row(claim_id: ClaimId, clock: Running, timetable: Timetable) -> dict[str, object]:
    return {
        "claim_id": claim_id,
        "clock": clock.clock,
        "started_at": clock.started_at,
        # A clock that was at risk before it stood still is nobody's worry while it does.
        "at_risk_at": None if clock.is_paused else clock.reached_at(timetable.at_risk_percent),
        "due_at": clock.due_at,
    }
