"""Keep flags and counts as rows: doubts that people look at, and what was counted beside what was agreed to.

Rows in place: every claim is folded once more, and has the flags and the count that its events say.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

from backend.domain.fold import fold
from backend.store import columns, counts, flags
from backend.store.codec import recorded_from

revision = "20261126_1105"
down_revision = "20261126_1100"
branch_labels = None
depends_on = None

_BATCH = 500
_FLAGS = sa.table(
    "claim_flags",
    *(sa.column("claim_id", sa.Uuid()), sa.column("key"), sa.column("kind"), sa.column("code")),
    *(sa.column("state"), sa.column("raised_at", columns.UtcDateTime()), sa.column("judged_by")),
    sa.column("judged_at", columns.UtcDateTime()),
)
_COUNTS = sa.table(
    "claim_counts",
    *(sa.column("claim_id", sa.Uuid()), sa.column("week", sa.Date()), sa.column("model")),
    *(sa.column("counted"), sa.column("low"), sa.column("high"), sa.column("unsure", sa.Boolean())),
    *(sa.column("heads_claimed"), sa.column("heads_agreed")),
)


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "claim_flags",
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("raised_at", columns.UtcDateTime(), nullable=False),
        sa.Column("judged_by", sa.String(length=60), nullable=True),
        sa.Column("judged_at", columns.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_claim_flags_claim_id")),
        sa.PrimaryKeyConstraint("claim_id", "key", name=op.f("pk_claim_flags")),
    )
    op.create_index("ix_claim_flags_state_raised_at", "claim_flags", ["state", "raised_at"])
    op.create_table(
        "claim_counts",
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("model", sa.String(length=120), nullable=True),
        sa.Column("counted", sa.Integer(), nullable=True),
        sa.Column("low", sa.Integer(), nullable=True),
        sa.Column("high", sa.Integer(), nullable=True),
        sa.Column("unsure", sa.Boolean(), nullable=False),
        sa.Column("heads_claimed", sa.Integer(), nullable=False),
        sa.Column("heads_agreed", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_claim_counts_claim_id")),
        sa.PrimaryKeyConstraint("claim_id", name=op.f("pk_claim_counts")),
    )
    op.create_index(op.f("ix_claim_counts_week"), "claim_counts", ["week"])
    _work_out()


def downgrade() -> None:
    """Take it back: both can be worked out from the events again."""
    op.drop_table("claim_counts")
    op.drop_table("claim_flags")


def _work_out() -> None:
    flag_rows: list[dict[str, Any]] = []
    count_rows: list[dict[str, Any]] = []
    for claim_id, history in _histories():
        claim = fold(map(recorded_from, history))
        flag_rows += ({"claim_id": claim_id} | row for row in flags.rows_of(claim))
        count_rows += ({"claim_id": claim_id} | row for row in counts.rows_of(claim))
        if len(count_rows) >= _BATCH:
            _insert(flag_rows, count_rows)
            flag_rows, count_rows = [], []
    _insert(flag_rows, count_rows)


def _insert(flag_rows: list[dict[str, Any]], count_rows: list[dict[str, Any]]) -> None:
    if flag_rows:
        op.bulk_insert(_FLAGS, _as_kept(_FLAGS, flag_rows))
    if count_rows:
        op.bulk_insert(_COUNTS, _as_kept(_COUNTS, count_rows))


def _as_kept(table: sa.TableClause, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The columns that this migration makes: a later release may say more of a claim."""
    return [{column.name: row[column.name] for column in table.columns} for row in rows]


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
