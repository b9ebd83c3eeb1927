"""What was put on the way to endpoints, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any  # a row's columns are what its statement selects
from uuid import UUID, uuid5

from sqlalchemy import Connection, Row, func, insert, select, update

from backend.domain.effects import EffectKind
from backend.domain.ids import EffectId
from backend.domain.webhooks.endpoint import Endpoint, EndpointId
from backend.store import feed, tables, webhooks
from backend.store.effects import EffectState
from backend.store.webhook_tables import webhook_deliveries, webhook_endpoints

MOST_WAITING = 500
"""Deliveries on the way to one endpoint; the log keeps what comes after them."""

_STEP = 200
_DELIVERIES = webhook_deliveries.c


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt. ``status`` None: no answer; ``failure`` None: it arrived."""

    at: datetime
    status: int | None
    failure: str | None
    took_ms: int


def put_next(connection: Connection, endpoint_id: EndpointId, at: datetime) -> int:
    """Put the next few changes that an endpoint wants on the way; how many places of the log were passed.

    The endpoint's next place and the effects are one transaction: nothing is left out and nothing put twice, whoever
    else does the same.
    """
    endpoint = webhooks.one(connection, endpoint_id, locks=True)
    if endpoint.disabled_at:
        return 0
    room = MOST_WAITING - _waiting(connection, endpoint_id)
    rows = feed.placed_from(connection, endpoint.next_place, min(_STEP, room)) if room > 0 else ()
    if not rows:
        return 0
    wanted = [row for row in rows if row.county == endpoint.county and endpoint.wants(row.type)]
    if wanted:
        connection.execute(insert(webhook_deliveries), [_delivery(endpoint, row, at) for row in wanted])
        connection.execute(insert(tables.effects), [_effect(endpoint, row, at) for row in wanted])
    moved = update(webhook_endpoints).where(webhook_endpoints.c.id == endpoint_id)
    connection.execute(moved.values(next_place=rows[-1].place + 1))
    return len(rows)


def place_of(connection: Connection, delivery: EffectId) -> tuple[int, int] | None:
    """Its place in the log and how often it was tried; None: it was taken back."""
    wanted = select(_DELIVERIES.place, _DELIVERIES.attempts).where(_DELIVERIES.id == delivery)
    row = connection.execute(wanted).one_or_none()
    return None if row is None else (row.place, row.attempts)


def note(connection: Connection, delivery: EffectId, tried: Tried, *, is_last: bool) -> None:
    """Write an attempt down; *is_last*: it arrived, or nobody tries again."""
    values = {
        "attempts": _DELIVERIES.attempts + 1,
        "tried_at": tried.at,
        "status": tried.status,
        "failure": tried.failure and tried.failure[:300],
        "took_ms": tried.took_ms,
        "ended_at": tried.at if is_last else None,
    }
    connection.execute(update(webhook_deliveries).where(_DELIVERIES.id == delivery).values(values))


def listed(connection: Connection, endpoint: EndpointId, most: int) -> Sequence[Row[Any]]:
    """The newest deliveries of an endpoint, with the numbers of their claims."""
    claims = tables.claims
    statement = (
        select(webhook_deliveries, claims.c.number)
        .join(claims, claims.c.id == _DELIVERIES.claim_id)
        .where(_DELIVERIES.endpoint_id == endpoint)
        .order_by(_DELIVERIES.place.desc(), _DELIVERIES.put_at.desc())
        .limit(most)
    )
    return connection.execute(statement).all()


def _waiting(connection: Connection, endpoint: EndpointId) -> int:
    counted = select(func.count()).where(_DELIVERIES.endpoint_id == endpoint, _DELIVERIES.ended_at.is_(None))
    return connection.scalar(counted) or 0


def _delivery_id(endpoint: Endpoint, place: int) -> UUID:
    return uuid5(endpoint.id, f"{endpoint.round}/{place}")


def _delivery(endpoint: Endpoint, row: Row[Any], at: datetime) -> dict[str, object]:
    return {
        "id": _delivery_id(endpoint, row.place),
        "endpoint_id": endpoint.id,
        "place": row.place,
        "event_id": row.leaf_hash,
        "event_type": row.type,
        "claim_id": row.claim_id,
        "put_at": at,
        "attempts": 0,
    }


def _effect(endpoint: Endpoint, row: Row[Any], at: datetime) -> dict[str, object]:
    return {
        "id": _delivery_id(endpoint, row.place),
        "claim_id": row.claim_id,
        "kind": EffectKind.DELIVER,
        "arguments": {"endpoint": str(endpoint.id)},
        "endpoint_id": endpoint.id,
        "state": EffectState.PENDING,
        "due_at": at,
    }
