"""Tables of what farmers say of the service, and of the tickets that answer them: rows kept in step with the events."""

from typing import Any  # columns of many types

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table

from backend.store.columns import UtcDateTime
from backend.store.tables import metadata


def _kind() -> tuple[Column[Any], ...]:
    """Of the claim, kept beside: figures over a year's voices must not look up a year's claims one by one."""
    return (
        Column("day", Date, nullable=False),  # of the report, Asia/Shanghai
        Column("county", String(12), nullable=False),
        Column("product", String(60), nullable=False),
        Column("species", String(12), nullable=False),
        Column("path", String(10)),
    )


claim_voices = Table(
    "claim_voices",
    metadata,
    # A claim that somebody rated; words stand in the events alone. NULL: not rated.
    Column("claim_id", ForeignKey("claims.id"), primary_key=True),
    *_kind(),
    Column("reporting", Integer),
    Column("checking", Integer),
    Column("deciding", Integer),
    Column("handover", Integer),
    Column("payment", Integer),
    Column("recommend", Integer),
    Column("rated_at", UtcDateTime, nullable=False),
    Index("ix_claim_voices_day_county", "day", "county"),
)

tickets = Table(
    "tickets",
    metadata,
    Column("claim_id", ForeignKey("claims.id"), primary_key=True),
    Column("no", Integer, primary_key=True),
    *_kind(),
    Column("owner", String(40)),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),  # NULL: the timetable says nothing
    Column("closed_at", UtcDateTime),
    Column("reason", String(20)),  # why it was closed
    Index("ix_tickets_closed_at_due_at", "closed_at", "due_at"),
    Index("ix_tickets_owner", "owner"),
    Index("ix_tickets_day_county", "day", "county"),
)
