"""What runs out when: the clocks of one claim, and claims at risk."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any  # a row's columns are what its statement selects

from sqlalchemy import Connection, Row

from backend.domain.clocks.deadlines import ClockName, Timetable
from backend.domain.ids import ClaimId
from backend.insight.lists import claim_rows
from backend.store import clock_rows
from backend.store.claims import Wanted

Document = dict[str, object]


def with_clocks(connection: Connection, claim_id: ClaimId, document: Document) -> Document:
    """A claim's document with its running clocks, what runs out first before the others.

    ``due_at`` is the promise of the report as pauses have moved it; while it stands still, as it was promised.
    """
    rows = clock_rows.of_claim(connection, claim_id)
    clocks = [_clock(row) for row in rows]
    moved = next((row.due_at for row in rows if row.clock == ClockName.PAYOUT and row.due_at), None)
    due = {"due_at": moved.isoformat()} if moved else {}
    return document | due | {"clock": clocks[0] if clocks else None, "clocks": clocks}


def claims_at_risk(connection: Connection, now: datetime, wanted: Wanted) -> Document:
    """Wanted claims with a clock at risk or run out: a row for each such clock, what can still be kept first."""
    rows = clock_rows.at_risk(connection, now, wanted)
    claims = claim_rows(rows)
    return {
        "claims": [claim | _at_risk(row, now) for claim, row in zip(claims, rows, strict=True)],
        "next": None,
    }


def clock_table(timetable: Timetable) -> list[Document]:
    """Every row of the deadlines, with the steps of its escalation."""
    return [
        {
            "clock": row.clock,
            "since": row.since.isoformat(),
            "seconds": int(row.length.total_seconds()),
            "counts": "office hours" if row.in_office_hours else "always",
            "pauses": sorted(row.pauses),
            "active": row.active,
            "source": row.source,
            "tells": [
                {"percent": step.percent, "level": step.level}
                for step in timetable.steps
                if step.clock is row.clock
            ],
        }
        for row in timetable.deadlines
    ]


def cover_rows(rows: Sequence[Row[Any]]) -> list[Document]:
    """Covers of closed offices."""
    return [
        {
            "id": str(row.id),
            "office": row.organisation_id,
            "cover": row.cover_id,
            "starts_at": row.starts_at.isoformat(),
            "ends_at": row.ends_at.isoformat() if row.ends_at else None,
            "reason": row.reason,
            "named_by": row.named_by,
        }
        for row in rows
    ]


def tie_rows(rows: Sequence[Row[Any]]) -> list[Document]:
    """Ties of officers to farms."""
    return [
        {
            "officer": row.officer_id,
            "farm": row.farm_id,
            "kind": row.kind,
            "note": row.note,
            "declared_by": row.declared_by,
            "declared_at": row.declared_at.isoformat(),
        }
        for row in rows
    ]


def service_rows(rows: Sequence[Row[Any]]) -> list[Document]:
    """Service officers by county and level."""
    return [
        {"county": row.county, "level": row.level, "officer": row.officer_id, "named_by": row.named_by}
        for row in rows
    ]


def _clock(row: Row[Any]) -> Document:
    return {
        "clock": row.clock,
        "started_at": row.started_at.isoformat(),
        "at_risk_at": row.at_risk_at.isoformat() if row.at_risk_at else None,
        "due_at": row.due_at.isoformat() if row.due_at else None,
        "paused": row.due_at is None,
    }


def _at_risk(row: Row[Any], now: datetime) -> Document:
    return {
        "clock": row.clock,
        "clock_due_at": row.clock_due_at.isoformat(),
        "at_risk_since": row.at_risk_at.isoformat(),
        "seconds_left": round((row.clock_due_at - now).total_seconds(), 3),
        "late": row.clock_due_at <= now,
        "stage": row.stage,
        "held_by": row.held_by,
    }
