"""Tables of who may act: invitations, sign-ins by key, what was decided about people and keys, what waits for two."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    Uuid,
    text,
)

from backend.store.columns import UtcDateTime
from backend.store.tables import metadata

invitations = Table(
    "invitations",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("officer_id", ForeignKey("officers.id"), nullable=False, index=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("invited_by", String(40)),  # NULL: whoever runs the server, at the server
    Column("invited_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    Column("withdrawn_at", UtcDateTime),
)

sign_in_challenges = Table(
    "sign_in_challenges",
    metadata,
    # Kept for minutes: spent by their use, swept with every new one.
    Column("challenge_hash", String(64), primary_key=True),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
)

authority_events = Table(
    "authority_events",
    metadata,
    # Only ever added to.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("deed", String(24), nullable=False),
    Column("officer_id", ForeignKey("officers.id"), nullable=False, index=True),  # whom it is about
    Column("key_id", String(64), index=True),
    Column("by", String(60), nullable=False),  # an officer, or who is signed in at the server's shell
    Column("organisation", String(40)),  # of an officer; NULL: at the server's shell
    Column("counts_from", UtcDateTime, nullable=False),
    Column("reason", Text, nullable=False),
    Column("signed_with", String(64)),
    Column("signature", String(200)),
)

proposals = Table(
    "proposals",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("subject", String(80), nullable=False),
    Column("organisation", ForeignKey("organisations.id"), nullable=False),
    Column(
        "document", LargeBinary
    ),  # sealed, for it may say whom a policy is to pay; canonical JSON; NULL: erased
    Column("asked_by", String(60), nullable=False),
    Column(
        "officer_id", ForeignKey("officers.id")
    ),  # the first of two; NULL until one takes up a farmer's wish
    Column("reason", Text, nullable=False),
    Column("proposed_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("decided_by", String(40)),
    Column("decided_at", UtcDateTime),
    Column("ending", String(10)),
    Column("decision_reason", Text, nullable=False, default="", server_default=""),
    Index("ix_proposals_organisation_proposed_at", "organisation", "proposed_at"),
    # One subject waits once. The condition is written out in queries as it stands here.
    Index(
        "uq_proposals_waiting",
        "kind",
        "subject",
        unique=True,
        sqlite_where=text("ending IS NULL"),
        postgresql_where=text("ending IS NULL"),
    ),
)
