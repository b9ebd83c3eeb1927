"""Find claims whose handover receipt does not fit them: they wait for the insurer.

Rows in place: each claim with a handover is looked at once, as its events say; heads must be the receipt's, and the
weighed total within 10 % of the claim's where every weight is known. All other claims have no differing receipt.
"""

import json
from decimal import Decimal
from typing import Any  # payloads are JSON

import sqlalchemy as sa
from alembic import op

revision = "20261125_2313"
down_revision = "20261125_2312"
branch_labels = None
depends_on = None

_LOOKED_AT = ("claim-reported", "claim-assessed", "handover-recorded")


def upgrade() -> None:
    """Bring the schema forward."""
    with op.batch_alter_table("claims") as batch:
        batch.add_column(
            sa.Column("receipt_differs", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    _look_at_receipts(op.get_bind())
    op.create_index(
        "ix_claims_receipt_differs",
        "claims",
        ["due_at"],
        sqlite_where=sa.text("receipt_differs = 1"),
        postgresql_where=sa.text("receipt_differs"),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_claims_receipt_differs", "claims")
    with op.batch_alter_table("claims") as batch:
        batch.drop_column("receipt_differs")


def _look_at_receipts(connection: sa.Connection) -> None:
    events = sa.table("events", sa.column("claim_id"), *map(sa.column, ("seq", "type", "payload")))
    claims = sa.table("claims", sa.column("id"), sa.column("receipt_differs", sa.Boolean()))
    handed_over = sa.select(events.c.claim_id).where(events.c.type == "handover-recorded")
    rows = connection.execute(
        sa.select(events.c.claim_id, events.c.type, events.c.payload)
        .where(events.c.type.in_(_LOOKED_AT), events.c.claim_id.in_(handed_over))
        .order_by(events.c.claim_id, events.c.seq)
    )
    lost: dict[Any, dict[str, Any]] = {}
    receipts: dict[Any, dict[str, Any]] = {}
    for claim_id, kind, payload in rows:
        (receipts if kind == "handover-recorded" else lost)[claim_id] = json.loads(payload)
    differing = [claim_id for claim_id, receipt in receipts.items() if _differs(lost[claim_id], receipt)]
    for claim_id in differing:
        connection.execute(sa.update(claims).where(claims.c.id == claim_id).values(receipt_differs=True))


def _differs(lost: dict[str, Any], receipt: dict[str, Any]) -> bool:
    if receipt["heads"] != lost["heads"]:
        return True
    weights = [animal["weight_kg"] for animal in lost["animals"]]
    if len(weights) != lost["heads"] or None in weights:
        return False
    claimed = sum(map(Decimal, weights), Decimal(0))
    return abs(Decimal(receipt["weight_kg"]) - claimed) * 10 > claimed
