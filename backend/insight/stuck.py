"""Which claims are stuck: who holds them and since when, what was promised, why; and what runs out within the hour."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any  # a row's columns are what its statement selects

from sqlalchemy import Connection, Row, Select, func, select

from backend.domain.claim import Claim
from backend.domain.clocks.deadlines import ClockName
from backend.insight.claim_rows import narrowed
from backend.insight.wanted import Wanted
from backend.store import events, tables, visits
from backend.store.duty_tables import claim_clocks
from backend.store.effects import EffectState

Document = dict[str, object]
FORECAST = timedelta(hours=1)


def stuck(connection: Connection, wanted: Wanted, now: datetime, most: int) -> Document:
    """Claims with a clock at risk (75 % of its time used up) or run out, a row each under the clock that ends first.

    What can still be kept comes first, the soonest before the others; then what is broken, longest first. ``forecast``
    says which claims break a promise within the hour if nobody does anything.
    """
    clock = _soonest(now).subquery("soonest")
    rows = connection.execute(_listed(clock, wanted, now).limit(most)).all()
    died = _died(connection, [row.id for row in rows])
    coming = _coming(connection, [row.id for row in rows], now)
    return {
        "as_of": now.isoformat(),
        "filter": wanted.as_json(),
        "by_holder": _by_holder(connection, clock, wanted, now),
        "forecast": _forecast(connection, wanted, now),
        "claims": [
            _document(connection, row, now, died.get(row.id)) | {"visits": coming.get(row.id, [])}
            for row in rows
        ],
    }


def why(claim: Claim) -> str:
    """What keeps a claim, in one line: holds, what was asked for, a receipt that differs, the bank's word."""
    if claim.holds:
        return "; ".join(f"{hold.kind}: {hold.reason}" for hold in claim.holds)
    if claim.asked:
        return claim.asked.reason
    if claim.payout and claim.payout.reason:
        return f"{claim.payout.state}: {claim.payout.reason}"
    if claim.has_differing_receipt:
        return ", ".join(claim.receipt_gaps)
    return ", ".join(dict.fromkeys(finding.code for finding in claim.findings))


def _soonest(now: datetime) -> Select[Any]:
    clocks = claim_clocks
    return (
        select(clocks.c.claim_id, func.min(clocks.c.due_at).label("due_at"))
        .where(clocks.c.at_risk_at <= now, clocks.c.clock != ClockName.TICKET)
        .group_by(clocks.c.claim_id)
    )


def _joined(clock: Any, wanted: Wanted, *columns: Any) -> Select[Any]:
    claims, stages = tables.claims, tables.claim_stages
    statement = (
        select(*columns)
        .select_from(clock)
        .join(claims, claims.c.id == clock.c.claim_id)
        .outerjoin(stages, (stages.c.claim_id == clock.c.claim_id) & stages.c.ended_at.is_(None))
    )
    return narrowed(statement, wanted)


def _listed(clock: Any, wanted: Wanted, now: datetime) -> Select[Any]:
    claims, stages, clocks = tables.claims, tables.claim_stages, claim_clocks
    named = (
        select(func.min(clocks.c.clock))
        .where(
            clocks.c.claim_id == clock.c.claim_id,
            clocks.c.due_at == clock.c.due_at,
            clocks.c.clock != ClockName.TICKET,
        )
        .scalar_subquery()
    )
    columns = (
        *(claims.c.id, claims.c.number, claims.c.county, claims.c.product, claims.c.species, claims.c.state),
        *(claims.c.reported_at, clock.c.due_at, named.label("clock"), stages.c.name.label("stage")),
        *(stages.c.held_by, stages.c.started_at),
    )
    return _joined(clock, wanted, *columns).order_by(clock.c.due_at <= now, clock.c.due_at, claims.c.number)


def _document(connection: Connection, row: Row[Any], now: datetime, died: str | None) -> Document:
    claim = events.load(connection, row.id)
    return {
        "number": row.number,
        "id": str(row.id),
        "county": row.county,
        "product": row.product,
        "species": row.species,
        "state": row.state,
        "stage": row.stage,
        "held_by": row.held_by,
        "since": row.started_at.isoformat() if row.started_at else None,
        "held_seconds": _since(row.started_at, now) if row.started_at else None,
        "age_seconds": _since(row.reported_at, now),
        "clock": row.clock,
        "due_at": row.due_at.isoformat(),
        "seconds_left": round((row.due_at - now).total_seconds(), 3),
        "late": row.due_at <= now,
        "reason": why(claim) or None,
        "assigned": claim.assigned,
        "nudged_at": claim.nudged_at.isoformat() if claim.nudged_at else None,
        "failure": died,
    }


def _since(begin: datetime, now: datetime) -> float:
    return round(max(0.0, (now - begin).total_seconds()), 3)


def _by_holder(connection: Connection, clock: Any, wanted: Wanted, now: datetime) -> list[Document]:
    """Claims at risk and late, of all that are stuck; a claim that several lanes hold counts for each of them."""
    stages = tables.claim_stages
    is_late = (clock.c.due_at <= now).label("is_late")
    grouped = _joined(clock, wanted, stages.c.held_by, is_late, func.count().label("claims")).group_by(
        stages.c.held_by, is_late
    )
    counted: dict[str, list[int]] = {}
    for row in connection.execute(grouped):
        for holder in (row.held_by or "nobody").split("+"):
            counted.setdefault(holder, [0, 0])[bool(row.is_late)] += row.claims
    return [
        {"holder": holder, "at_risk": at_risk, "late": late}
        for holder, (at_risk, late) in sorted(counted.items(), key=lambda one: (-sum(one[1]), one[0]))
    ]


def _forecast(connection: Connection, wanted: Wanted, now: datetime) -> Document:
    clocks, until = claim_clocks, now + FORECAST
    is_due = (clocks.c.due_at > now, clocks.c.due_at <= until, clocks.c.clock != ClockName.TICKET)
    due = select(clocks).where(*is_due).subquery("due")
    rows = connection.execute(
        _joined(
            due, wanted, due.c.clock, tables.claim_stages.c.held_by, func.count().label("claims")
        ).group_by(due.c.clock, tables.claim_stages.c.held_by)
    )
    breaches = [{"clock": row.clock, "held_by": row.held_by, "claims": row.claims} for row in rows]
    breaches.sort(key=lambda one: (-one["claims"], one["clock"], one["held_by"] or ""))
    return {"until": until.isoformat(), "breaches": breaches}


def _coming(connection: Connection, ids: Sequence[Any], now: datetime) -> dict[Any, list[Document]]:
    """Who is on the way to which of these claims' farms, and when they are expected."""
    found: dict[Any, list[Document]] = {}
    for one in visits.of_claims(connection, ids, now):
        expected_at, source = one.newest
        told: Document = {
            "kind": one.kind,
            "officer": one.officer,
            "expected_at": expected_at.isoformat() if expected_at else None,
            "expected_from": source,
        }
        found.setdefault(one.claim_id, []).append(told)
    return found


def _died(connection: Connection, ids: Sequence[Any]) -> dict[Any, str]:
    """Claims that wait for an effect which an operator has to look at."""
    effects = tables.effects
    dead = select(effects.c.claim_id, effects.c.kind, effects.c.last_error).where(
        effects.c.claim_id.in_(ids), effects.c.state == EffectState.DEAD
    )
    return {row.claim_id: f"{row.kind}: {row.last_error}" for row in connection.execute(dead)}
