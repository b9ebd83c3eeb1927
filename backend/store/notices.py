"""The log of what people were told: over which channel, when, in which words, and whether it arrived."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any  # a row's columns are what its statement selects
from uuid import UUID

from sqlalchemy import Connection, Row, insert, select, update

from backend.domain.ids import ClaimId
from backend.domain.notices.channels import FARMER, Channel
from backend.store import tables
from backend.store.effects import EffectState


class Arrival(StrEnum):
    """What became of a message."""

    SENT = "sent"
    WAITING = "waiting"
    """It failed and is tried again."""
    GIVEN_UP = "given_up"
    """An operator looks (``effect list --state dead``)."""
    NO_ADDRESS = "no_address"
    """Nobody said where to reach the farmer over this channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message as the log keeps it: ``id`` is its effect's, ``seq`` its event's; codes are hidden in ``text``."""

    id: UUID
    claim_id: ClaimId
    channel: Channel
    text: str
    language: str
    audience: str = FARMER
    seq: int | None = None


def was_sent(connection: Connection, message_id: UUID) -> bool:
    """Whether this message went out."""
    notices = tables.notices
    sent = select(notices.c.id).where(notices.c.id == message_id, notices.c.sent_at.is_not(None))
    return connection.scalar(sent) is not None


def put(connection: Connection, message: Message, at: datetime, *, arrived: bool) -> None:
    """Remember one more attempt to tell, or, with no attempt behind it, that nobody knew where to send it."""
    notices = tables.notices
    again = {"attempts": notices.c.attempts + 1, "tried_at": at, "text": message.text}
    known = (
        update(notices)
        .where(notices.c.id == message.id, notices.c.sent_at.is_(None))
        .values(again | ({"sent_at": at} if arrived else {}))
    )
    if connection.execute(known).rowcount or _is_there(connection, message.id):
        return
    row = {
        "id": message.id,
        "claim_id": message.claim_id,
        "channel": message.channel,
        "audience": message.audience,
        "seq": message.seq,
        "language": message.language,
        "text": message.text,
        "attempts": 1,
        "tried_at": at,
        "sent_at": at if arrived else None,
    }
    connection.execute(insert(notices), row)


def of_claim(connection: Connection, claim_id: ClaimId, *, everyone: bool = False) -> Sequence[Row[Any]]:
    """Every message of a claim, the farmer's or *everyone*'s, in order.

    ``effect_state`` is None for a code that somebody asked for.
    """
    notices, effects = tables.notices, tables.effects
    statement = (
        select(notices, effects.c.state.label("effect_state"))
        .join(effects, effects.c.id == notices.c.id, isouter=True)
        .where(notices.c.claim_id == claim_id)
        .order_by(notices.c.tried_at, notices.c.seq)
    )
    if not everyone:
        statement = statement.where(notices.c.audience == FARMER)
    return connection.execute(statement).all()


def arrival(row: Row[Any]) -> Arrival:
    """What became of a message, from its row in ``of_claim``."""
    if row.sent_at is not None:
        return Arrival.SENT
    if row.effect_state == EffectState.DONE:
        return Arrival.NO_ADDRESS
    return Arrival.WAITING if row.effect_state == EffectState.PENDING else Arrival.GIVEN_UP


def _is_there(connection: Connection, message_id: UUID) -> bool:
    return connection.scalar(select(tables.notices.c.id).where(tables.notices.c.id == message_id)) is not None
