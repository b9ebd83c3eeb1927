"""Tables around personal data: values beside events, keys by their ids, looks at clear values, erasures."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, LargeBinary, String, Table, Text, Uuid

from backend.store.columns import UtcDateTime
from backend.store.tables import metadata

personal_values = Table(
    "personal_values",
    metadata,
    Column("claim_id", ForeignKey("claims.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),  # of the event
    Column("field", String(60), primary_key=True),  # a JSON pointer into its payload
    Column("sealed", LargeBinary, nullable=False),  # salt and value; the row goes when the value is erased
)

data_keys = Table(
    "data_keys",
    metadata,
    Column("key_id", String(8), primary_key=True),
    Column("made_at", UtcDateTime, nullable=False),
    Column("retired_at", UtcDateTime),  # NULL: something may be encrypted under it
)

personal_looks = Table(
    "personal_looks",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("officer_id", ForeignKey("officers.id"), nullable=False),
    Column("organisation_id", String(40), nullable=False),
    Column("policy_number", ForeignKey("policies.number"), nullable=False, index=True),
    Column("field", String(40), nullable=False),
    Column("reason", Text, nullable=False),
)

erasures = Table(
    "erasures",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("officer_id", ForeignKey("officers.id"), nullable=False),
    Column("policy_number", ForeignKey("policies.number"), nullable=False, index=True),
    Column("reason", Text, nullable=False),
    Column("erased", Integer, nullable=False),  # values
)
