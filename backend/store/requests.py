"""Idempotency-Key: a retried request gets the first one's answer, in the same transaction that made it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select

from backend.domain.ids import Digest
from backend.domain.problems import IdempotencyKeyReused
from backend.store import tables
from backend.store.sealed import ANSWER
from backend.store.vault import vault_of

KEPT_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Keyed:
    """A request under a key: who sent it, the key, and the hash of its method, address and body."""

    who: str
    key: str
    body_hash: Digest


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: HTTP status and JSON text."""

    status: int
    body: str


def once(connection: Connection, request: Keyed, at: datetime, work: Callable[[], Answer]) -> Answer:
    """Do *work* once for this key; again, give its answer.

    A refusal (an exception out of *work*) is not kept: the caller may mend the world and retry under the same key.

    Raises:
        IdempotencyKeyReused: The key stands for another body.
    """
    first = answered(connection, request)
    if first is not None:
        return first
    answer = work()
    connection.execute(
        insert(tables.requests),
        {
            "who": request.who,
            "key": request.key,
            "body_hash": request.body_hash,
            "status": answer.status,
            "answer": vault_of(connection).seal(answer.body, ANSWER, request.who, request.key),
            "at": at,
        },
    )
    return answer


def answered(connection: Connection, request: Keyed) -> Answer | None:
    """What this key was answered, None where it is new.

    Raises:
        IdempotencyKeyReused: The key stands for another body.
    """
    kept = tables.requests
    row = connection.execute(
        select(kept).where(kept.c.who == request.who, kept.c.key == request.key)
    ).one_or_none()
    if row is None:
        return None
    if row.body_hash != request.body_hash:
        raise IdempotencyKeyReused(f"key {request.key} stands for an earlier request with another body")
    return Answer(row.status, vault_of(connection).open(row.answer, ANSWER, request.who, request.key))


def forget_old(connection: Connection, now: datetime) -> None:
    """Drop keys that no honest retry can still use."""
    connection.execute(delete(tables.requests).where(tables.requests.c.at < now - KEPT_FOR))
