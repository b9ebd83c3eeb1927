"""Durable effects: written with their event, leased to one worker at a time, ended under a fencing token."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any  # a row's columns are what its statement selects
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, and_, case, func, insert, or_, select, text, update

from backend.domain.effects import Effect, EffectKind
from backend.domain.ids import ClaimId, EffectId
from backend.domain.problems import NotFound
from backend.store import tables

_PUT = insert(tables.effects)


_IS_WAITING = text("effects.state != 'done'")
"""Literally the condition of the index: with a bound value no planner could tell that it applies."""


class EffectState(StrEnum):
    """Where an effect stands."""

    PENDING = "pending"
    DONE = "done"
    DEAD = "dead"
    """It failed too often, or may not be tried again: an operator looks."""


@dataclass(frozen=True, slots=True)
class Leased:
    """An effect in one worker's hands. ``token`` fences: only the newest holder may say how it ended."""

    id: EffectId
    claim_id: ClaimId
    kind: EffectKind
    arguments: dict[str, str]
    failures: int
    token: int


@dataclass(frozen=True, slots=True)
class Share:
    """Which effects a worker takes: those of claims, or deliveries to webhooks but for endpoints that it passes by.

    Apart, for an endpoint that hangs must not keep a thread from a payout.
    """

    delivers: bool = False
    passes_by: frozenset[UUID] = frozenset()

    def holds(self) -> ColumnElement[bool]:
        """Whether an effect is among them."""
        endpoint = tables.effects.c.endpoint_id
        if not self.delivers:
            return endpoint.is_(None)
        return endpoint.is_not(None) & endpoint.not_in(self.passes_by)


OF_CLAIMS = Share()


@dataclass(frozen=True, slots=True)
class Backlog:
    """Effects of one kind that are not done. ``due`` are those of ``pending`` whose time has come."""

    kind: EffectKind
    pending: int
    due: int
    due_since: datetime | None
    dead: int


def put(connection: Connection, claim_id: ClaimId, asked: Sequence[Effect]) -> None:
    """Write effects in their event's transaction."""
    if not asked:
        return
    connection.execute(
        _PUT,
        [
            {
                "id": effect.id,
                "claim_id": claim_id,
                "kind": effect.kind,
                "arguments": effect.arguments,
                "state": EffectState.PENDING,
                "due_at": effect.due_at,
            }
            for effect in asked
        ],
    )


def lease(
    connection: Connection, worker: str, now: datetime, length: timedelta, share: Share = OF_CLAIMS
) -> Leased | None:
    """Take the effect of *share* that has been due longest and is in nobody's hands.

    A holder that was killed loses its lease by time; that does not count as a failure of the effect.
    """
    effects = tables.effects
    is_free = or_(effects.c.leased_until.is_(None), effects.c.leased_until < now)
    chosen = (
        select(effects.c.id)
        .where(
            *(_IS_WAITING, effects.c.state == EffectState.PENDING, effects.c.due_at <= now, is_free),
            share.holds(),
        )
        .order_by(effects.c.due_at)
        .limit(1)
        # On PostgreSQL workers pass each other by; SQLite, with one writer at a time, knows no such clause.
        .with_for_update(skip_locked=True)
    )
    row = connection.execute(
        update(effects)
        .where(effects.c.id == chosen.scalar_subquery())
        .values(leased_until=now + length, leased_by=worker, lease_token=effects.c.lease_token + 1)
        .returning(*effects.c)
    ).one_or_none()
    if row is None:
        return None
    return Leased(
        EffectId(row.id),
        ClaimId(row.claim_id),
        EffectKind(row.kind),
        row.arguments,
        row.failures,
        row.lease_token,
    )


def renew(connection: Connection, held: Sequence[Leased], until: datetime) -> None:
    """Keep effects that take long; those that ended, or that another worker has by now, stay as they are."""
    for leased in held:
        _still_held(connection, leased, {"leased_until": until})


def hand_back(connection: Connection, held: Sequence[Leased]) -> None:
    """Let another worker take these at once: ours is stopping and will not see them through."""
    for leased in held:
        _still_held(connection, leased, {"leased_until": None})


def finish(connection: Connection, leased: Leased, at: datetime) -> bool:
    """The effect is done; False when another worker has it by now."""
    return _still_held(connection, leased, {"state": EffectState.DONE, "ended_at": at, "leased_until": None})


def postpone(connection: Connection, leased: Leased, due_at: datetime) -> bool:
    """The world is not ready: look again later. Not a failure."""
    return _still_held(connection, leased, {"due_at": due_at, "leased_until": None})


def fail(connection: Connection, leased: Leased, due_at: datetime, error: str) -> bool:
    """It really failed: try again later."""
    values = {
        "due_at": due_at,
        "leased_until": None,
        "failures": leased.failures + 1,
        "last_error": error[:2000],
    }
    return _still_held(connection, leased, values)


