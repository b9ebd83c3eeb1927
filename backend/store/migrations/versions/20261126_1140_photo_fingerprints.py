"""Keep photos' fingerprints, by which copies are found; photos in place get theirs when they are first compared."""

import sqlalchemy as sa
from alembic import op

from backend.store import columns

revision = "20261126_1140"
down_revision = "20261126_1105"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "photo_fingerprints",
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("photo_id", sa.String(length=64), nullable=False),
        sa.Column("cell", sa.Integer(), nullable=True),
        sa.Column("made_at", columns.UtcDateTime(), nullable=False),
        sa.Column("corners", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_photo_fingerprints_claim_id")),
        sa.PrimaryKeyConstraint("claim_id", "photo_id", name=op.f("pk_photo_fingerprints")),
    )
    op.create_index("ix_photo_fingerprints_cell_made_at", "photo_fingerprints", ["cell", "made_at"])


def downgrade() -> None:
    """Take it back: fingerprints can be made from the photos again."""
    op.drop_table("photo_fingerprints")
