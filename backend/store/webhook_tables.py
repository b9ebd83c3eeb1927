"""Tables of webhooks: the endpoints of insurers' own systems, and what was sent to each."""

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Uuid

from backend.store.columns import UtcDateTime
from backend.store.tables import metadata

webhook_endpoints = Table(
    "webhook_endpoints",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("organisation_id", ForeignKey("organisations.id"), nullable=False, index=True),
    Column("url", String(500), nullable=False),
    Column("types", JSON, nullable=False),  # of events; an empty list: all
    Column("secret", LargeBinary, nullable=False),  # sealed, as the next; base64 of what signs
    Column("former_secret", LargeBinary),  # signs too until former_until
    Column("former_until", UtcDateTime),
    Column("feed_token_hash", String(64), nullable=False, unique=True),  # with it the system reads the feed
    Column("added_by", ForeignKey("officers.id"), nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    # Of the audit log: the first place that was not put on the way. Rounds count replays.
    Column("next_place", BigInteger().with_variant(Integer, "sqlite"), nullable=False),
    Column("round", Integer, nullable=False),
    Column("failing_since", UtcDateTime),  # NULL: the last attempt arrived
    Column("disabled_at", UtcDateTime),
    Column("disabled_because", String(200)),
    Column("removed_at", UtcDateTime),
)

webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    # Of its effect. Rows that arrived are swept after a while.
    Column("id", Uuid, primary_key=True),
    Column("endpoint_id", ForeignKey("webhook_endpoints.id"), nullable=False),
    Column("place", BigInteger().with_variant(Integer, "sqlite"), nullable=False),
    Column("event_id", String(64), nullable=False),
    Column("event_type", String(40), nullable=False),
    Column("claim_id", ForeignKey("claims.id"), nullable=False, index=True),
    Column("put_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("tried_at", UtcDateTime),
    Column("status", Integer),  # of the last answer; NULL: there was none
    Column("failure", String(300)),  # NULL: it arrived, or was not tried
    Column("took_ms", Integer),
    Column("ended_at", UtcDateTime),  # arrived or given up; NULL: on the way
    Index("ix_webhook_deliveries_endpoint_id_place", "endpoint_id", "place"),
    Index("ix_webhook_deliveries_ended_at", "ended_at"),
)
