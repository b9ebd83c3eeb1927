"""What has to be true once the storm is over, looked at from outside: database, bank's books, files."""

import hashlib
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import rfc8785

from backend.adapters.key_ring import KeyRing
from backend.domain.claim import Claim
from backend.domain.decisions.facts import Clocks
from backend.domain.effects import effects_of
from backend.domain.events import Recorded
from backend.domain.fold import apply
from backend.domain.ids import OrganisationId
from backend.domain.parties import Actor
from backend.domain.stages import stages_of
from backend.domain.words import ActorKind, Lane, State
from backend.settings import Settings
from backend.store.codec import decode_event
from backend.store.sealed import PAYEE_ACCOUNT
from backend.store.vault import Vault
from backend.timetables.load import timetable
from tests.chaos.callers import Tally
from tests.chaos.outside import Row, rows

_PAID = {State.PAID, State.CLOSED}
_MOVED = {"ACCEPTED", "SETTLED"}


@dataclass(frozen=True)
class Traces:
    """Everything that the installation left behind, by claim where it belongs to one."""

    claims: dict[UUID, Row]
    events: Mapping[UUID, list[Row]]
    photos: Mapping[UUID, list[Row]]
    stages: Mapping[UUID, list[Row]]
    payouts: Mapping[UUID, list[Row]]
    tags: Mapping[UUID, list[Row]]
    effects: Mapping[UUID, list[Row]]
    accounts: dict[str, str]
    """Payee's account by policy."""
    transfers: list[Row]
    """The bank's books."""
    photo_folder: Path
    clocks: Clocks
    quiet_at: datetime
    """When it was last looked whether anything was due; later timers found nobody at work any more."""


def traces(settings: Settings, books: Path, quiet_at: datetime) -> Traces:
    """Read them; nothing may be running that still writes."""
    database, vault = settings.database, Vault(KeyRing(settings.keys))
    with closing(sqlite3.connect(books)) as bank:
        bank.row_factory = sqlite3.Row
        transfers = [dict(row) for row in bank.execute("SELECT * FROM transfers ORDER BY serial")]
    return Traces(
        claims={row["id"]: row for row in rows(database, "claims")},
        events=_by_claim(database, "events", "seq"),
        photos=_by_claim(database, "claim_photos", "photo_id"),
        stages=_by_claim(database, "claim_stages", "place"),
        payouts=_by_claim(database, "payouts", "no"),
        tags=_by_claim(database, "claim_tags", "tag"),
        effects=_by_claim(database, "effects", "due_at"),
        accounts={
            row["number"]: vault.open(row["payee_account"], PAYEE_ACCOUNT, row["number"])
            for row in rows(database, "policies")
        },
        transfers=transfers,
        photo_folder=settings.photo_folder,
        clocks=Clocks(
            payout_target=settings.payout_target,
            verification_wait=settings.verification_wait,
            bank_key_memory=settings.bank_key_memory,
            timetable=timetable(settings.timetables),
        ),
        quiet_at=quiet_at,
    )


def violations(found: Traces, tally: Tally) -> list[str]:
    """Every broken promise, in words; none when the installation is sound."""
    broken = [*tally.wrong, *_promises(found, tally), *_money(found, tally)]
    for claim_id, row in found.claims.items():
        broken += [f"{row['number']}: {what}" for what in _claim(found, claim_id, row)]
    return broken


def _promises(found: Traces, tally: Tally) -> Iterator[str]:
    """What was acknowledged is there."""
    for claim, number in tally.numbers.items():
        row = found.claims.get(UUID(claim))
        if row is None:
            yield f"report {claim} was acknowledged as {number} and is gone"
        elif row["number"] != number:
            yield f"report {claim} was acknowledged as {number} and is {row['number']}"
    for claim, sha256 in tally.photos:
        received = {photo["photo_id"]: photo["received_at"] for photo in found.photos[UUID(claim)]}
        if not received.get(sha256):
            yield f"photo {sha256:.12} of {claim} was acknowledged and has not arrived"
    twice = [
        number
        for number, times in Counter(row["number"] for row in found.claims.values()).items()
        if times > 1
    ]
    if twice:
        yield f"claims share the numbers {twice}"


def _money(found: Traces, tally: Tally) -> Iterator[str]:
    """The bank's books against ours: exactly one transfer for a paid claim, none for another."""
    moved = defaultdict(list)
    for transfer in found.transfers:
        if transfer["state"] in _MOVED:
            moved[transfer["reference"].split("/")[0]].append(transfer)
    strangers = set(moved) - {row["number"] for row in found.claims.values()}
    if strangers:
        yield f"the bank paid {strangers}, which are no claims"
    for row in found.claims.values():
        for what in _paid(found, row, moved[row["number"]]):
            yield f"{row['number']}: {what}"
    for claim, number in tally.numbers.items():
        state = found.claims[UUID(claim)]["state"] if UUID(claim) in found.claims else "gone"
        if state not in _PAID:
            yield f"{number} should be paid by now and is {state}"


def _paid(found: Traces, row: Row, transfers: list[Row]) -> Iterator[str]:
    """What the bank moved for one claim: once, under our key, the right sum, to the right account."""
    if len(transfers) > 1:
        yield f"it was paid {len(transfers)} times"
    known = [(str(one["id"]), one["amount"]) for one in found.payouts[row["id"]]]
    for transfer in transfers:
        if (transfer["key"], transfer["fen"]) not in known:
            yield f"the bank moved {transfer['fen']} under {transfer['key']}, we know {known}"
        if transfer["account"] != found.accounts[row["policy_number"]]:
            yield "it was paid to another account"
        if transfer["state"] != "SETTLED":
            yield "the bank never settled it"
    if (row["state"] in _PAID) != bool(transfers):
        yield f"it is {row['state']} and the bank moved {len(transfers)} transfers"


