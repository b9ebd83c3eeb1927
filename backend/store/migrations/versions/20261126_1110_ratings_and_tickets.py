"""Keep what farmers say of the service, the tickets that answer them, and which organisations are regulators.

Rows in place: no organisation is a regulator, and claims were never rated, unless this migration was taken back: then
what they are is read from their events.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

from backend.domain.claim import Claim
from backend.domain.fold import fold
from backend.store import columns, voices
from backend.store.codec import recorded_from

revision = "20261126_1110"
down_revision = "20261126_1000"
branch_labels = None
depends_on = None

_KIND: tuple[sa.ColumnClause[Any], ...] = (
    *(sa.column("claim_id", sa.Uuid()), sa.column("day", sa.Date()), sa.column("county")),
    *(sa.column("product"), sa.column("species"), sa.column("path")),
)
_VOICES = sa.table(
    "claim_voices",
    *(sa.column(one.name, one.type) for one in _KIND),
    *(sa.column(name) for name in ("reporting", "checking", "deciding", "handover", "payment", "recommend")),
    sa.column("rated_at", columns.UtcDateTime()),
)
_TICKETS = sa.table(
    "tickets",
    *(sa.column(one.name, one.type) for one in _KIND),
    *(sa.column("no"), sa.column("owner"), sa.column("opened_at", columns.UtcDateTime())),
    *(sa.column("due_at", columns.UtcDateTime()), sa.column("closed_at", columns.UtcDateTime())),
    sa.column("reason"),
)


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "claim_voices",
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        *_kind(),
        sa.Column("reporting", sa.Integer(), nullable=True),
        sa.Column("checking", sa.Integer(), nullable=True),
        sa.Column("deciding", sa.Integer(), nullable=True),
        sa.Column("handover", sa.Integer(), nullable=True),
        sa.Column("payment", sa.Integer(), nullable=True),
        sa.Column("recommend", sa.Integer(), nullable=True),
        sa.Column("rated_at", columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_claim_voices_claim_id")),
        sa.PrimaryKeyConstraint("claim_id", name=op.f("pk_claim_voices")),
    )
    op.create_index("ix_claim_voices_day_county", "claim_voices", ["day", "county"])
    op.create_table(
        "tickets",
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        *_kind(),
        sa.Column("owner", sa.String(length=40), nullable=True),
        sa.Column("opened_at", columns.UtcDateTime(), nullable=False),
        sa.Column("due_at", columns.UtcDateTime(), nullable=True),
        sa.Column("closed_at", columns.UtcDateTime(), nullable=True),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_tickets_claim_id")),
        sa.PrimaryKeyConstraint("claim_id", "no", name=op.f("pk_tickets")),
    )
    op.create_index("ix_tickets_closed_at_due_at", "tickets", ["closed_at", "due_at"])
    op.create_index("ix_tickets_owner", "tickets", ["owner"])
    op.create_index("ix_tickets_day_county", "tickets", ["day", "county"])
    with op.batch_alter_table("organisations") as organisations:
        organisations.add_column(
            sa.Column("is_regulator", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    _read_what_was_said()


def downgrade() -> None:
    """Take it back: the events keep what was said.

    Regulators become offices without a lane, as collectors have none, whose people read claims: theirs are suspended,
    and stay so. A regulator that comes back is admitted under another id.
    """
    officers = sa.table(
        "officers", sa.column("organisation_id"), sa.column("suspended_at", columns.UtcDateTime())
    )
    offices = sa.table("organisations", sa.column("id"), sa.column("is_regulator", sa.Boolean()))
    theirs = officers.c.organisation_id.in_(sa.select(offices.c.id).where(offices.c.is_regulator))
    op.execute(
        sa.update(officers)
        .where(theirs, officers.c.suspended_at.is_(None))
        .values(suspended_at=datetime.now(UTC))
    )
    with op.batch_alter_table("organisations") as organisations:
        organisations.drop_column("is_regulator")
    op.drop_table("tickets")
    op.drop_table("claim_voices")


def _kind() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("county", sa.String(length=12), nullable=False),
        sa.Column("product", sa.String(length=60), nullable=False),
        sa.Column("species", sa.String(length=12), nullable=False),
        sa.Column("path", sa.String(length=10), nullable=True),
    )


def _read_what_was_said() -> None:
    said: list[dict[str, Any]] = []
    asked: list[dict[str, Any]] = []
    for claim in _rated():
        if row := voices.voice_row(claim):
            said.append({one.name: row[one.name] for one in _VOICES.c})
        rows = [voices.ticket_row(claim, one) for one in claim.tickets]
        asked += ({one.name: row[one.name] for one in _TICKETS.c} for row in rows)
    if said:
        op.bulk_insert(_VOICES, said)
    if asked:
        op.bulk_insert(_TICKETS, asked)


def _rated() -> Iterator[Claim]:
    events = sa.table(
        "events",
        *(sa.column("claim_id", sa.Uuid()), sa.column("seq"), sa.column("at", columns.UtcDateTime())),
        *(sa.column(name) for name in ("type", "actor_kind", "actor", "organisation", "payload")),
    )
    rated = sa.select(events.c.claim_id).where(events.c.type == "claim-rated")
    rows = op.get_bind().execute(
        sa.select(events).where(events.c.claim_id.in_(rated)).order_by(events.c.claim_id, events.c.seq)
    )
    for _, history in groupby(rows.all(), key=lambda row: row.claim_id):
        yield fold(map(recorded_from, history))
