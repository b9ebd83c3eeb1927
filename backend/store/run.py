"""The one way in: load, decide, append, project and ask for effects, as one function in one transaction."""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import structlog
from sqlalchemy import Connection, bindparam, select

from backend import instruments
from backend.domain.authority.sight import Sight
from backend.domain.claim import Claim
from backend.domain.commands import Command, Report
from backend.domain.decide import decide_and_apply
from backend.domain.decisions.facts import Clocks
from backend.domain.effects import Effect, effects_of
from backend.domain.events import Recorded
from backend.domain.fold import fold, steps
from backend.domain.ids import ClaimId, Digest
from backend.domain.photos import photos_as_said
from backend.domain.plain import canonical_text
from backend.domain.policy import as_said
from backend.domain.problems import ClaimDiffers, NotFound
from backend.domain.signatures import Seal
from backend.domain.stages import Stage, after_event
from backend.products.catalogue import Catalogue
from backend.store import clock_rows, effects, events, facts, ledger, packing, projection, tables, voices
from backend.store.engine import DatabaseEngine
from backend.store.news import EFFECTS
from backend.store.products import Shelf
from backend.store.queue import MOST_WAITING, Queue

T = TypeVar("T")
MOST_CLASHES = 8
log = structlog.get_logger()
_BODY_HASH = select(tables.claims.c.body_hash).where(tables.claims.c.id == bindparam("claim_id"))


@dataclass(frozen=True, slots=True)
class Outcome:
    """A claim after a command, and what the command recorded: nothing when it only repeated what stands."""

    claim: Claim
    recorded: tuple[Recorded, ...]

    @property
    def is_new(self) -> bool:
        """Whether this command recorded the claim's first event."""
        return bool(self.recorded) and self.recorded[0].seq == 1


