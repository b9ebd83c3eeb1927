"""Keep programmes and their money, and the heads that each cover period has committed.

Rows in place: policies and claims belong to no programme. Each cover period's heads are added up from the claims whose
payout is under way or done; the period and the terms are those of the claim's report, read from its first event. Where
an earlier mistake committed more heads than were insured, the row says so (``heads_beyond``) and nothing is refused.
"""

import json
from datetime import date
from typing import Any  # a report's payload, as it was recorded

import sqlalchemy as sa
from alembic import op

from backend.store import columns

revision = "20261125_2312"
down_revision = "20261125_2311"
branch_labels = None
depends_on = None

_OF_PROGRAMMES = sa.text("programme IS NOT NULL")
# As they stand at this revision: what later ones add to these tables is not looked at here.
_CLAIMS = sa.table(
    "claims",
    sa.column("id", sa.Uuid()),
    sa.column("policy_number", sa.String()),
    sa.column("heads_committed", sa.Integer()),
)
_EVENTS = sa.table(
    "events",
    sa.column("claim_id", sa.Uuid()),
    sa.column("seq", sa.Integer()),
    sa.column("payload", sa.Text()),
)


def upgrade() -> None:
    """Bring the schema forward, and count."""
    op.create_table(
        "programmes",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("county", sa.String(length=12), nullable=False),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("most", columns.Fen(), nullable=False),
        sa.Column("paid_before", columns.Fen(), nullable=False),
        sa.Column("committed", columns.Fen(), server_default="0", nullable=False),
        sa.Column("beyond", columns.Fen(), server_default="0", nullable=False),
        sa.CheckConstraint("paid_before + committed <= most + beyond", name=op.f("ck_programmes_money")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programmes")),
    )
    periods = op.create_table(
        "cover_periods",
        sa.Column("policy_number", sa.String(length=40), nullable=False),
        sa.Column("incepted", sa.Date(), nullable=False),
        sa.Column("expires", sa.Date(), nullable=False),
        sa.Column("insured_heads", sa.Integer(), nullable=False),
        sa.Column("heads_before", sa.Integer(), nullable=False),
        sa.Column("heads_committed", sa.Integer(), nullable=False),
        sa.Column("heads_beyond", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "heads_before + heads_committed <= insured_heads + heads_beyond",
            name=op.f("ck_cover_periods_heads"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_number"], ["policies.number"], name=op.f("fk_cover_periods_policy_number")
        ),
        sa.PrimaryKeyConstraint("policy_number", "incepted", name=op.f("pk_cover_periods")),
    )
    op.add_column("policies", sa.Column("programme", sa.String(length=40), nullable=True))
    op.create_index(op.f("ix_policies_programme"), "policies", ["programme"])
    op.add_column("claims", sa.Column("programme", sa.String(length=40), nullable=True))
    op.create_index(
        "ix_claims_programme",
        "claims",
        ["programme", "state"],
        sqlite_where=_OF_PROGRAMMES,
        postgresql_where=_OF_PROGRAMMES,
    )
    if rows := _counted(op.get_bind()):
        op.bulk_insert(periods, rows)


def downgrade() -> None:
    """Take the schema back; claims' events keep the programme that they were reported under."""
    op.drop_index("ix_claims_programme", "claims")
    op.drop_index(op.f("ix_policies_programme"), "policies")
    with op.batch_alter_table("claims") as claims:
        claims.drop_column("programme")
    with op.batch_alter_table("policies") as policies:
        policies.drop_column("programme")
    op.drop_table("cover_periods")
    op.drop_table("programmes")


def _counted(connection: sa.Connection) -> list[dict[str, Any]]:
    reported = _CLAIMS.join(_EVENTS, sa.and_(_EVENTS.c.claim_id == _CLAIMS.c.id, _EVENTS.c.seq == 1))
    committing = (
        sa.select(_CLAIMS.c.policy_number, _CLAIMS.c.heads_committed, _EVENTS.c.payload)
        .select_from(reported)
        .where(_CLAIMS.c.heads_committed > 0)
    )
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for number, heads, payload in connection.execute(committing, execution_options={"yield_per": 1000}):
        terms = json.loads(payload)["policy"]["terms"]
        row = found.setdefault(
            (number, terms["incepted"]),
            {
                "policy_number": number,
                "incepted": date.fromisoformat(terms["incepted"]),
                "insured_heads": 0,
                "heads_before": terms["heads_paid"],
                "heads_committed": 0,
            },
        )
        row["expires"] = date.fromisoformat(terms["expires"])
        row["insured_heads"] = max(row["insured_heads"], terms["insured_heads"])
        row["heads_before"] = min(row["heads_before"], terms["heads_paid"])
        row["heads_committed"] += heads
    for row in found.values():
        taken = row["heads_before"] + row["heads_committed"]
        row["heads_beyond"] = max(0, taken - row["insured_heads"])
    return list(found.values())
