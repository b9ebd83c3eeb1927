"""Keep switches of the counter's network, comparisons, and which photos were exported; find labels quickly.

Rows in place: none is touched. What counts so far stands in ``model.json`` of the data folder, or came with flashclaim;
the first start records it. The index holds labels alone, of which there are none yet: one pass over the
events.
"""

import sqlalchemy as sa
from alembic import op

from backend.store import columns

revision = "20261125_2010"
down_revision = "20261125_1710"
branch_labels = None
depends_on = None

_LABELS = sa.text("type = 'photo-labelled'")


def _number() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False)


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_index(
        "ix_events_labels",
        "events",
        ["claim_id", "at"],
        sqlite_where=_LABELS,
        postgresql_where=_LABELS,
    )
    op.create_table(
        "model_comparisons",
        _number(),
        sa.Column("at", columns.UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("model", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("against", sa.String(length=120), nullable=False),
        sa.Column("against_sha256", sa.String(length=64), nullable=False),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_comparisons")),
    )
    op.create_table(
        "model_switches",
        _number(),
        sa.Column("at", columns.UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("model", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("predictor", sa.String(length=12), nullable=False),
        sa.Column("former_model", sa.String(length=120), nullable=True),
        sa.Column("former_sha256", sa.String(length=64), nullable=True),
        sa.Column("former_predictor", sa.String(length=12), nullable=True),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.Column("comparison_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["comparison_id"], ["model_comparisons.id"], name=op.f("fk_model_switches_comparison_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_switches")),
    )
    op.create_table(
        "dataset_exports",
        _number(),
        sa.Column("at", columns.UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dataset_exports")),
    )
    op.create_table(
        "dataset_export_photos",
        sa.Column("export_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("photo_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_dataset_export_photos_claim_id")),
        sa.ForeignKeyConstraint(
            ["export_id"], ["dataset_exports.id"], name=op.f("fk_dataset_export_photos_export_id")
        ),
        sa.PrimaryKeyConstraint("export_id", "claim_id", "photo_id", name=op.f("pk_dataset_export_photos")),
    )
    op.create_index(op.f("ix_dataset_export_photos_claim_id"), "dataset_export_photos", ["claim_id"])


def downgrade() -> None:
    """Take the schema back; events keep their labels."""
    op.drop_index(op.f("ix_dataset_export_photos_claim_id"), "dataset_export_photos")
    op.drop_table("dataset_export_photos")
    op.drop_table("dataset_exports")
    op.drop_table("model_switches")
    op.drop_table("model_comparisons")
    op.drop_index("ix_events_labels", "events")
