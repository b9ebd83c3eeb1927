"""Table of farmers' consent to be reported for: by whom, which claim, under which policy."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, String, Table, Uuid

from backend.store.columns import UtcDateTime
from backend.store.tables import metadata

assistances = Table(
    "assistances",
    metadata,
    # The id that the report will have: one consent, one claim. Rows go once they ended; the event says it for ever.
    Column("claim_id", Uuid, primary_key=True),
    Column("officer_id", ForeignKey("officers.id"), nullable=False),
    Column("policy_number", ForeignKey("policies.number"), nullable=False),
    Column("proof", String(16), nullable=False),
    Column("accepts_in_advance", Boolean, nullable=False),
    Column("given_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False, index=True),
    Index("ix_assistances_officer_id_policy_number", "officer_id", "policy_number"),
)
