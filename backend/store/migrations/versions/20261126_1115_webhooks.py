"""Keep webhooks: endpoints of insurers' own systems and what was sent to each.

Rows in place stay as they are: no effect of before delivers to an endpoint.
"""

import sqlalchemy as sa
from alembic import op

from backend.store import columns

revision = "20261126_1115"
down_revision = "20261126_1120"
branch_labels = None
depends_on = None

_PLACE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "webhook_endpoints",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("types", sa.JSON(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("former_secret", sa.LargeBinary(), nullable=True),
        sa.Column("former_until", columns.UtcDateTime(), nullable=True),
        sa.Column("feed_token_hash", sa.String(length=64), nullable=False),
        sa.Column("added_by", sa.String(length=40), nullable=False),
        sa.Column("added_at", columns.UtcDateTime(), nullable=False),
        sa.Column("next_place", _PLACE, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("failing_since", columns.UtcDateTime(), nullable=True),
        sa.Column("disabled_at", columns.UtcDateTime(), nullable=True),
        sa.Column("disabled_because", sa.String(length=200), nullable=True),
        sa.Column("removed_at", columns.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_webhook_endpoints_organisation_id")
        ),
        sa.ForeignKeyConstraint(["added_by"], ["officers.id"], name=op.f("fk_webhook_endpoints_added_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoints")),
        sa.UniqueConstraint("feed_token_hash", name=op.f("uq_webhook_endpoints_feed_token_hash")),
    )
    op.create_index("ix_webhook_endpoints_organisation_id", "webhook_endpoints", ["organisation_id"])
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("place", _PLACE, nullable=False),
        sa.Column("event_id", sa.String(length=64), nullable=False),
        sa.Column("event_type", sa.String(length=40), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("put_at", columns.UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tried_at", columns.UtcDateTime(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("failure", sa.String(length=300), nullable=True),
        sa.Column("took_ms", sa.Integer(), nullable=True),
        sa.Column("ended_at", columns.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["endpoint_id"], ["webhook_endpoints.id"], name=op.f("fk_webhook_deliveries_endpoint_id")
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_webhook_deliveries_claim_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
    )
    op.create_index("ix_webhook_deliveries_endpoint_id_place", "webhook_deliveries", ["endpoint_id", "place"])
    op.create_index("ix_webhook_deliveries_claim_id", "webhook_deliveries", ["claim_id"])
    op.create_index("ix_webhook_deliveries_ended_at", "webhook_deliveries", ["ended_at"])
    op.add_column("effects", sa.Column("endpoint_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    """Take the schema back: other systems are told no more, and what was on its way to them is dropped."""
    op.execute("DELETE FROM effects WHERE endpoint_id IS NOT NULL")
    op.drop_column("effects", "endpoint_id")
    op.drop_table("webhook_deliveries")
    op.drop_table("webhook_endpoints")
