"""Tables behind the figures: each day's claims of a county packed for reading, and what has changed since."""

from sqlalchemy import Column, Date, Index, Integer, LargeBinary, String, Table, Uuid

from backend.store.tables import metadata

day_packs = Table(
    "day_packs",
    metadata,
    Column("day", Date, primary_key=True),  # of the reports, Asia/Shanghai
    Column("county", String(12), primary_key=True),
    Column(
        "content", LargeBinary, nullable=False
    ),  # as day_pack.py writes it; can be made again from the claims
)

unpacked_claims = Table(
    "unpacked_claims",
    metadata,
    # A row a change, never updated: whoever packs takes away exactly the rows that were seen, and a change that is
    # committed meanwhile keeps its own. No foreign key, which would lock the claim's row against other writers.
    Column("claim_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("day", Date, nullable=False),
    Column("county", String(12), nullable=False),
    Index("ix_unpacked_claims_day_county", "day", "county"),
)
