"""Tables of clocks and duties: what runs out when, who covers whom, who is tied to which farm, who is told."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, Uuid

from backend.store.columns import UtcDateTime
from backend.store.tables import metadata

claim_clocks = Table(
    "claim_clocks",
    metadata,
    # Only clocks that have not stopped: of millions of claims the few that are open.
    Column("claim_id", ForeignKey("claims.id"), primary_key=True),
    Column("clock", String(20), primary_key=True),
    Column("started_at", UtcDateTime, nullable=False),
    Column("at_risk_at", UtcDateTime, index=True),  # both NULL while the clock stands still
    Column("due_at", UtcDateTime),
)

claim_delegations = Table(
    "claim_delegations",
    metadata,
    # Lanes that another office was asked to decide, as they stand: what lets its officers see the claim.
    Column("claim_id", ForeignKey("claims.id"), primary_key=True),
    Column("lane", String(20), primary_key=True),
    Column("organisation_id", String(40), nullable=False, index=True),
)

office_covers = Table(
    "office_covers",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("organisation_id", ForeignKey("organisations.id"), nullable=False),
    Column("cover_id", ForeignKey("organisations.id"), nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime),  # NULL: until it is ended
    Column("reason", Text, nullable=False),
    Column("named_by", String(40), nullable=False),
    Column("ended_by", String(40)),
    Index("ix_office_covers_cover_id", "cover_id", "organisation_id"),
)

officer_ties = Table(
    "officer_ties",
    metadata,
    Column("officer_id", ForeignKey("officers.id"), primary_key=True),
    Column("farm_id", ForeignKey("farms.id"), primary_key=True),
    Column("kind", String(12), nullable=False),
    Column("note", Text, nullable=False),
    Column("declared_by", String(40), nullable=False),
    Column("declared_at", UtcDateTime, nullable=False),
)

service_officers = Table(
    "service_officers",
    metadata,
    Column("county", String(12), primary_key=True),
    Column("officer_id", ForeignKey("officers.id"), primary_key=True),
    Column("level", Integer, nullable=False),
    Column("named_by", String(40), nullable=False),
)
