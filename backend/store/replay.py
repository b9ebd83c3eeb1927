"""Whether a database is what its events say: every leaf hash worked out anew, every claim folded again.

With a catalogue of products the machine's decisions are made again too, each under the versions that it names.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any  # a row's columns are what its statement selects
from uuid import UUID

from sqlalchemy import Connection, Row, Table, select

from backend.domain.claim import Claim
from backend.domain.events import Recorded
from backend.domain.fold import apply
from backend.domain.ids import ClaimId
from backend.domain.ledger import NOTHING, balances, lines_between
from backend.domain.personal.problems import PersonalDataAltered
from backend.domain.personal.withheld import has_erased, is_withholding, opened
from backend.domain.policy import policy_day
from backend.domain.replaying.difference import Difference
from backend.domain.replaying.history import DecisionsAgain
from backend.domain.replaying.sums import Products
from backend.domain.stages import Stage, after_event
from backend.store import beside, counts, flags, packing, tables, visit_tables, visits, voices
from backend.store.codec import encode_payload, leaf_hash, recorded_from
from backend.store.copying import BATCH, Progress, rows_of
from backend.store.doubt_tables import claim_counts, claim_flags
from backend.store.duty_tables import claim_delegations
from backend.store.personal_tables import personal_values
from backend.store.projection import claim_row
from backend.store.rating_tables import claim_voices, tickets
from backend.store.recount import Recount
from backend.store.upcast import unknown_field, upcast
from backend.store.vault import vault_of

MOST_FAULTS = 20
"""Named one by one; a database with more is not mended by reading on."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What differs on one claim; where it is a field of an event or row, with both of its values.

    ``claim`` is its number, empty where all claims together differ from a row.
    """

    claim: str
    what: str
    difference: Difference | None = None

    @property
    def text(self) -> str:
        """One sentence."""
        return f"{self.claim}: {self.what}" if self.claim else self.what

    def as_json(self) -> dict[str, object]:
        """For scripts: the keys are always there."""
        one = self.difference
        return {
            "claim": self.claim,
            "seq": one.seq if one else None,
            "field": one.field if one else None,
            "recorded": one.recorded if one else None,
            "replayed": one.replayed if one else None,
            "text": self.text,
        }


@dataclass(slots=True)
class Replay:
    """What was looked at, and what differs.

    ``decisions`` were made again and ``folded`` were taken as recorded, by kind: their events do not hold their facts.
    ``older_forms`` counts events that were written before today's form, ``erased`` those with personal data erased.
    """

    claims: int = 0
    events: int = 0
    decisions: int = 0
    older_forms: int = 0
    erased: int = 0
    folded: Counter[str] = field(default_factory=Counter)
    found: list[Fault] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        """A sentence each, with the claim's number."""
        return [one.text for one in self.found]


def events_digest(connection: Connection, *, anew: bool) -> str:
    """sha-256 over all events' leaf hashes in order: as they are stored, or worked out *anew* from the events."""
    digest = hashlib.sha256()
    for row in rows_of(connection, tables.events):
        digest.update((_leaf(row) if anew else row.leaf_hash).encode())
    return digest.hexdigest()