def _claim(found: Traces, claim_id: UUID, row: Row) -> Iterator[str]:
    """One claim's history, and everything that was made from it."""
    written = found.events[claim_id]
    if [event["seq"] for event in written] != list(range(1, len(written) + 1)):
        yield f"its events are {[event['seq'] for event in written]}"
        return
    for event in written:
        if event["leaf_hash"] != _leaf(claim_id, event):
            yield f"the leaf hash of event {event['seq']} does not fit"
    history = [_recorded(event) for event in written]
    if [entry.at for entry in history] != sorted(entry.at for entry in history):
        yield "time runs backwards in it"
    claim: Claim | None = None
    asked: set[UUID] = set()
    for entry in history:
        became = apply(claim, entry)
        asked |= {effect.id for effect in effects_of(claim, entry, became, found.clocks)}
        claim = became
    assert claim is not None
    yield from _projection(found, claim_id, row, claim)
    shown = [
        (one["name"], one["held_by"], one["started_at"], one["ended_at"]) for one in found.stages[claim_id]
    ]
    made = [(one.name, one.held_by, one.started_at, one.ended_at) for one in stages_of(history)]
    if shown != made:
        yield f"its stages are {shown}, the events make {made}"
    yield from _effects(found.effects[claim_id], asked, found.quiet_at)


def _projection(found: Traces, claim_id: UUID, row: Row, claim: Claim) -> Iterator[str]:
    """The rows that lists and figures read, against the fold of the events."""
    payout = claim.payout
    expected: dict[str, Any] = {
        "version": claim.version,
        "number": claim.report.number,
        "policy_number": claim.report.policy.number,
        "heads": claim.heads,
        "state": claim.state,
        "path": claim.path,
        "amount": claim.offer.amount.fen if claim.offer else None,
        "reported_at": claim.reported_at,
        "due_at": claim.report.due_at,
        "paid_at": payout.confirmed_at if payout else None,
    } | {lane.value: claim.lanes[lane].state for lane in Lane}
    for column, value in expected.items():
        if row[column] != value:
            yield f"its {column} is {row[column]}, the events say {value}"
    photos = {one["photo_id"]: one["received_at"] for one in found.photos[claim_id]}
    if photos != {photo.id: photo.received_at for photo in claim.photos}:
        yield "its photos are not those of its events"
    for photo in claim.photos:
        if photo.received_at:
            original = found.photo_folder / photo.id[:2] / photo.id[2:4] / photo.id
            content = original.read_bytes() if original.exists() else b""
            if hashlib.sha256(content).hexdigest() != photo.id:
                yield f"its photo {photo.id:.12} is recorded, and {len(content)} other bytes are kept"
    payouts = {
        (one["id"], one["amount"], one["state"], one["confirmed_at"]) for one in found.payouts[claim_id]
    }
    if payouts != {(one.id, one.amount.fen, one.state, one.confirmed_at) for one in claim.payouts}:
        yield f"its payouts are {payouts}"
    if {one["tag"] for one in found.tags[claim_id]} != {animal.tag for animal in claim.animals if animal.tag}:
        yield "its tags are not those of its events"


def _effects(kept: list[Row], asked: set[UUID], quiet_at: datetime) -> Iterator[str]:
    """Every effect that an event asked for is there, and in nobody's hands."""
    lost, unasked = asked - {one["id"] for one in kept}, {one["id"] for one in kept} - asked
    if lost or unasked:
        yield f"{len(lost)} effects are lost, {len(unasked)} were asked for by no event"
    for one in kept:
        if one["leased_until"] is not None:
            yield f"{one['kind']} is still leased by {one['leased_by']}"
        if one["state"] == "pending" and one["due_at"] <= quiet_at:
            why = f"after {one['failures']} failures: {one['last_error']}"
            yield f"{one['kind']} has been due since {one['due_at']}, {why}"


def _recorded(event: Row) -> Recorded:
    organisation = None if event["organisation"] is None else OrganisationId(event["organisation"])
    return Recorded(
        seq=event["seq"],
        at=event["at"].astimezone(UTC),
        actor=Actor(ActorKind(event["actor_kind"]), event["actor"], organisation),
        event=decode_event(event["type"], event["payload"]),
    )


def _leaf(claim_id: UUID, event: Row) -> str:
    """RFC 6962 over RFC 8785, by another library than ours."""
    record = {
        "claim_id": str(claim_id),
        "seq": event["seq"],
        "at": event["at"].astimezone(UTC).isoformat(timespec="microseconds"),
        "type": event["type"],
        "actor": {"kind": event["actor_kind"], "id": event["actor"], "organisation": event["organisation"]},
        "payload": event["payload"],
    }
    return hashlib.sha256(b"\x00" + rfc8785.dumps(record)).hexdigest()


def _by_claim(database: str, table: str, order: str) -> Mapping[UUID, list[Row]]:
    found: defaultdict[UUID, list[Row]] = defaultdict(list)
    for row in sorted(rows(database, table), key=lambda row: row[order]):
        found[row["claim_id"]].append(row)
    return found
