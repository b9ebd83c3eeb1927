"""Keep who held each stretch of a claim's stages, and days of a county packed for figures.

Rows in place: the joint review was one row, held by whoever was last. All stages are worked out anew from the events,
so that each lane's own minutes are known of former claims too. Every claim is noted as not packed yet: the worker
packs them after the start, and figures are read from the rows until then.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

from backend.domain.policy import policy_day
from backend.domain.stages import stages_of
from backend.store import columns
from backend.store.codec import recorded_from

revision = "20261126_1000"
down_revision = "20261126_0902"
branch_labels = None
depends_on = None

_BATCH = 500


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "day_packs",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("county", sa.String(length=12), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("day", "county", name=op.f("pk_day_packs")),
    )
    op.create_table(
        "unpacked_claims",
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("county", sa.String(length=12), nullable=False),
        sa.PrimaryKeyConstraint("claim_id", "version", name=op.f("pk_unpacked_claims")),
    )
    op.create_index("ix_unpacked_claims_day_county", "unpacked_claims", ["day", "county"])
    op.create_index("ix_claims_county_reported_at", "claims", ["county", "reported_at"])
    op.drop_table("claim_stages")
    op.create_table(
        "claim_stages",
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("held_by", sa.String(length=60), nullable=False),
        sa.Column("entered_at", columns.UtcDateTime(), nullable=False),
        sa.Column("started_at", columns.UtcDateTime(), nullable=False),
        sa.Column("ended_at", columns.UtcDateTime(), nullable=True),
        sa.Column("standstill", sa.String(length=10), nullable=True),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_claim_stages_claim_id")),
        sa.PrimaryKeyConstraint("claim_id", "place", name=op.f("pk_claim_stages")),
    )
    op.create_index(op.f("ix_claim_stages_name"), "claim_stages", ["name"])
    _work_out_stages()
    _note_all()


def downgrade() -> None:
    """Take it back: stretches of one stage become one row again, held by whoever was last."""
    op.drop_index("ix_claims_county_reported_at", "claims")
    op.drop_table("unpacked_claims")
    op.drop_table("day_packs")
    op.execute(
        sa.text(
            "DELETE FROM claim_stages WHERE EXISTS (SELECT 1 FROM claim_stages AS later WHERE "
            "later.claim_id = claim_stages.claim_id AND later.place > claim_stages.place AND "
            "later.name = claim_stages.name AND later.entered_at = claim_stages.entered_at)"
        )
    )
    op.execute(sa.text("UPDATE claim_stages SET started_at = entered_at"))
    with op.batch_alter_table("claim_stages") as stages:
        stages.drop_column("entered_at")
        stages.drop_column("standstill")


def _work_out_stages() -> None:
    stages = sa.table(
        "claim_stages",
        *(sa.column("claim_id", sa.Uuid()), sa.column("place"), sa.column("name"), sa.column("held_by")),
        *(sa.column(name, columns.UtcDateTime()) for name in ("entered_at", "started_at", "ended_at")),
        sa.column("standstill"),
    )
    batch: list[dict[str, Any]] = []
    for claim_id, history in _histories():
        batch += (
            {
                "claim_id": claim_id,
                "place": place,
                "name": one.name,
                "held_by": one.held_by,
                "entered_at": one.entered_at,
                "started_at": one.started_at,
                "ended_at": one.ended_at,
                "standstill": one.standstill,
            }
            for place, one in enumerate(stages_of(map(recorded_from, history)))
        )
        if len(batch) >= _BATCH:
            op.bulk_insert(stages, batch)
            batch = []
    if batch:
        op.bulk_insert(stages, batch)


def _histories() -> Iterator[tuple[Any, list[Any]]]:
    events = sa.table(
        "events",
        *(sa.column("claim_id", sa.Uuid()), sa.column("seq"), sa.column("at", columns.UtcDateTime())),
        *(sa.column(name) for name in ("type", "actor_kind", "actor", "organisation", "payload")),
    )
    claims = sa.table("claims", sa.column("id", sa.Uuid()))
    # Ids alone are held in memory: a cursor would not outlive the writes between.
    ids = op.get_bind().scalars(sa.select(claims.c.id).order_by(claims.c.id)).all()
    for begin in range(0, len(ids), _BATCH):
        wanted = events.c.claim_id.in_(ids[begin : begin + _BATCH])
        rows = op.get_bind().execute(
            sa.select(events).where(wanted).order_by(events.c.claim_id, events.c.seq)
        )
        for claim_id, group in groupby(rows.all(), key=lambda row: row.claim_id):
            yield claim_id, list(group)


def _note_all() -> None:
    claims = sa.table(
        "claims",
        *(sa.column("id", sa.Uuid()), sa.column("version"), sa.column("county")),
        sa.column("reported_at", columns.UtcDateTime()),
    )
    unpacked = sa.table(
        "unpacked_claims",
        *(sa.column("claim_id", sa.Uuid()), sa.column("version"), sa.column("day", sa.Date())),
        sa.column("county"),
    )
    rows = op.get_bind().execute(sa.select(claims)).all()
    noted = [
        {"claim_id": row.id, "version": row.version, "day": policy_day(row.reported_at), "county": row.county}
        for row in rows
    ]
    if noted:
        op.bulk_insert(unpacked, noted)
