"""Keep running clocks, covers of closed offices, ties of officers to farms, and service officers.

Rows in place: none is changed. Every claim that has not ended gets one timer that is due at once; it reads the claim's
history and records what its clocks say. Claims that were late before this are therefore told of once, at the first
start.
"""

from datetime import UTC, datetime
from uuid import UUID, uuid5

import sqlalchemy as sa
from alembic import op

from backend.store import columns

revision = "20261125_2315"
down_revision = "20261125_2313"
branch_labels = None
depends_on = None

_ENDED = ("CLOSED", "REJECTED", "WITHDRAWN")
_EFFECT_SPACE = UUID("0b6a1f5e-2d4c-5a7e-8b1d-7c2e9f30a4d2")


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "claim_clocks",
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("clock", sa.String(length=20), nullable=False),
        sa.Column("started_at", columns.UtcDateTime(), nullable=False),
        sa.Column("at_risk_at", columns.UtcDateTime(), nullable=True),
        sa.Column("due_at", columns.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_claim_clocks_claim_id")),
        sa.PrimaryKeyConstraint("claim_id", "clock", name=op.f("pk_claim_clocks")),
    )
    op.create_index(op.f("ix_claim_clocks_at_risk_at"), "claim_clocks", ["at_risk_at"])
    op.create_table(
        "office_covers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.Column("cover_id", sa.String(length=40), nullable=False),
        sa.Column("starts_at", columns.UtcDateTime(), nullable=False),
        sa.Column("ends_at", columns.UtcDateTime(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("named_by", sa.String(length=40), nullable=False),
        sa.Column("ended_by", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_office_covers_organisation_id")
        ),
        sa.ForeignKeyConstraint(["cover_id"], ["organisations.id"], name=op.f("fk_office_covers_cover_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_covers")),
    )
    op.create_index("ix_office_covers_cover_id", "office_covers", ["cover_id", "organisation_id"])
    op.create_table(
        "officer_ties",
        sa.Column("officer_id", sa.String(length=40), nullable=False),
        sa.Column("farm_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("declared_by", sa.String(length=40), nullable=False),
        sa.Column("declared_at", columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_officer_ties_officer_id")),
        sa.ForeignKeyConstraint(["farm_id"], ["farms.id"], name=op.f("fk_officer_ties_farm_id")),
        sa.PrimaryKeyConstraint("officer_id", "farm_id", name=op.f("pk_officer_ties")),
    )
    op.create_table(
        "service_officers",
        sa.Column("county", sa.String(length=12), nullable=False),
        sa.Column("officer_id", sa.String(length=40), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("named_by", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_service_officers_officer_id")),
        sa.PrimaryKeyConstraint("county", "officer_id", name=op.f("pk_service_officers")),
    )
    _time_open_claims()


def downgrade() -> None:
    """Take it back; timers go with it, since nothing of before knows them."""
    op.execute(sa.text("DELETE FROM effects WHERE kind IN ('deadline', 'escalate')"))
    for table in ("service_officers", "officer_ties", "office_covers", "claim_clocks"):
        op.drop_table(table)


def _time_open_claims() -> None:
    claims = sa.table("claims", sa.column("id", sa.Uuid()), sa.column("state", sa.String()))
    effects = sa.table(
        "effects",
        sa.column("id", sa.Uuid()),
        sa.column("claim_id", sa.Uuid()),
        sa.column("kind", sa.String()),
        sa.column("arguments", sa.JSON()),
        sa.column("state", sa.String()),
        sa.column("due_at", columns.UtcDateTime()),
        sa.column("failures", sa.Integer()),
        sa.column("lease_token", sa.Integer()),
    )
    now = datetime.now(UTC)
    connection = op.get_bind()
    still_open = connection.scalars(sa.select(claims.c.id).where(claims.c.state.not_in(_ENDED))).all()
    timers = [
        {
            # As ``effect_id`` makes it, for the claim's first event.
            "id": uuid5(_EFFECT_SPACE, f"{claim_id}/1/deadlines"),
            "claim_id": claim_id,
            "kind": "deadline",
            "arguments": {},
            "state": "pending",
            "due_at": now,
            "failures": 0,
            "lease_token": 0,
        }
        for claim_id in still_open
    ]
    if timers:
        connection.execute(effects.insert(), timers)
