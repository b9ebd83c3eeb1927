"""Count requests against rates, for all processes; rows in place are not touched."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_0906"
down_revision = "20261126_0903"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "request_rates",
        sa.Column("bucket", sa.String(length=64), nullable=False),
        sa.Column("free_at_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", name=op.f("pk_request_rates")),
    )
    op.create_index(op.f("ix_request_rates_free_at_us"), "request_rates", ["free_at_us"])


def downgrade() -> None:
    """Take the schema back: everybody may ask anew."""
    op.drop_table("request_rates")
