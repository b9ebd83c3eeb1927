"""Tables of farmers' phones: their keys, the nonces they were given, the farms they took photos for."""

from sqlalchemy import Column, ForeignKey, LargeBinary, String, Table, Uuid

from backend.store.columns import UtcDateTime
from backend.store.tables import metadata

device_keys = Table(
    "device_keys",
    metadata,
    Column("key_id", String(64), primary_key=True),  # sha-256 of the public point
    Column("public_key", LargeBinary(65), nullable=False),
    Column("session_id", Uuid, nullable=False),  # the farmer's, that registered it
    Column("registered_at", UtcDateTime, nullable=False),
)

device_nonces = Table(
    "device_nonces",
    metadata,
    # Rows go once they are older than any record may be (domain/capturing/signals).
    Column("nonce", String(43), primary_key=True),
    Column("key_id", ForeignKey("device_keys.key_id"), nullable=False, index=True),
    Column("issued_at", UtcDateTime, nullable=False, index=True),
)

device_farms = Table(
    "device_farms",
    metadata,
    Column("key_id", ForeignKey("device_keys.key_id"), primary_key=True),
    Column("farm_id", ForeignKey("farms.id"), primary_key=True, index=True),
    Column("first_at", UtcDateTime, nullable=False),
)
