"""Keep visits under way as rows, for as long as they last.

Rows in place: there are none; no event of a former version is a visit.
"""

import sqlalchemy as sa
from alembic import op

from backend.store import columns

revision = "20261126_1160"
down_revision = "20261126_1150"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "visits",
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("started_at", columns.UtcDateTime(), nullable=False),
        sa.Column("expected_at", columns.UtcDateTime(), nullable=True),
        sa.Column("expected_from", sa.String(length=10), nullable=True),
        sa.Column("ends_at", columns.UtcDateTime(), nullable=False),
        sa.Column("whereabouts", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_visits_claim_id")),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_visits_officer_id")),
        sa.PrimaryKeyConstraint("claim_id", "no", name=op.f("pk_visits")),
    )
    op.create_index(op.f("ix_visits_officer_id"), "visits", ["officer_id"])


def downgrade() -> None:
    """Take it back: that somebody is on the way is among the events, where they are is lost."""
    op.drop_table("visits")
