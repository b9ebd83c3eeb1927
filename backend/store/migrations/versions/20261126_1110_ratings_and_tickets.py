"""Keep what farmers say of the service, the tickets that answer them, and which organisations are regulators.

Rows in place: claims of before were never rated, and no organisation is a regulator.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from backend.store import columns

revision = "20261126_1110"
down_revision = "20261126_1000"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "claim_voices",
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        *_kind(),
        sa.Column("reporting", sa.Integer(), nullable=True),
        sa.Column("checking", sa.Integer(), nullable=True),
        sa.Column("deciding", sa.Integer(), nullable=True),
        sa.Column("handover", sa.Integer(), nullable=True),
        sa.Column("payment", sa.Integer(), nullable=True),
        sa.Column("recommend", sa.Integer(), nullable=True),
        sa.Column("rated_at", columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_claim_voices_claim_id")),
        sa.PrimaryKeyConstraint("claim_id", name=op.f("pk_claim_voices")),
    )
    op.create_index("ix_claim_voices_day_county", "claim_voices", ["day", "county"])
    op.create_table(
        "tickets",
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        *_kind(),
        sa.Column("owner", sa.String(length=40), nullable=True),
        sa.Column("opened_at", columns.UtcDateTime(), nullable=False),
        sa.Column("due_at", columns.UtcDateTime(), nullable=True),
        sa.Column("closed_at", columns.UtcDateTime(), nullable=True),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_tickets_claim_id")),
        sa.PrimaryKeyConstraint("claim_id", "no", name=op.f("pk_tickets")),
    )
    op.create_index("ix_tickets_closed_at_due_at", "tickets", ["closed_at", "due_at"])
    op.create_index("ix_tickets_owner", "tickets", ["owner"])
    op.create_index("ix_tickets_day_county", "tickets", ["day", "county"])
    with op.batch_alter_table("organisations") as organisations:
        organisations.add_column(
            sa.Column("is_regulator", sa.Boolean(), nullable=False, server_default=sa.false())
        )


def downgrade() -> None:
    """Take it back: the events keep what was said; regulators become offices without a lane."""
    with op.batch_alter_table("organisations") as organisations:
        organisations.drop_column("is_regulator")
    op.drop_table("tickets")
    op.drop_table("claim_voices")


def _kind() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("county", sa.String(length=12), nullable=False),
        sa.Column("product", sa.String(length=60), nullable=False),
        sa.Column("species", sa.String(length=12), nullable=False),
        sa.Column("path", sa.String(length=10), nullable=True),
    )
