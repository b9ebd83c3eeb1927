"""Sign farmers in: codes, sessions and their tokens, text messages, claim links, payee requests.

Rows in place: a policy's report token becomes the secret of its card. It opens a session from now on and is no bearer
token any more. Contact phones in place count as never changed.
"""

import sqlalchemy as sa
from alembic import op

from backend.store import columns

revision = "20261126_0904"
down_revision = "20261126_0906"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    _rename_token("report_token_hash", "card_hash")
    op.add_column("farm_contacts", sa.Column("phone_changed_at", columns.UtcDateTime(), nullable=True))
    _create_codes()
    _create_sessions()
    _create_messages()
    _create_links()
    _create_payee_requests()


def downgrade() -> None:
    """Take it back; whoever is signed in signs in again."""
    tables = (
        "payee_requests",
        "claim_links",
        "farmer_messages",
        "farmer_tokens",
        "farmer_session_farms",
        "farmer_sessions",
        "farmer_codes",
    )
    for table in tables:
        op.drop_table(table)
    op.drop_column("farm_contacts", "phone_changed_at")
    _rename_token("card_hash", "report_token_hash")


def _rename_token(before: str, after: str) -> None:
    with op.batch_alter_table("policies") as policies:
        policies.drop_constraint(op.f(f"uq_policies_{before}"), type_="unique")
        policies.alter_column(before, new_column_name=after)
    # Apart: on SQLite each batch builds the table anew, and this one has to find the new name.
    with op.batch_alter_table("policies") as policies:
        policies.create_unique_constraint(op.f(f"uq_policies_{after}"), [after])


def _create_codes() -> None:
    op.create_table(
        "farmer_codes",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("farm_id", sa.String(length=40), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("wrong_tries", sa.Integer(), nullable=False),
        sa.Column("ends_at", columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["farm_id"], ["farms.id"], name=op.f("fk_farmer_codes_farm_id")),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_farmer_codes")),
    )
    op.create_index(op.f("ix_farmer_codes_farm_id"), "farmer_codes", ["farm_id"])
    op.create_index(op.f("ix_farmer_codes_ends_at"), "farmer_codes", ["ends_at"])


def _create_sessions() -> None:
    op.create_table(
        "farmer_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("device", sa.String(length=60), nullable=False),
        sa.Column("policy_number", sa.String(length=40), nullable=True),
        sa.Column("opened_at", columns.UtcDateTime(), nullable=False),
        sa.Column("last_used_at", columns.UtcDateTime(), nullable=False),
        sa.Column("ended_at", columns.UtcDateTime(), nullable=True),
        sa.Column("ended_because", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(
            ["policy_number"], ["policies.number"], name=op.f("fk_farmer_sessions_policy_number")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_farmer_sessions")),
    )
    op.create_index(op.f("ix_farmer_sessions_policy_number"), "farmer_sessions", ["policy_number"])
    op.create_table(
        "farmer_session_farms",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("farm_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["farmer_sessions.id"], name=op.f("fk_farmer_session_farms_session_id")
        ),
        sa.ForeignKeyConstraint(["farm_id"], ["farms.id"], name=op.f("fk_farmer_session_farms_farm_id")),
        sa.PrimaryKeyConstraint("session_id", "farm_id", name=op.f("pk_farmer_session_farms")),
    )
    op.create_index("ix_farmer_session_farms_farm_id", "farmer_session_farms", ["farm_id"])
    op.create_table(
        "farmer_tokens",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("access_hash", sa.String(length=64), nullable=False),
        sa.Column("access_until", columns.UtcDateTime(), nullable=False),
        sa.Column("refresh_hash", sa.String(length=64), nullable=False),
        sa.Column("refresh_until", columns.UtcDateTime(), nullable=False),
        sa.Column("spent_at", columns.UtcDateTime(), nullable=True),
        sa.Column("came", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["farmer_sessions.id"], name=op.f("fk_farmer_tokens_session_id")
        ),
        sa.PrimaryKeyConstraint("session_id", "place", name=op.f("pk_farmer_tokens")),
        sa.UniqueConstraint("access_hash", name=op.f("uq_farmer_tokens_access_hash")),
        sa.UniqueConstraint("refresh_hash", name=op.f("uq_farmer_tokens_refresh_hash")),
    )
    op.create_index(op.f("ix_farmer_tokens_refresh_until"), "farmer_tokens", ["refresh_until"])


def _create_messages() -> None:
    op.create_table(
        "farmer_messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("farm_id", sa.String(length=40), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", columns.UtcDateTime(), nullable=False),
        sa.Column("due_at", columns.UtcDateTime(), nullable=False),
        sa.Column("ends_at", columns.UtcDateTime(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["farm_id"], ["farms.id"], name=op.f("fk_farmer_messages_farm_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_farmer_messages")),
    )
    op.create_index(op.f("ix_farmer_messages_due_at"), "farmer_messages", ["due_at"])


def _create_links() -> None:
    op.create_table(
        "claim_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("made_at", columns.UtcDateTime(), nullable=False),
        sa.Column("ends_at", columns.UtcDateTime(), nullable=False),
        sa.Column("ended_at", columns.UtcDateTime(), nullable=True),
        sa.Column("ended_by", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_claim_links_claim_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_claim_links_token_hash")),
    )
    op.create_index(op.f("ix_claim_links_claim_id"), "claim_links", ["claim_id"])


def _create_payee_requests() -> None:
    op.create_table(
        "payee_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("policy_number", sa.String(length=40), nullable=False),
        sa.Column("payee_name", sa.LargeBinary(), nullable=True),
        sa.Column("payee_account", sa.LargeBinary(), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", columns.UtcDateTime(), nullable=False),
        sa.Column("confirmed_at", columns.UtcDateTime(), nullable=True),
        sa.Column("proposal_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["policy_number"], ["policies.number"], name=op.f("fk_payee_requests_policy_number")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payee_requests")),
    )
    op.create_index(op.f("ix_payee_requests_policy_number"), "payee_requests", ["policy_number"])
