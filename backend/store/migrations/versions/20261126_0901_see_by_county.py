"""Find claims by county, and keep which office was asked to decide a lane in another's place.

Rows in place: none is changed. For every claim with a delegation that stands one row is written, from its events.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "20261126_0901"
down_revision = "20261125_2314"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "claim_delegations",
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("lane", sa.String(length=20), nullable=False),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_claim_delegations_claim_id")),
        sa.PrimaryKeyConstraint("claim_id", "lane", name=op.f("pk_claim_delegations")),
    )
    op.create_index(op.f("ix_claim_delegations_organisation_id"), "claim_delegations", ["organisation_id"])
    op.create_index("ix_claims_county_state_due_at", "claims", ["county", "state", "due_at"])
    op.create_index("ix_claims_county_number", "claims", ["county", "number"])
    _keep_what_stands()


def downgrade() -> None:
    """Take the schema back."""
    op.drop_index("ix_claims_county_number", table_name="claims")
    op.drop_index("ix_claims_county_state_due_at", table_name="claims")
    op.drop_table("claim_delegations")


def _keep_what_stands() -> None:
    events = sa.table(
        "events",
        sa.column("claim_id", sa.Uuid()),
        sa.column("seq", sa.Integer()),
        sa.column("type", sa.String()),
        sa.column("payload", sa.Text()),
    )
    kept = sa.table(
        "claim_delegations",
        sa.column("claim_id", sa.Uuid()),
        sa.column("lane", sa.String()),
        sa.column("organisation_id", sa.String()),
    )
    connection = op.get_bind()
    standing: dict[tuple[object, str], str | None] = {}
    told = sa.select(events.c.claim_id, events.c.payload).where(events.c.type == "lane-delegated")
    for row in connection.execute(told.order_by(events.c.claim_id, events.c.seq)):
        said = json.loads(row.payload)
        standing[row.claim_id, said["lane"]] = said["to"]
    rows = [
        {"claim_id": claim_id, "lane": lane, "organisation_id": office}
        for (claim_id, lane), office in standing.items()
        if office
    ]
    if rows:
        connection.execute(sa.insert(kept), rows)