def replay(
    connection: Connection,
    progress: Progress,
    *,
    products: Products | None = None,
    only: ClaimId | None = None,
) -> Replay:
    """Fold every claim's events again and compare with every row that stands for it; stops at MOST_FAULTS.

    Args:
        connection: A snapshot: rows that change meanwhile would differ.
        progress: Told how many claims are done.
        products: Also make the machine's decisions again, under these products.
        only: This claim alone.
    """
    done = Replay()
    histories = _Grouped(connection, tables.events, "seq", only)
    personal = _Grouped(connection, personal_values, "seq", only)
    vault = vault_of(connection)
    rows_beside = {
        "stages": _Grouped(connection, tables.claim_stages, "place", only),
        "photos": _Grouped(connection, tables.claim_photos, "photo_id", only),
        "tags": _Grouped(connection, tables.claim_tags, "tag", only),
        "payouts": _Grouped(connection, tables.payouts, "no", only),
        "delegations": _Grouped(connection, claim_delegations, "lane", only),
        "ratings": _Grouped(connection, claim_voices, "day", only),
        "tickets": _Grouped(connection, tickets, "no", only),
        "flags": _Grouped(connection, claim_flags, "key", only),
        "count": _Grouped(connection, claim_counts, "week", only),
        "visits": _Grouped(connection, visit_tables.visits, "no", only),
        "ledger entries": _Grouped(connection, tables.ledger_entries, "seq", only),
    }
    recount = Recount()
    claims = select(tables.claims).order_by(tables.claims.c.id)
    if only:
        claims = claims.where(tables.claims.c.id == only)
    for row in connection.execute(claims, execution_options={"yield_per": BATCH}):
        history = histories.take(row.id)
        found = {name: rows.take(row.id) for name, rows in rows_beside.items()}
        kept = personal.take(row.id)
        done.claims += 1
        done.events += len(history)
        try:
            facts = beside.by_seq(kept, vault)
        except PersonalDataAltered as altered:
            done.found.append(Fault(str(row.number), altered.detail))
            continue
        done.found += _faults(row, history, facts, found, done, products, recount)
        if len(done.found) >= MOST_FAULTS:
            break
        if done.claims % 100 == 0:
            progress("folding claims", done.claims)
    if not done.found and not only:
        # Where a claim is not what its events say, sums over claims would only say so again.
        done.found += (Fault("", told) for told in recount.faults(connection))
        done.found += (Fault("", told) for told in packing.faults(connection))
    return done


class _Grouped:
    """A table's rows, handed out claim by claim in the order of the claims' ids: every table is read once."""

    def __init__(self, connection: Connection, source: Table, then: str, only: ClaimId | None) -> None:
        ordered = select(source).order_by(source.c.claim_id, source.c[then])
        if only:
            ordered = ordered.where(source.c.claim_id == only)
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
    row: Row[Any],
    history: list[Row[Any]],
    facts: Mapping[int, beside.Facts],
    found: dict[str, list[Row[Any]]],
    done: Replay,
    products: Products | None,
    recount: Recount,
) -> Iterator[Fault]:
    folding = _Folding(str(row.number), products)
    for place, event in enumerate(history, start=1):
        if event.seq != place:
            yield Fault(folding.number, f"event {place} is missing")
            return
        try:
            known = facts.get(event.seq, beside.NONE)
            recorded = recorded_from(event, known)
        except PersonalDataAltered as altered:
            yield Fault(folding.number, f"event {place}: {altered.detail}")
            return
        except ValueError as strange:
            # Of a newer release, or no event at all: whatever follows stands on it, and nothing of it is guessed.
            yield Fault(folding.number, f"event {place} cannot be read: {strange}")
            return
        if leaf_hash(ClaimId(row.id), recorded, event.payload) != event.leaf_hash:
            yield Fault(folding.number, f"event {place} is not what its leaf hash says")
        payload = event.payload
        if is_withholding(event.type, payload):
            done.erased += has_erased(payload, known)
            payload = opened(payload, known)
        yield from _form_of(folding.number, event.seq, payload, recorded, done)
        yield from folding.take(recorded)
    yield from folding.end(row, found)
    if folding.claim:
        recount.add(folding.claim)
    if folding.again:
        done.decisions += folding.again.made
        done.folded.update(folding.again.folded)


