"""Know farmers' phones by a key of their own, and the nonces and farms of each; rows in place are not touched."""

import sqlalchemy as sa
from alembic import op

from backend.store import columns

revision = "20261126_1120"
down_revision = "20261126_1110"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "device_keys",
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=65), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("registered_at", columns.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_device_keys")),
    )
    op.create_table(
        "device_nonces",
        sa.Column("nonce", sa.String(length=43), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("issued_at", columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["device_keys.key_id"], name=op.f("fk_device_nonces_key_id")),
        sa.PrimaryKeyConstraint("nonce", name=op.f("pk_device_nonces")),
    )
    op.create_index(op.f("ix_device_nonces_key_id"), "device_nonces", ["key_id"])
    op.create_index(op.f("ix_device_nonces_issued_at"), "device_nonces", ["issued_at"])
    op.create_table(
        "device_farms",
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("farm_id", sa.String(length=40), nullable=False),
        sa.Column("first_at", columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["device_keys.key_id"], name=op.f("fk_device_farms_key_id")),
        sa.ForeignKeyConstraint(["farm_id"], ["farms.id"], name=op.f("fk_device_farms_farm_id")),
        sa.PrimaryKeyConstraint("key_id", "farm_id", name=op.f("pk_device_farms")),
    )
    op.create_index(op.f("ix_device_farms_farm_id"), "device_farms", ["farm_id"])


def downgrade() -> None:
    """Take it back: phones are unknown again, and register anew."""
    op.drop_table("device_farms")
    op.drop_table("device_nonces")
    op.drop_table("device_keys")
