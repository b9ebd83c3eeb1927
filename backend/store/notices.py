"""The log of what farmers were told."""

from datetime import datetime

from sqlalchemy import Connection, insert, select

from backend.domain.ids import ClaimId, EffectId
from backend.store import tables


def was_sent(connection: Connection, effect_id: EffectId) -> bool:
    """Whether this effect's notice went out."""
    return connection.scalar(select(tables.notices.c.id).where(tables.notices.c.id == effect_id)) is not None


def put(connection: Connection, effect_id: EffectId, claim_id: ClaimId, text: str, at: datetime) -> None:
    """Remember that the farmer was told. One-time codes are left out of *text*."""
    if not was_sent(connection, effect_id):
        row = {"id": effect_id, "claim_id": claim_id, "sent_at": at, "text": text}
        connection.execute(insert(tables.notices), row)


def of_claim(connection: Connection, claim_id: ClaimId) -> list[tuple[datetime, str]]:
    """Everything the farmer was told about a claim, in order."""
    notices = tables.notices
    rows = connection.execute(
        select(notices.c.sent_at, notices.c.text)
        .where(notices.c.claim_id == claim_id)
        .order_by(notices.c.sent_at)
    )
    return [(row.sent_at, row.text) for row in rows]
