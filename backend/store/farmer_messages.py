"""Text messages that are about no claim: put in the transaction that asks for them, gone once they are sent.

A message that was asked for by a number that is nobody's is put like any other, so that whoever asks cannot tell.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, delete, func, insert, select, update

from backend.domain.ids import FarmId
from backend.domain.sign_in.words import Message
from backend.store import news
from backend.store.farmer_tables import farmer_messages
from backend.store.sealed import LETTER_PHONE
from backend.store.vault import vault_of

_IN_HAND = timedelta(seconds=60)
"""A message that was taken and not dropped by then is taken again: its sender has died."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message on its way. ``farm_id`` None: to nobody; ``phone`` as it was when the message was asked for."""

    id: UUID
    kind: Message
    asked_at: datetime
    ends_at: datetime
    farm_id: FarmId | None = None
    phone: str | None = None
    language: str | None = None
    facts: Mapping[str, str]
    request_id: UUID | None = None
    failures: int = 0


def put(connection: Connection, letter: Letter) -> None:
    """Send it soon: whoever sends is woken once this transaction is durable."""
    row = {
        "id": letter.id,
        "kind": letter.kind,
        "farm_id": letter.farm_id,
        "phone": vault_of(connection).seal_some(letter.phone, LETTER_PHONE, letter.id),
        "language": letter.language,
        "facts": dict(letter.facts),
        "request_id": letter.request_id,
        "asked_at": letter.asked_at,
        "due_at": letter.asked_at,
        "ends_at": letter.ends_at,
        "failures": 0,
    }
    connection.execute(insert(farmer_messages), row)
    news.note(connection, news.EFFECTS)


def take(connection: Connection, at: datetime) -> Letter | None:
    """The message that has been due longest; for a minute nobody else takes it."""
    messages = farmer_messages.c
    chosen = (
        select(messages.id)
        .where(messages.due_at <= at)
        .order_by(messages.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = connection.execute(
        update(farmer_messages)
        .where(messages.id == chosen.scalar_subquery())
        .values(due_at=at + _IN_HAND)
        .returning(*messages)
    ).one_or_none()
    if row is None:
        return None
    return Letter(
        id=row.id,
        kind=Message(row.kind),
        asked_at=row.asked_at,
        ends_at=row.ends_at,
        farm_id=None if row.farm_id is None else FarmId(row.farm_id),
        phone=vault_of(connection).open_some(row.phone, LETTER_PHONE, row.id),
        language=row.language,
        facts=row.facts,
        request_id=row.request_id,
        failures=row.failures,
    )


def drop(connection: Connection, message_id: UUID) -> None:
    """It was sent, or is given up."""
    connection.execute(delete(farmer_messages).where(farmer_messages.c.id == message_id))


def again(connection: Connection, message_id: UUID, due_at: datetime) -> None:
    """It did not arrive: later."""
    messages = farmer_messages.c
    connection.execute(
        update(farmer_messages)
        .where(messages.id == message_id)
        .values(due_at=due_at, failures=messages.failures + 1)
    )


def next_due(connection: Connection) -> datetime | None:
    """When the next message is to be sent; None where there is none."""
    found: datetime | None = connection.scalar(select(func.min(farmer_messages.c.due_at)))
    return found
