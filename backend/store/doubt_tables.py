"""Tables of what was found on claims: flags that people look at, what was counted, photos' fingerprints."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, LargeBinary, String, Table

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

# Made from the photo, and no part of the claim: a row that is gone is made again when it is next needed.
photo_fingerprints = Table(
    "photo_fingerprints",
    metadata,
    Column("claim_id", ForeignKey("claims.id"), primary_key=True),
    Column("photo_id", String(64), primary_key=True),
    Column("cell", Integer),  # of a grid of 22 km and more; NULL: nobody knows where
    Column("made_at", UtcDateTime, nullable=False),  # of a photo of before there were any: when it arrived
    Column("corners", LargeBinary, nullable=False),
    Index("ix_photo_fingerprints_cell_made_at", "cell", "made_at"),
)