class Store:
    """Claims on a database."""

    def __init__(
        self,
        engine: DatabaseEngine,
        catalogue: Catalogue,
        clocks: Clocks = Clocks(),  # noqa: B008 - frozen
        *,
        seal: Seal | None = None,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        self.engine = engine
        self._queue = Queue(most_waiting)
        self.products = Shelf(catalogue)
        self._clocks = clocks
        self._seal = seal

    async def run(self, claim_id: ClaimId, command: Command, *, at: datetime) -> Outcome:
        """Carry out one command durably.

        Raises:
            Problem: As the command's decision says; nothing was recorded.
        """
        return await self.write(lambda connection: self.carry_out(connection, claim_id, command, at))

    def run_blocking(self, claim_id: ClaimId, command: Command, *, at: datetime) -> Outcome:
        """``run`` for threads that carry out effects."""
        return self.submit(lambda connection: self.carry_out(connection, claim_id, command, at)).result()

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run *work* in a write transaction of its own standing.

        It sees everything: what a command turns on crosses counties, such as a photo that was used elsewhere. Whoever
        asked has been let to its claim before.

        Raises:
            ServerBusy: Too many of these are waiting; the effects' writes are not held back, only others' requests.
        """
        with self._queue.place():
            # Shielded: a client that hangs up must not cancel a write that another one may be waiting for.
            return await asyncio.shield(asyncio.wrap_future(self.submit(work)))

    @property
    def waiting(self) -> int:
        """How many requests wait for a write to be durable."""
        return self._queue.waiting

    def submit(self, work: Callable[[Connection], T]) -> "Future[T]":
        """Queue *work* in a write transaction of its own standing."""
        return self.engine.write(work)

    def listen(self, callback: Callable[[ClaimId | None], None]) -> Callable[[], None]:
        """Call *callback*, from any thread, soon after events of a claim were committed by any process.

        None: anything may have changed. News is a hint that may come late or twice: read the claim. Returns what ends
        it.
        """

        def hear(topics: frozenset[str] | None) -> None:
            for topic in (None,) if topics is None else topics - {EFFECTS}:
                callback(None if topic is None else ClaimId(UUID(topic)))

        return self.engine.listen(hear)

    def listen_for_effects(self, wake: Callable[[], None]) -> Callable[[], None]:
        """Call *wake*, from any thread, soon after effects were asked for; returns what ends it."""

        def hear(topics: frozenset[str] | None) -> None:
            if topics is None or EFFECTS in topics:
                wake()

        return self.engine.listen(hear)

    async def read(self, work: Callable[[Connection], T], *, sight: Sight) -> T:
        """Run *work* on a snapshot of what *sight* sees, off the event loop."""
        return await asyncio.to_thread(self.engine.read, work, sight)

    def carry_out(self, connection: Connection, claim_id: ClaimId, command: Command, at: datetime) -> Outcome:
        """The whole step inside a transaction that the caller has; a version clash is decided again.

        Raises:
            Problem: As the command's decision says; the caller's transaction may not be committed then.
        """
        # A clash shows at the step's first write: nothing has to be taken back before deciding again.
        for _ in range(MOST_CLASHES):
            try:
                return self._step(connection, claim_id, command, at)
            except projection.VersionClash:
                instruments.VERSION_CLASHES.inc()
                log.info("command.clashed", command=command.name, claim_id=str(claim_id))
                continue
        raise projection.VersionClash

    def try_out(self, connection: Connection, claim_id: ClaimId, command: Command, at: datetime) -> Outcome:
        """What a command on a claim would come to; nothing is kept.

        Runs in a write transaction all the same: it locks what the command would lock, and so sees what it would see.

        Raises:
            NotFound: No such claim.
            Problem: As the command's decision says.
        """
        history = events.history(connection, claim_id)
        if not history:
            raise NotFound("claim", claim_id)
        before = fold(history)
        known = facts.gather(connection, before, command, self.products, self._clocks, at)
        after, recorded = decide_and_apply(before, command, known, max(at, history[-1].at))
        return Outcome(after or before, tuple(recorded))

    def _step(self, connection: Connection, claim_id: ClaimId, command: Command, at: datetime) -> Outcome:
        if isinstance(command, Report):
            return self._report(connection, command, at)
        history = events.history(connection, claim_id)
        if not history:
            raise NotFound("claim", claim_id)
        # Whoever waited for another writer decides later than when it was asked: time never runs backwards in a claim.
        at = max(at, history[-1].at)
        before = fold(history)
        known = facts.gather(connection, before, command, self.products, self._clocks, at)
        after, recorded = decide_and_apply(before, command, known, at, seal=self._seal)
        if after is None or not recorded:
            return Outcome(before, ())
        projection.update_claim(connection, before, after)
        self._record(connection, before, recorded, after)
        return Outcome(after, tuple(recorded))

    def _report(self, connection: Connection, command: Report, at: datetime) -> Outcome:
        said = body_hash(command)
        standing = connection.scalar(_BODY_HASH, {"claim_id": command.claim_id})
        if standing is not None:
            if standing != said:
                raise ClaimDiffers(command.claim_id)
            return Outcome(events.load(connection, command.claim_id), ())
        known = facts.gather_for_report(connection, command, self.products, self._clocks, at)
        claim, recorded = decide_and_apply(None, command, known, at)
        if claim is None:
            raise RuntimeError("a report records at least one event")
        projection.insert_claim(connection, claim, said)
        self._record(connection, None, recorded, claim)
        return Outcome(claim, tuple(recorded))

    def _record(
        self, connection: Connection, before: Claim | None, recorded: Sequence[Recorded], after: Claim
    ) -> None:
        claim_id = after.report.claim_id
        events.append(connection, claim_id, recorded)
        ledger.post(connection, before, recorded, after)
        stages_before = projection.stages(connection, claim_id) if before else ()
        stages: tuple[Stage, ...] = stages_before
        asked: list[Effect] = []
        for stood, entry, became in steps(before, recorded, after):
            stages = after_event(stages, became, entry.at)
            asked += effects_of(stood, entry, became, self._clocks)
        if stages != stages_before:
            projection.update_stages(connection, claim_id, stages_before, stages)
        if stages != stages_before or before is None or before.path != after.path:
            packing.note(connection, after)
        clock_rows.follow(connection, before, after, self._clocks.timetable)
        voices.follow(connection, before, after)
        if asked:
            effects.put(connection, claim_id, asked)
            self.engine.announce(connection, EFFECTS)
        self.engine.announce(connection, str(claim_id))


def _unsaid(command: Report) -> frozenset[str]:
    """What does not make a report another one: who sent it, and whether the farmer's code let them.

    Consent that was not given is as unsaid as before there was a word for it: a phone may repeat a report across an
    upgrade.
    """
    always = frozenset({"by", "assistance"})
    return always if command.photos_may_teach else always | {"photos_may_teach"}


def body_hash(command: Report) -> Digest:
    """What makes two reports the same: everything in them, not who sent them."""
    said = {field.name: getattr(command, field.name) for field in fields(command)}
    said["animals"] = as_said(command.animals)
    said["photos"] = photos_as_said(command.photos)
    body = [value for name, value in said.items() if name not in _unsaid(command)]
    return Digest(hashlib.sha256(canonical_text(body).encode()).hexdigest())