def bury(connection: Connection, leased: Leased, at: datetime, error: str) -> bool:
    """Give up: an operator sees it (``effect list``) and may try it again."""
    values = {
        "state": EffectState.DEAD,
        "ended_at": at,
        "leased_until": None,
        "failures": leased.failures + 1,
        "last_error": error[:2000],
    }
    return _still_held(connection, leased, values)


def require(connection: Connection, effect_id: EffectId) -> None:
    """Refuse an effect that is none.

    Raises:
        NotFound: No effect has this id.
    """
    effects = tables.effects
    if connection.scalar(select(effects.c.id).where(effects.c.id == effect_id)) is None:
        raise NotFound("effect", effect_id)


def revive(connection: Connection, effect_id: EffectId, now: datetime) -> None:
    """An operator wants a dead effect tried again.

    Raises:
        NotFound: No dead effect has this id.
    """
    effects = tables.effects
    changed = connection.execute(
        update(effects)
        .where(effects.c.id == effect_id, effects.c.state == EffectState.DEAD)
        .values(state=EffectState.PENDING, due_at=now, failures=0, ended_at=None)
    )
    if changed.rowcount != 1:
        raise NotFound("dead effect", effect_id)


def hurry(connection: Connection, kind: EffectKind, now: datetime) -> None:
    """What effects of this kind wait for may have come: look at all of them now."""
    effects = tables.effects
    connection.execute(
        update(effects)
        .where(effects.c.kind == kind, effects.c.state == EffectState.PENDING, effects.c.due_at > now)
        .values(due_at=now)
    )


def next_due(connection: Connection, now: datetime, share: Share = OF_CLAIMS) -> datetime | None:
    """When the next waiting timer of *share* fires or its next lease ends; None when nothing is pending."""
    effects = tables.effects
    is_pending = and_(_IS_WAITING, effects.c.state == EffectState.PENDING, share.holds())
    is_free = or_(effects.c.leased_until.is_(None), effects.c.leased_until < now)
    due = connection.scalar(select(func.min(effects.c.due_at)).where(is_pending, is_free))
    lease_end = connection.scalar(select(func.min(effects.c.leased_until)).where(is_pending, ~is_free))
    return min((moment for moment in (due, lease_end) if moment), default=None)


def listed(connection: Connection, state: EffectState | None, most: int) -> Sequence[Row[Any]]:
    """Effects for an operator, newest first, with the number of their claim."""
    effects, claims = tables.effects, tables.claims
    statement = (
        select(effects, claims.c.number)
        .join(claims, claims.c.id == effects.c.claim_id)
        .order_by(effects.c.due_at.desc())
        .limit(most)
    )
    if state:
        statement = statement.where(effects.c.state == state)
    if state in {EffectState.PENDING, EffectState.DEAD}:
        statement = statement.where(_IS_WAITING)
    return connection.execute(statement).all()


def due_since(connection: Connection, now: datetime) -> datetime | None:
    """Since when the pending effect that has been due longest, in a worker's hands or not, has been due.

    Deliveries to webhooks are left out: an endpoint that does not answer is no fault of ours.
    """
    effects = tables.effects
    is_due = (_IS_WAITING, effects.c.state == EffectState.PENDING, effects.c.due_at <= now, OF_CLAIMS.holds())
    found: datetime | None = connection.scalar(select(func.min(effects.c.due_at)).where(*is_due))
    return found


def backlog(connection: Connection, now: datetime) -> list[Backlog]:
    """What is left to do, for every kind."""
    effects = tables.effects
    is_dead = effects.c.state == EffectState.DEAD
    is_due = (effects.c.state == EffectState.PENDING) & (effects.c.due_at <= now)
    rows = connection.execute(
        select(
            effects.c.kind,
            func.count(case((~is_dead, 1))).label("pending"),
            func.count(case((is_due, 1))).label("due"),
            func.min(case((is_due, effects.c.due_at))).label("due_since"),
            func.count(case((is_dead, 1))).label("dead"),
        )
        .where(_IS_WAITING)
        .group_by(effects.c.kind)
    )
    found = {
        row.kind: Backlog(EffectKind(row.kind), row.pending, row.due, row.due_since, row.dead) for row in rows
    }
    return [found.get(kind, Backlog(kind, 0, 0, None, 0)) for kind in EffectKind]


def _still_held(connection: Connection, leased: Leased, values: Mapping[str, object]) -> bool:
    effects = tables.effects
    # The token alone would let a renewal that comes late shut an effect that was just given back.
    is_held = (effects.c.lease_token == leased.token, effects.c.leased_until.is_not(None))
    changed = connection.execute(update(effects).where(effects.c.id == leased.id, *is_held).values(values))
    return changed.rowcount == 1
