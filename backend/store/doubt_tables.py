"""Tables of what was found on claims: flags that people look at, and what was counted beside what was agreed to."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table

from backend.store.columns import UtcDateTime
from backend.store.tables import metadata

claim_flags = Table(
    "claim_flags",
    metadata,
    Column("claim_id", ForeignKey("claims.id"), primary_key=True),
    Column("key", String(120), primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("code", String(40), nullable=False),
    Column("state", String(10), nullable=False),
    Column("raised_at", UtcDateTime, nullable=False),
    Column("judged_by", String(60)),  # NULL: nobody has
    Column("judged_at", UtcDateTime),
    Index("ix_claim_flags_state_raised_at", "state", "raised_at"),
)

claim_counts = Table(
    "claim_counts",
    metadata,
    Column("claim_id", ForeignKey("claims.id"), primary_key=True),
    Column("week", Date, nullable=False, index=True),  # Monday of the report, Asia/Shanghai
    Column("model", String(120)),  # NULL: no photo could be counted
    Column("counted", Integer),
    Column("low", Integer),
    Column("high", Integer),
    Column("unsure", Boolean, nullable=False),
    Column("heads_claimed", Integer, nullable=False),
    Column("heads_agreed", Integer),  # NULL while a lane is open, or where the claim ended unpaid
)
