"""Keep visits under way as rows, for as long as they last.

Rows in place: there are none, unless this migration was taken back: then who is on the way is read from the events.
"""

from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

from backend.domain.fold import fold
from backend.store import columns, visits
from backend.store.codec import recorded_from

revision = "20261126_1160"
down_revision = "20261126_1150"
branch_labels = None
depends_on = None

_VISITS = sa.table(
    "visits",
    *(sa.column("claim_id", sa.Uuid()), sa.column("no"), sa.column("officer_id"), sa.column("kind")),
    *(sa.column("started_at", columns.UtcDateTime()), sa.column("expected_at", columns.UtcDateTime())),
    *(sa.column("expected_from"), sa.column("ends_at", columns.UtcDateTime())),
)


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
    _read_who_is_on_the_way()


def downgrade() -> None:
    """Take it back: that somebody is on the way is among the events, where they are is lost."""
    op.drop_table("visits")


def _read_who_is_on_the_way() -> None:
    events = sa.table(
        "events",
        *(sa.column("claim_id", sa.Uuid()), sa.column("seq"), sa.column("at", columns.UtcDateTime())),
        *(sa.column(name) for name in ("type", "actor_kind", "actor", "organisation", "payload")),
    )
    visited = sa.select(events.c.claim_id).where(events.c.type == "visit-started")
    histories = (
        sa.select(events).where(events.c.claim_id.in_(visited)).order_by(events.c.claim_id, events.c.seq)
    )
    found: list[dict[str, Any]] = []
    for claim_id, history in groupby(op.get_bind().execute(histories).all(), key=lambda row: row.claim_id):
        rows = visits.rows_of(fold(map(recorded_from, history)))
        found += ({"claim_id": claim_id} | {name: row[name] for name in visits.COLUMNS} for row in rows)
    if found:
        op.bulk_insert(_VISITS, found)
