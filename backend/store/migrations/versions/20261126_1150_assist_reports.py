"""Know village agents, the phones that they are signed in on, and which farmers let somebody report for them.

Rows in place: nobody is an agent, and no claim was assisted, unless this migration was taken back: then who assisted is
read from the events.
"""

import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from backend.store import columns

revision = "20261126_1150"
down_revision = "20261126_1140"
branch_labels = None
depends_on = None

_IS_ASSISTED = sa.text("assisted_by IS NOT NULL")


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "assistances",
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("officer_id", sa.String(length=40), nullable=False),
        sa.Column("policy_number", sa.String(length=40), nullable=False),
        sa.Column("proof", sa.String(length=16), nullable=False),
        sa.Column("accepts_in_advance", sa.Boolean(), nullable=False),
        sa.Column("given_at", columns.UtcDateTime(), nullable=False),
        sa.Column("ends_at", columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_assistances_officer_id")),
        sa.ForeignKeyConstraint(
            ["policy_number"], ["policies.number"], name=op.f("fk_assistances_policy_number")
        ),
        sa.PrimaryKeyConstraint("claim_id", name=op.f("pk_assistances")),
    )
    op.create_index(op.f("ix_assistances_ends_at"), "assistances", ["ends_at"])
    op.create_index("ix_assistances_officer_id_policy_number", "assistances", ["officer_id", "policy_number"])
    with op.batch_alter_table("officers") as officers:
        officers.add_column(sa.Column("is_agent", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("farmer_sessions") as sessions:
        sessions.add_column(sa.Column("officer_id", sa.String(length=40), nullable=True))
    op.create_index(op.f("ix_farmer_sessions_officer_id"), "farmer_sessions", ["officer_id"])
    with op.batch_alter_table("claims") as claims:
        claims.add_column(sa.Column("assisted_by", sa.String(length=40), nullable=True))
    op.create_index(
        "ix_claims_assisted_by",
        "claims",
        ["assisted_by", "reported_at"],
        sqlite_where=_IS_ASSISTED,
        postgresql_where=_IS_ASSISTED,
    )
    _read_who_assisted()


def downgrade() -> None:
    """Take it back: the events keep who assisted.

    Agents become officers of the insurer, who decide on claims: they are suspended, and stay so. The phones that they
    were signed in on open nothing any more.
    """
    officers = sa.table(
        "officers",
        sa.column("is_agent", sa.Boolean()),
        sa.column("suspended_at", columns.UtcDateTime()),
    )
    op.execute(
        sa.update(officers)
        .where(officers.c.is_agent, officers.c.suspended_at.is_(None))
        .values(suspended_at=datetime.now(UTC))
    )
    op.drop_index("ix_claims_assisted_by", "claims")
    with op.batch_alter_table("claims") as claims:
        claims.drop_column("assisted_by")
    op.drop_index(op.f("ix_farmer_sessions_officer_id"), "farmer_sessions")
    with op.batch_alter_table("farmer_sessions") as sessions:
        sessions.drop_column("officer_id")
    with op.batch_alter_table("officers") as kept:
        kept.drop_column("is_agent")
    op.drop_table("assistances")


def _read_who_assisted() -> None:
    events = sa.table("events", sa.column("claim_id", sa.Uuid()), sa.column("type"), sa.column("payload"))
    claims = sa.table("claims", sa.column("id", sa.Uuid()), sa.column("assisted_by"))
    reports = sa.select(events.c.claim_id, events.c.payload).where(
        events.c.type == "claim-reported", events.c.payload.contains('"assistance":{')
    )
    for claim_id, payload in op.get_bind().execute(reports).all():
        if helped := json.loads(payload).get("assistance"):
            of_claim = sa.update(claims).where(claims.c.id == claim_id)
            op.execute(of_claim.values(assisted_by=helped["assisted_by"]))
