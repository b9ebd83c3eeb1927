"""Begin with claims, events and effects.

There are no rows in place yet.
"""

import sqlalchemy as sa
from alembic import op

from backend.store import columns

revision = "20261123_2050"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "claim_numbers",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_claim_numbers")),
    )
    op.create_table(
        "farms",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("county", sa.String(length=12), nullable=False),
        sa.Column("boundary", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_farms")),
    )
    op.create_table(
        "organisations",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("lane", sa.String(length=20), nullable=True),
        sa.Column("county", sa.String(length=12), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
    )
    op.create_table(
        "requests",
        sa.Column("who", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("who", "key", name=op.f("pk_requests")),
    )
    with op.batch_alter_table("requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_requests_at"), ["at"], unique=False)

    op.create_table(
        "herd_animals",
        sa.Column("tag", sa.String(length=20), nullable=False),
        sa.Column("farm_id", sa.String(length=40), nullable=False),
        sa.Column("species", sa.String(length=12), nullable=False),
        sa.Column("category", sa.String(length=12), nullable=True),
        sa.ForeignKeyConstraint(["farm_id"], ["farms.id"], name=op.f("fk_herd_animals_farm_id")),
        sa.PrimaryKeyConstraint("tag", name=op.f("pk_herd_animals")),
    )
    with op.batch_alter_table("herd_animals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_herd_animals_farm_id"), ["farm_id"], unique=False)

    op.create_table(
        "officers",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.Column("login_token_hash", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_officers_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officers")),
        sa.UniqueConstraint("login_token_hash", name=op.f("uq_officers_login_token_hash")),
    )
    op.create_table(
        "policies",
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("farm_id", sa.String(length=40), nullable=False),
        sa.Column("species", sa.String(length=12), nullable=False),
        sa.Column("product", sa.String(length=60), nullable=False),
        sa.Column("incepted", sa.Date(), nullable=False),
        sa.Column("expires", sa.Date(), nullable=False),
        sa.Column("insured_heads", sa.Integer(), nullable=False),
        sa.Column("stock", sa.Integer(), nullable=False),
        sa.Column("heads_paid_before", sa.Integer(), nullable=False),
        sa.Column("sum_insured", columns.Fen(), nullable=True),
        sa.Column("deductible_percent", sa.String(length=12), nullable=False),
        sa.Column("pay_gate", sa.String(length=20), nullable=False),
        sa.Column("payee_name", sa.String(length=100), nullable=False),
        sa.Column("payee_account", sa.String(length=40), nullable=False),
        sa.Column("report_token_hash", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["farm_id"], ["farms.id"], name=op.f("fk_policies_farm_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_policies")),
        sa.UniqueConstraint("report_token_hash", name=op.f("uq_policies_report_token_hash")),
    )
    with op.batch_alter_table("policies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_policies_farm_id"), ["farm_id"], unique=False)

    op.create_table(
        "claims",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("policy_number", sa.String(length=40), nullable=False),
        sa.Column("farm_id", sa.String(length=40), nullable=False),
        sa.Column("county", sa.String(length=12), nullable=False),
        sa.Column("species", sa.String(length=12), nullable=False),
        sa.Column("product", sa.String(length=60), nullable=False),
        sa.Column("heads", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("path", sa.String(length=10), nullable=True),
        sa.Column("amount", columns.Fen(), nullable=True),
        sa.Column("insurer", sa.String(length=10), nullable=False),
        sa.Column("veterinary", sa.String(length=10), nullable=False),
        sa.Column("inspection", sa.String(length=10), nullable=False),
        sa.Column("heads_committed", sa.Integer(), nullable=False),
        sa.Column("reported_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("due_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("paid_at", columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["policy_number"], ["policies.number"], name=op.f("fk_claims_policy_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
        sa.UniqueConstraint("number", name=op.f("uq_claims_number")),
    )
    with op.batch_alter_table("claims", schema=None) as batch_op:
        batch_op.create_index(
            "ix_claims_policy_number_heads_committed", ["policy_number", "heads_committed"], unique=False
        )
        batch_op.create_index("ix_claims_state_due_at", ["state", "due_at"], unique=False)

    op.create_table(
        "officer_keys",
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("officer_id", sa.String(length=40), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("registered_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", columns.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_officer_keys_officer_id")),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_officer_keys")),
    )
    with op.batch_alter_table("officer_keys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_officer_keys_officer_id"), ["officer_id"], unique=False)

    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("officer_id", sa.String(length=40), nullable=False),
        sa.Column("expires_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_sessions_officer_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sessions")),
    )
    op.create_table(
        "claim_photos",
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("photo_id", sa.String(length=64), nullable=False),
        sa.Column("received_at", columns.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_claim_photos_claim_id")),
        sa.PrimaryKeyConstraint("claim_id", "photo_id", name=op.f("pk_claim_photos")),
    )
    with op.batch_alter_table("claim_photos", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claim_photos_photo_id"), ["photo_id"], unique=False)

    op.create_table(
        "claim_stages",
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("held_by", sa.String(length=60), nullable=False),
        sa.Column("started_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", columns.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_claim_stages_claim_id")),
        sa.PrimaryKeyConstraint("claim_id", "place", name=op.f("pk_claim_stages")),
    )
    with op.batch_alter_table("claim_stages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claim_stages_name"), ["name"], unique=False)

    op.create_table(
        "claim_tags",
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("tag", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_claim_tags_claim_id")),
        sa.PrimaryKeyConstraint("claim_id", "tag", name=op.f("pk_claim_tags")),
    )
    with op.batch_alter_table("claim_tags", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claim_tags_tag"), ["tag"], unique=False)

    op.create_table(
        "codes",
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("bound_to", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("wrong_tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_codes_claim_id")),
        sa.PrimaryKeyConstraint("claim_id", "purpose", name=op.f("pk_codes")),
    )
    op.create_table(
        "effects",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("due_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("lease_token", sa.Integer(), nullable=False),
        sa.Column("leased_until", columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("leased_by", sa.String(length=80), nullable=True),
        sa.Column("ended_at", columns.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_effects_claim_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_effects")),
    )
    with op.batch_alter_table("effects", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_effects_claim_id"), ["claim_id"], unique=False)
        batch_op.create_index("ix_effects_state_due_at", ["state", "due_at"], unique=False)

    op.create_table(
        "events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("actor_kind", sa.String(length=12), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("organisation", sa.String(length=40), nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("leaf_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_events_claim_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("claim_id", "seq", name=op.f("uq_events_claim_id_seq")),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("sent_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_notices_claim_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notices_claim_id"), ["claim_id"], unique=False)

    op.create_table(
        "payouts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("amount", columns.Fen(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("bank_reference", sa.String(length=80), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=True),
        sa.Column("started_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", columns.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_payouts_claim_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payouts")),
        sa.UniqueConstraint("claim_id", "no", name=op.f("uq_payouts_claim_id_no")),
    )
    with op.batch_alter_table("payouts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payouts_claim_id"), ["claim_id"], unique=False)


def downgrade() -> None:
    """Take the schema back."""
    with op.batch_alter_table("payouts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payouts_claim_id"))

    op.drop_table("payouts")
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notices_claim_id"))

    op.drop_table("notices")
    op.drop_table("events")
    with op.batch_alter_table("effects", schema=None) as batch_op:
        batch_op.drop_index("ix_effects_state_due_at")
        batch_op.drop_index(batch_op.f("ix_effects_claim_id"))

    op.drop_table("effects")
    op.drop_table("codes")
    with op.batch_alter_table("claim_tags", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_claim_tags_tag"))

    op.drop_table("claim_tags")
    with op.batch_alter_table("claim_stages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_claim_stages_name"))

    op.drop_table("claim_stages")
    with op.batch_alter_table("claim_photos", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_claim_photos_photo_id"))

    op.drop_table("claim_photos")
    op.drop_table("sessions")
    with op.batch_alter_table("officer_keys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_officer_keys_officer_id"))

    op.drop_table("officer_keys")
    with op.batch_alter_table("claims", schema=None) as batch_op:
        batch_op.drop_index("ix_claims_state_due_at")
        batch_op.drop_index("ix_claims_policy_number_heads_committed")

    op.drop_table("claims")
    with op.batch_alter_table("policies", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_policies_farm_id"))

    op.drop_table("policies")
    op.drop_table("officers")
    with op.batch_alter_table("herd_animals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_herd_animals_farm_id"))

    op.drop_table("herd_animals")
    with op.batch_alter_table("requests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_requests_at"))

    op.drop_table("requests")
    op.drop_table("organisations")
    op.drop_table("farms")
    op.drop_table("claim_numbers")
