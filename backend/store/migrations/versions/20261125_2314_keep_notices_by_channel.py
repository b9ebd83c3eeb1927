"""Keep notices by channel, with attempts, also where one has not arrived; and how farmers want to be told.

Rows in place went out over the console, to farmers, at the first attempt that succeeded: they say so now. SQLite
rebuilds the table.
"""

import sqlalchemy as sa
from alembic import op

from backend.store import columns

revision = "20261125_2314"
down_revision = "20261125_2315"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    with op.batch_alter_table("notices") as notices:
        notices.add_column(
            sa.Column("channel", sa.String(length=10), nullable=False, server_default="console")
        )
        notices.add_column(
            sa.Column("audience", sa.String(length=12), nullable=False, server_default="farmer")
        )
        notices.add_column(sa.Column("seq", sa.Integer(), nullable=True))
        notices.add_column(sa.Column("language", sa.String(length=2), nullable=True))
        notices.add_column(sa.Column("attempts", sa.Integer(), nullable=False, server_default="1"))
        notices.add_column(sa.Column("tried_at", columns.UtcDateTime(), nullable=True))
        notices.alter_column("sent_at", existing_type=columns.UtcDateTime(), nullable=True)
    op.execute("UPDATE notices SET tried_at = sent_at")
    op.create_table(
        "farm_contacts",
        sa.Column("farm_id", sa.String(length=40), nullable=False),
        sa.Column("phone", sa.String(length=16), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.ForeignKeyConstraint(["farm_id"], ["farms.id"], name=op.f("fk_farm_contacts_farm_id")),
        sa.PrimaryKeyConstraint("farm_id", name=op.f("pk_farm_contacts")),
    )


def downgrade() -> None:
    """Take the schema back; notices that did not arrive are forgotten."""
    op.drop_table("farm_contacts")
    op.execute("DELETE FROM notices WHERE sent_at IS NULL")
    with op.batch_alter_table("notices") as notices:
        notices.alter_column("sent_at", existing_type=columns.UtcDateTime(), nullable=False)
        for name in ("tried_at", "attempts", "language", "seq", "audience", "channel"):
            notices.drop_column(name)
