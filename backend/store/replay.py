"""Whether a database is what its events say: every leaf hash worked out anew, every claim folded again."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any  # a row's columns are what its statement selects
from uuid import UUID

from sqlalchemy import Connection, Row, Table, select

from backend.domain.claim import Claim
from backend.domain.fold import apply
from backend.domain.ids import ClaimId
from backend.domain.ledger import entries_of
from backend.domain.policy import policy_day
from backend.domain.stages import Stage, after_event
from backend.store import tables
from backend.store.codec import leaf_hash, recorded_from
from backend.store.copying import BATCH, Progress, rows_of
from backend.store.projection import claim_row
from backend.store.recount import Recount

MOST_FAULTS = 20
"""Named one by one; a database with more is not mended by reading on."""


@dataclass(slots=True)
class Replay:
    """What was looked at, and what differs: a sentence each, with the claim's number."""

    claims: int = 0
    events: int = 0
    faults: list[str] = field(default_factory=list)


def events_digest(connection: Connection, *, anew: bool) -> str:
    """sha-256 over all events' leaf hashes in order: as they are stored, or worked out *anew* from the events."""
    digest = hashlib.sha256()
    for row in rows_of(connection, tables.events):
        digest.update((_leaf(row) if anew else row.leaf_hash).encode())
    return digest.hexdigest()


def replay(connection: Connection, progress: Progress) -> Replay:
    """Fold every claim's events again and compare with every row that stands for it; stops at MOST_FAULTS."""
    done = Replay()
    histories = _Grouped(connection, tables.events, "seq")
    beside = {
        "stages": _Grouped(connection, tables.claim_stages, "place"),
        "photos": _Grouped(connection, tables.claim_photos, "photo_id"),
        "tags": _Grouped(connection, tables.claim_tags, "tag"),
        "payouts": _Grouped(connection, tables.payouts, "no"),
        "ledger entries": _Grouped(connection, tables.ledger_entries, "seq"),
    }
    recount = Recount()
    claims = select(tables.claims).order_by(tables.claims.c.id)
    for row in connection.execute(claims, execution_options={"yield_per": BATCH}):
        history = histories.take(row.id)
        found = {name: rows.take(row.id) for name, rows in beside.items()}
        done.claims += 1
        done.events += len(history)
        done.faults += [f"{row.number}: {fault}" for fault in _faults(row, history, found, recount)]
        if len(done.faults) >= MOST_FAULTS:
            break
        if done.claims % 100 == 0:
            progress("folding claims", done.claims)
    if not done.faults:
        # Where a claim is not what its events say, sums over claims would only say so again.
        done.faults += recount.faults(connection)
    return done


class _Grouped:
    """A table's rows, handed out claim by claim in the order of the claims' ids: every table is read once."""

    def __init__(self, connection: Connection, source: Table, then: str) -> None:
        ordered = select(source).order_by(source.c.claim_id, source.c[then])
        rows = connection.execute(ordered, execution_options={"yield_per": BATCH})
        self._groups: Iterator[tuple[UUID, Iterator[Row[Any]]]] = groupby(rows, key=lambda row: row.claim_id)
        self._next = self._following()

    def take(self, claim_id: UUID) -> list[Row[Any]]:
        if self._next is None or self._next[0] != claim_id:
            return []
        rows = self._next[1]
        self._next = self._following()
        return rows

    def _following(self) -> tuple[UUID, list[Row[Any]]] | None:
        group = next(self._groups, None)
        return None if group is None else (group[0], list(group[1]))


def _faults(
    row: Row[Any], history: list[Row[Any]], found: dict[str, list[Row[Any]]], recount: Recount
) -> Iterator[str]:
    claim: Claim | None = None
    stages: tuple[Stage, ...] = ()
    ledger: list[tuple[object, ...]] = []
    for place, event in enumerate(history, start=1):
        if event.seq != place:
            yield f"event {place} is missing"
            return
        if _leaf(event) != event.leaf_hash:
            yield f"event {place} is not what its leaf hash says"
        recorded = recorded_from(event)
        before, claim = claim, apply(claim, recorded)
        ledger += [
            (one.seq, one.line, one.account, one.amount, policy_day(recorded.at))
            for one in entries_of(before, recorded, claim)
        ]
        stages = after_event(stages, claim, recorded.at)
    if claim is None:
        yield "there are no events"
        return
    recount.add(claim)
    yield from (
        f"claims.{name} is {getattr(row, name)}, its events say {value}"
        for name, value in claim_row(claim).items()
        if getattr(row, name) != value
    )
    # Sorted here: engines order texts each in their own way.
    yield from (
        f"its {name} are not what its events say"
        for name, expected in (_expected(claim, stages) | {"ledger entries": ledger}).items()
        if sorted(expected)
        != sorted(tuple(getattr(one, column) for column in _LOOKED_AT[name]) for one in found[name])
    )


_LOOKED_AT = {
    "stages": ("place", "name", "held_by", "started_at", "ended_at"),
    "photos": ("photo_id", "received_at"),
    "tags": ("tag",),
    "payouts": (
        *("no", "id", "amount", "state", "bank_reference", "reason"),
        *("started_at", "confirmed_at", "returned_at", "bank_file"),
    ),
    "ledger entries": ("seq", "line", "account", "amount", "day"),
}


def _expected(claim: Claim, stages: tuple[Stage, ...]) -> dict[str, list[tuple[object, ...]]]:
    return {
        "stages": [
            (place, one.name, one.held_by, one.started_at, one.ended_at) for place, one in enumerate(stages)
        ],
        "photos": [(one.id, one.received_at) for one in claim.photos],
        "tags": [*{(animal.tag,) for animal in claim.animals if animal.tag}],
        "payouts": [tuple(getattr(one, column) for column in _LOOKED_AT["payouts"]) for one in claim.payouts],
    }


def _leaf(row: Row[Any]) -> str:
    return leaf_hash(ClaimId(row.claim_id), recorded_from(row), row.payload)
