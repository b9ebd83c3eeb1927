"""The table of visits under way. Rows go with the visit: past ones stand among the claim's events, without places."""

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, String, Table

from backend.store.columns import UtcDateTime
from backend.store.tables import metadata

visits = Table(
    "visits",
    metadata,
    Column("claim_id", ForeignKey("claims.id"), primary_key=True),
    Column("no", Integer, primary_key=True),  # of the event that began it
    Column("officer_id", ForeignKey("officers.id"), nullable=False, index=True),
    Column("kind", String(12), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("expected_at", UtcDateTime),  # as it was said at the start
    Column("expected_from", String(10)),
    Column("ends_at", UtcDateTime, nullable=False),
    Column(
        "whereabouts", LargeBinary
    ),  # sealed: position, its time, a number to call; NULL: nothing was said
)
