"""Every table, once. Events are the truth; the others are projections of them, or people and places.

Migrations in ``migrations/`` build the same; a test compares.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Sequence,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    false,
    text,
)

from backend.store.columns import Fen, UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

organisations = Table(
    "organisations",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("lane", String(20)),
    Column(
        "county", String(12), nullable=False
    ),  # of a regulator: a county, or 330400 and 330000 for all within
    Column("is_regulator", Boolean, nullable=False, default=False, server_default=false()),
)

officers = Table(
    "officers",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("organisation_id", ForeignKey("organisations.id"), nullable=False),
    Column("is_administrator", Boolean, nullable=False, default=False, server_default=false()),
    # A village agent: of the insurer's office, and of none of its lanes.
    Column("is_agent", Boolean, nullable=False, default=False, server_default=false()),
    Column("suspended_at", UtcDateTime),  # from then on they neither sign in nor act
)

officer_keys = Table(
    "officer_keys",
    metadata,
    Column("key_id", String(64), primary_key=True),
    Column("officer_id", ForeignKey("officers.id"), nullable=False, index=True),
    Column("public_key", LargeBinary(32), nullable=False),
    Column("registered_at", UtcDateTime, nullable=False),
    Column("approved_at", UtcDateTime),  # NULL: waits for a second person, signs nothing
    Column("refused_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),  # what it signed before then stays valid
    Column("revocation", String(12)),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("id", Uuid, nullable=False, unique=True),
    Column("officer_id", ForeignKey("officers.id"), nullable=False, index=True),
    Column("device", String(100), nullable=False),  # as it names itself
    Column("key_id", String(64)),  # that opened it, or was made in it; NULL: nobody has proven who they are
    Column("opened_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),  # to within a minute
    Column("idle_until", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column(
        "opened_from", Uuid, index=True
    ),  # the keyed session that a page's was opened from; NULL: no page's
)

farms = Table(
    "farms",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("county", String(12), nullable=False),
    Column("boundary", LargeBinary),  # WKB, WGS 84 (longitude, latitude); NULL until it is surveyed
)

herd_animals = Table(
    "herd_animals",
    metadata,
    Column("tag", String(20), primary_key=True),
    Column("farm_id", ForeignKey("farms.id"), nullable=False, index=True),
    Column("species", String(12), nullable=False),
    Column("category", String(12)),
)

policies = Table(
    "policies",
    metadata,
    Column("number", String(40), primary_key=True),
    Column("farm_id", ForeignKey("farms.id"), nullable=False, index=True),
    Column("species", String(12), nullable=False),
    Column("product", String(60), nullable=False),
    Column("incepted", Date, nullable=False),
    Column("expires", Date, nullable=False),
    Column("insured_heads", Integer, nullable=False),
    Column("stock", Integer, nullable=False),
    Column("heads_paid_before", Integer, nullable=False, default=0),
    Column("sum_insured", Fen),
    Column("deductible_percent", String(12), nullable=False, default="0"),
    Column("pay_gate", String(20), nullable=False),
    Column("payee_name", LargeBinary),  # sealed, as the next two; NULL: erased
    Column("payee_account", LargeBinary),
    Column("holder_id_number", LargeBinary),  # NULL: never given
    Column("payee_account_index", String(64), index=True),
    Column("payee_changed_at", UtcDateTime),  # NULL: not since the policy was registered
    Column("card_hash", String(64), unique=True),  # of the policy card; NULL: none was given out
    Column("programme", String(40), index=True),  # of programmes.id; the import checks it
)

claims = Table(
    "claims",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("number", String(20), nullable=False, unique=True),
    Column("version", Integer, nullable=False),
    Column("policy_number", ForeignKey("policies.number"), nullable=False),
    Column("farm_id", String(40), nullable=False),
    Column("county", String(12), nullable=False),
    Column("species", String(12), nullable=False),
    Column("product", String(60), nullable=False),
    Column("heads", Integer, nullable=False),
    Column("state", String(20), nullable=False),
    Column("path", String(10)),
    Column("amount", Fen),
    Column("insurer", String(10), nullable=False),
    Column("veterinary", String(10), nullable=False),
    Column("inspection", String(10), nullable=False),
    Column("heads_committed", Integer, nullable=False, default=0),
    Column("reported_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("paid_at", UtcDateTime),
    Column("body_hash", String(64), nullable=False),
    # A handover is recorded that does not fit the claim: it waits for the insurer.
    Column("receipt_differs", Boolean, nullable=False, default=False, server_default=false()),
    Column("programme", String(40)),
    Column("assisted_by", String(40)),  # who reported in the farmer's place
    Index("ix_claims_state_due_at", "state", "due_at"),
    # What an officer looks at is one county's.
    Index("ix_claims_county_state_due_at", "county", "state", "due_at"),
    Index("ix_claims_county_number", "county", "number"),
    Index("ix_claims_county_reported_at", "county", "reported_at"),
    Index(
        "ix_claims_receipt_differs",
        "due_at",
        sqlite_where=text("receipt_differs = 1"),
        postgresql_where=text("receipt_differs"),
    ),
    Index(
        "ix_claims_programme",
        "programme",
        "state",
        sqlite_where=text("programme IS NOT NULL"),
        postgresql_where=text("programme IS NOT NULL"),
    ),
    Index(
        "ix_claims_assisted_by",
        "assisted_by",
        "reported_at",
        sqlite_where=text("assisted_by IS NOT NULL"),
        postgresql_where=text("assisted_by IS NOT NULL"),
    ),
    # Also finds a policy's claims; heads are summed from the index alone.
    Index("ix_claims_policy_number_heads_committed", "policy_number", "heads_committed"),
)

events = Table(
    "events",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("claim_id", ForeignKey("claims.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("type", String(40), nullable=False),
    Column("actor_kind", String(12), nullable=False),
    Column("actor", String(60), nullable=False),
    Column("organisation", String(40)),
    Column("payload", Text, nullable=False),  # canonical JSON, byte for byte what leaf_hash covers
    Column("leaf_hash", String(64), nullable=False),
    UniqueConstraint("claim_id", "seq"),
    # Few events are labels. The condition is written out in queries as it stands here.
    Index(
        "ix_events_labels",
        "claim_id",
        "at",
        sqlite_where=text("type = 'photo-labelled'"),
        postgresql_where=text("type = 'photo-labelled'"),
    ),
)

claim_photos = Table(
    "claim_photos",
    metadata,
    Column("claim_id", ForeignKey("claims.id"), primary_key=True),
    Column("photo_id", String(64), primary_key=True, index=True),
    Column("received_at", UtcDateTime),
)

claim_tags = Table(
    "claim_tags",
    metadata,
    Column("claim_id", ForeignKey("claims.id"), primary_key=True),
    Column("tag", String(40), primary_key=True, index=True),
)

claim_stages = Table(
    "claim_stages",
    metadata,
    Column("claim_id", ForeignKey("claims.id"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("name", String(20), nullable=False, index=True),
    Column("held_by", String(60), nullable=False),
    Column("entered_at", UtcDateTime, nullable=False),  # when the stage began, whoever has held it since
    Column("started_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("standstill", String(10)),  # NULL: these minutes are the holders'
)

payouts = Table(
    "payouts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("claim_id", ForeignKey("claims.id"), nullable=False, index=True),
    Column("no", Integer, nullable=False),
    Column("amount", Fen, nullable=False),
    Column("state", String(12), nullable=False),
    Column("bank_reference", String(80)),
    Column("reason", String(400)),
    Column("started_at", UtcDateTime, nullable=False, index=True),
    Column("confirmed_at", UtcDateTime, index=True),
    Column("returned_at", UtcDateTime),
    Column("bank_file", String(35), index=True),
    UniqueConstraint("claim_id", "no"),
)

ledger_entries = Table(
    "ledger_entries",
    metadata,
    Column("claim_id", ForeignKey("claims.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("account", String(12), nullable=False),
    Column("amount", Fen, nullable=False),  # a debit is positive
    Column("day", Date, nullable=False),  # Asia/Shanghai
    Index("ix_ledger_entries_day_account", "day", "account"),
)

payment_stops = Table(
    "payment_stops",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("stopped", Boolean, nullable=False),
    Column("by", String(40), nullable=False),
    Column("organisation", String(40), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("reason", Text, nullable=False),
)

bank_files = Table(
    "bank_files",
    metadata,
    Column("message_id", String(35), primary_key=True),
    Column("day", Date, nullable=False),
    Column("serial", Integer, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("made_by", String(40), nullable=False),
    Column("payouts", Integer, nullable=False),
    Column("amount", Fen, nullable=False),
    Column("content", LargeBinary),  # sealed: holds whole accounts; NULL: erased
    UniqueConstraint("day", "serial"),
)

effects = Table(
    "effects",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("claim_id", ForeignKey("claims.id"), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("arguments", JSON, nullable=False),
    Column("state", String(10), nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("failures", Integer, nullable=False, default=0),
    Column("last_error", Text),
    Column("lease_token", Integer, nullable=False, default=0),
    Column("leased_until", UtcDateTime),
    Column("leased_by", String(80)),
    Column("ended_at", UtcDateTime),
    Column("endpoint_id", Uuid),  # of the webhook that it delivers to; workers of their own do that
    # Of millions of effects a few hundred wait. The condition is written out in queries as it stands here.
    Index(
        "ix_effects_waiting",
        "state",
        "due_at",
        sqlite_where=text("state != 'done'"),
        postgresql_where=text("state != 'done'"),
    ),
)

codes = Table(
    "codes",
    metadata,
    Column("claim_id", ForeignKey("claims.id"), primary_key=True),
    Column("purpose", String(20), primary_key=True),
    Column("bound_to", String(64), nullable=False),
    Column("code_hash", String(64), nullable=False),
    Column("wrong_tries", Integer, nullable=False, default=0),
)

notices = Table(
    "notices",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("claim_id", ForeignKey("claims.id"), nullable=False, index=True),
    Column("channel", String(10), nullable=False, default="console"),
    Column("audience", String(12), nullable=False, default="farmer"),  # or an office's lane
    Column("seq", Integer),  # of the event; NULL: a code that was asked for
    Column("language", String(2)),
    Column("text", Text, nullable=False),  # one-time codes hidden
    Column("attempts", Integer, nullable=False, default=1),
    Column("tried_at", UtcDateTime),
    Column("sent_at", UtcDateTime),  # NULL: has not arrived
)

farm_contacts = Table(
    "farm_contacts",
    metadata,
    Column("farm_id", ForeignKey("farms.id"), primary_key=True),
    Column("phone", LargeBinary),  # sealed; E.164
    Column("phone_index", String(64), index=True),
    Column("phone_changed_at", UtcDateTime),  # NULL: never
    Column("language", String(2)),  # NULL: the installation's
)

requests = Table(
    "requests",
    metadata,
    Column("who", String(80), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("body_hash", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("answer", LargeBinary, nullable=False),  # sealed: names the payee, or shows what was looked at
    Column("at", UtcDateTime, nullable=False, index=True),
)

claim_numbers = Table(
    "claim_numbers",
    metadata,
    Column("day", Date, primary_key=True),
    Column("last", Integer, nullable=False),  # on PostgreSQL where claim_serials stood before the day began
)

claim_serials = Sequence("claim_serials", metadata=metadata)
"""PostgreSQL only; see ``numbers.py``."""

registers = Table(
    "registers",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("version", Integer, nullable=False),  # counts up with every change of the register's rows
)

imports = Table(
    "imports",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("register", String(20), nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("officer_id", ForeignKey("officers.id")),  # NULL: whoever runs the server, at the server
    Column("file_name", String(200), nullable=False),
    Column("file_sha256", String(64), nullable=False),
    Column("rows_read", Integer, nullable=False),
    Column("rows_new", Integer, nullable=False),
    Column("rows_changed", Integer, nullable=False),
    Column("rows_same", Integer, nullable=False),
    Column("rows_refused", Integer, nullable=False),
)

import_changes = Table(
    "import_changes",
    metadata,
    Column("import_id", ForeignKey("imports.id"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("key", String(40), nullable=False),
    Column("field", String(40), nullable=False),
    Column("before", LargeBinary),  # sealed, as the next; a boundary as hexadecimal WKB
    Column("after", LargeBinary),
)

products = Table(
    "products",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("content", Text, nullable=False),  # TOML, as it was imported
    Column("imported_at", UtcDateTime, nullable=False),
    Column("officer_id", ForeignKey("officers.id"), nullable=False),
)

market_prices = Table(
    "market_prices",
    metadata,
    Column("county", String(12), primary_key=True),
    Column("species", String(12), primary_key=True),
    Column("week", Date, primary_key=True, index=True),  # its Monday, Asia/Shanghai
    Column("price_per_kg", String(12), nullable=False),  # CNY, a decimal
    Column("source", String(200), nullable=False),
    Column("published_on", Date, nullable=False),
    Column("imported_at", UtcDateTime, nullable=False),
    Column("officer_id", ForeignKey("officers.id"), nullable=False),
)

model_comparisons = Table(
    "model_comparisons",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(60), nullable=False),
    Column("model", String(120), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("against", String(120), nullable=False),
    Column("against_sha256", String(64), nullable=False),
    Column("claims", Integer, nullable=False),
    Column("figures", JSON, nullable=False),
)

model_switches = Table(
    "model_switches",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(60), nullable=False),  # who is signed in at the server's shell
    Column("model", String(120), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("predictor", String(12), nullable=False),
    Column("former_model", String(120)),  # NULL: the first that is known to have counted
    Column("former_sha256", String(64)),
    Column("former_predictor", String(12)),
    Column("chosen", Boolean, nullable=False),  # by a person, so that it leads; else it came with flashclaim
    Column("comparison_id", ForeignKey("model_comparisons.id")),
    Column("reason", Text),
)

dataset_exports = Table(
    "dataset_exports",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(60), nullable=False),
    Column("folder", Text, nullable=False),
    Column("digest", String(64), nullable=False),
)

dataset_export_photos = Table(
    "dataset_export_photos",
    metadata,
    Column("export_id", ForeignKey("dataset_exports.id"), primary_key=True),
    Column("claim_id", ForeignKey("claims.id"), primary_key=True, index=True),
    Column("photo_id", String(64), primary_key=True),
)

# At the end: these share the metadata above, and whoever asks for it means all tables.
import backend.store.audit_tables  # noqa: E402
import backend.store.authority_tables  # noqa: E402
import backend.store.device_tables  # noqa: E402
import backend.store.doubt_tables  # noqa: E402
import backend.store.duty_tables  # noqa: E402
import backend.store.farmer_tables  # noqa: E402
import backend.store.pack_tables  # noqa: E402
import backend.store.personal_tables  # noqa: E402
import backend.store.rate_tables  # noqa: E402
import backend.store.webhook_tables  # noqa: E402, F401
