"""Tables of farmers' sign-in: codes, sessions and their tokens, text messages, claim links, payee requests.

Of secrets only hashes stand here; phones and payees are sealed (``vault.py``).
"""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Uuid,
    false,
)

from backend.store.columns import UtcDateTime
from backend.store.tables import metadata

farmer_codes = Table(
    "farmer_codes",
    metadata,
    Column("request_id", Uuid, primary_key=True),
    Column("purpose", String(20), nullable=False),
    # Of whose contact phone; NULL: a number that is nobody's, and whose code nobody will ever know.
    Column("farm_id", ForeignKey("farms.id"), index=True),
    Column("code_hash", String(64)),  # NULL until it is sent, and once it was used
    Column("wrong_tries", Integer, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False, index=True),
)

farmer_sessions = Table(
    "farmer_sessions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("way", String(8), nullable=False),
    Column("device", String(60), nullable=False),
    Column("policy_number", ForeignKey("policies.number"), index=True),  # by card: that policy alone
    Column("officer_id", String(40), index=True),  # a village agent's, or an officer's who comes as one
    Column("opened_at", UtcDateTime, nullable=False),
    Column("last_used_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("ended_because", String(16)),
)

farmer_session_farms = Table(
    "farmer_session_farms",
    metadata,
    Column("session_id", ForeignKey("farmer_sessions.id"), primary_key=True),
    Column("farm_id", ForeignKey("farms.id"), primary_key=True),
    Index("ix_farmer_session_farms_farm_id", "farm_id"),
)

farmer_tokens = Table(
    "farmer_tokens",
    metadata,
    Column("session_id", ForeignKey("farmer_sessions.id"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("access_hash", String(64), nullable=False, unique=True),
    Column("access_until", UtcDateTime, nullable=False),
    Column("refresh_hash", String(64), nullable=False, unique=True),
    Column("refresh_until", UtcDateTime, nullable=False, index=True),
    Column("spent_at", UtcDateTime),  # when the refresh token gave the next pair
    Column(
        "came", Boolean, nullable=False, default=False, server_default=false()
    ),  # either was ever shown to us
)

farmer_messages = Table(
    "farmer_messages",
    metadata,
    # Rows go once they are sent or given up.
    Column("id", Uuid, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("farm_id", ForeignKey("farms.id")),  # NULL: to nobody
    Column("phone", LargeBinary),  # sealed; NULL: the farm has none
    Column("language", String(2)),
    Column("facts", JSON, nullable=False),
    Column("request_id", Uuid),  # the code that it brings
    Column("asked_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False, index=True),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("failures", Integer, nullable=False),
)

claim_links = Table(
    "claim_links",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("claim_id", ForeignKey("claims.id"), nullable=False, index=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("made_by", String(80), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("ended_by", String(80)),
)

payee_requests = Table(
    "payee_requests",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("policy_number", ForeignKey("policies.number"), nullable=False, index=True),
    Column("payee_name", LargeBinary),  # sealed, as the next; NULL: erased
    Column("payee_account", LargeBinary),
    Column("asked_by", Uuid, nullable=False),  # the farmer's session
    Column("asked_at", UtcDateTime, nullable=False),
    Column("confirmed_at", UtcDateTime),
    Column("proposal_id", Uuid),  # under which the insurer's officers decide
)