class _Folding:
    """One claim on its way from its first event to its last, with all that stands for it."""

    def __init__(self, number: str, products: Products | None) -> None:
        self.number = number
        self.again = None if products is None else DecisionsAgain(products)
        self.claim: Claim | None = None
        self._stages: tuple[Stage, ...] = ()
        self._ledger: list[tuple[object, ...]] = []
        self._balances = NOTHING

    def take(self, recorded: Recorded) -> Iterator[Fault]:
        """One event more; a decision that comes out otherwise is named."""
        before, self.claim = self.claim, apply(self.claim, recorded)
        if self.again:
            yield from (
                Fault(self.number, str(one), one) for one in self.again.take(before, recorded, self.claim)
            )
        stood, self._balances = self._balances, balances(self.claim)
        self._ledger += [
            (one.seq, one.line, one.account, one.amount, policy_day(recorded.at))
            for one in lines_between(recorded.seq, stood, self._balances)
        ]
        self._stages = after_event(self._stages, self.claim, recorded.at)

    def end(self, row: Row[Any], found: dict[str, list[Row[Any]]]) -> Iterator[Fault]:
        """What differs between all events and the rows that stand for the claim."""
        claim = self.claim
        if claim is None:
            yield Fault(self.number, "there are no events")
            return
        if self.again:
            yield from (Fault(self.number, str(one), one) for one in self.again.end(claim.version))
        for name, value in claim_row(claim).items():
            if (kept := getattr(row, name)) != value:
                told = Difference(claim.version, f"claims.{name}", str(kept), str(value))
                yield Fault(self.number, f"claims.{name} is {kept}, its events say {value}", told)
        expected = _expected(claim, self._stages) | {"ledger entries": self._ledger}
        # Sorted here: engines order texts each in their own way.
        yield from (
            Fault(self.number, f"its {name} are not what its events say")
            for name, rows in expected.items()
            if sorted(rows)
            != sorted(tuple(getattr(one, column) for column in _LOOKED_AT[name]) for one in found[name])
        )


def _form_of(number: str, seq: int, payload: str, recorded: Recorded, done: Replay) -> Iterator[Fault]:
    """An older form is counted; a field that this release does not know is a fault: it would be left out unseen."""
    today = encode_payload(recorded.event)
    if today == payload:
        return
    done.older_forms += 1
    raised = upcast(recorded.event.type, payload) or payload
    if lost := unknown_field(json.loads(raised), json.loads(today)):
        yield Fault(number, f"event {seq} says {lost}, which this release does not know")


_LOOKED_AT = {
    "stages": ("place", "name", "held_by", "entered_at", "started_at", "ended_at", "standstill"),
    "photos": ("photo_id", "received_at"),
    "tags": ("tag",),
    "delegations": ("lane", "organisation_id"),
    "flags": flags.COLUMNS,
    "count": counts.COLUMNS,
    "visits": visits.COLUMNS,
    "payouts": (
        *("no", "id", "amount", "state", "bank_reference", "reason"),
        *("started_at", "confirmed_at", "returned_at", "bank_file"),
    ),
    "ratings": tuple(column.name for column in claim_voices.c),
    "tickets": tuple(column.name for column in tickets.c),
    "ledger entries": ("seq", "line", "account", "amount", "day"),
}


def _expected(claim: Claim, stages: tuple[Stage, ...]) -> dict[str, list[tuple[object, ...]]]:
    rated = voices.voice_row(claim)
    answered = [voices.ticket_row(claim, one) for one in claim.tickets]
    return {
        "ratings": [tuple(rated[column] for column in _LOOKED_AT["ratings"])] if rated else [],
        "tickets": [tuple(row[column] for column in _LOOKED_AT["tickets"]) for row in answered],
        "stages": [
            (place, *(getattr(one, column) for column in _LOOKED_AT["stages"][1:]))
            for place, one in enumerate(stages)
        ],
        "photos": [(one.id, one.received_at) for one in claim.photos],
        "delegations": [(lane, asked.to) for lane, asked in claim.delegated.items()],
        "tags": [*{(animal.tag,) for animal in claim.animals if animal.tag}],
        "flags": [tuple(one.values()) for one in flags.rows_of(claim)],
        "count": [tuple(one.values()) for one in counts.rows_of(claim)],
        "visits": [tuple(one.values()) for one in visits.rows_of(claim)],
        "payouts": [tuple(getattr(one, column) for column in _LOOKED_AT["payouts"]) for one in claim.payouts],
    }


def _leaf(row: Row[Any]) -> str:
    return leaf_hash(ClaimId(row.claim_id), recorded_from(row), row.payload)
