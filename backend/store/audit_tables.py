"""Tables of the audit log: the installation's public keys, the log's leaves, its checkpoints and who co-signed them."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, LargeBinary, String, Table, Uuid

from backend.store.columns import UtcDateTime
from backend.store.tables import metadata

signing_keys = Table(
    "signing_keys",
    metadata,
    Column("key_id", String(64), primary_key=True),
    Column("public_key", LargeBinary(32), nullable=False),
    Column("began_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),  # NULL: in use
    # The former key's word for this one; NULL for the first, and where the former one was lost.
    Column("introduced_by", String(64)),
    Column("introduction", String(100)),
)

audit_waiting = Table(
    "audit_waiting",
    metadata,
    # Events without a place in the log yet: written with the event, gone once it has one. Ids of events are no order
    # to find them by: on PostgreSQL a lower one may be committed later.
    Column("claim_id", Uuid, primary_key=True),
    Column("seq", Integer, primary_key=True),
)

audit_log = Table(
    "audit_log",
    metadata,
    Column("place", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    # Names what it was made from without pointing at it: the log outlives a row that somebody deletes.
    Column("event_id", BigInteger().with_variant(Integer, "sqlite"), nullable=False, unique=True),
    Column("claim_id", Uuid, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("leaf_hash", String(64), nullable=False),
)

audit_tiles = Table(
    "audit_tiles",
    metadata,
    Column("level", Integer, primary_key=True),  # over 256 ** level leaves
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("hash", LargeBinary(32), nullable=False),
)

audit_checkpoints = Table(
    "audit_checkpoints",
    metadata,
    Column("size", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("root", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("key_id", ForeignKey("signing_keys.key_id"), nullable=False),
    Column("signature", String(100), nullable=False),
)

audit_cosignatures = Table(
    "audit_cosignatures",
    metadata,
    Column("size", ForeignKey("audit_checkpoints.size"), primary_key=True),
    Column("organisation_id", ForeignKey("organisations.id"), primary_key=True, index=True),
    Column("officer_id", ForeignKey("officers.id"), nullable=False),
    Column("key_id", String(64), nullable=False),
    Column("signature", String(100), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
