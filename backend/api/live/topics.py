"""What clients look at: read once a change however many look, and kept for the next who comes.

A client takes ``changed`` first and looks then, a topic clears its bell first and reads then: so a commit between a
look and a wait always ends the wait, and nothing is missed, whatever the order.
"""

import asyncio
import hashlib
import json
from abc import ABC, abstractmethod
from functools import partial
from typing import ClassVar

import structlog

from backend.api.live.wire import Line, frame
from backend.domain.authority.sight import Sight
from backend.domain.ids import ClaimId
from backend.domain.words import Lane
from backend.insight.claim_file import Document, Reader
from backend.insight.following import Course, read_on
from backend.insight.lists import lane_queue
from backend.insight.visits import claims_digest
from backend.store.engine import Transaction
from backend.store.run import Store
from backend.workflows.clock import Clock

log = structlog.get_logger()
EVENTS_A_PAGE = 100
"""Read, and written to a client, in one go."""
QUEUE_ROWS = 50
"""A lane's queue is shown up to here; ``waiting`` counts them all."""


class Topic(ABC):
    """Something that changes, for as long as somebody looks."""

    rest_s: ClassVar[float]
    """Between two looks: a storm of news costs one look after each rest, the first news none."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._bell = asyncio.Event()
        self.changed = asyncio.Event()

    @abstractmethod
    def concerns(self, changed: frozenset[ClaimId]) -> bool:
        """Whether news of these claims is news of this."""

    @abstractmethod
    async def look(self) -> bool:
        """Read the database; whether anything is different now."""

    def ring(self) -> None:
        """There may be something new."""
        self._bell.set()

    async def keep(self) -> None:
        """Look now and after every ring, until cancelled."""
        while True:
            self._bell.clear()
            try:
                if await self.look():
                    self._publish()
            except Exception:
                # Whoever looks keeps what was shown last; the next ring looks again.
                log.exception("topic.look_failed")
            await asyncio.sleep(self.rest_s)
            await self._bell.wait()

    def _publish(self) -> None:
        changed, self.changed = self.changed, asyncio.Event()
        changed.set()


class Timeline(Topic):
    """One claim's events for one kind of reader, as frames; the next reading goes on where this one stopped."""

    rest_s = 0.02

    def __init__(self, store: Store, claim_id: ClaimId, reader: Reader, clock: Clock) -> None:
        super().__init__(store)
        self._claim_id = claim_id
        self._sight = Sight(claims=frozenset({claim_id}))
        self._reader = reader
        self._course = Course()
        self._frames: list[bytes] = []
        self._standing = b""
        self._clock, self._approach, self._digest = clock, b"", ""

    def concerns(self, changed: frozenset[ClaimId]) -> bool:
        """Whether it is one of them."""
        return self._claim_id in changed

    async def look(self) -> bool:
        """Read on, a page at a time."""
        known, digest = len(self._frames), self._digest
        while True:
            self._course, told, digest = await self._store.read(self._read, sight=self._sight)
            self._frames += [frame(str(one["type"]), one, str(one["seq"])) for one in told]
            if len(told) < EVENTS_A_PAGE:
                break
        is_new = len(self._frames) > known
        if is_new:
            self._standing = frame("standing", self._course.standing())
        if digest != self._digest:
            # What it is, whoever listens asks for: it differs with who they are.
            self._digest, self._approach = digest, frame("visit", {"digest": digest})
            return True
        return is_new

    def _read(self, connection: Transaction) -> tuple[Course, list[Document], str]:
        """The next page of events, and what is known of who is on the way, in short."""
        course, told = read_on(
            connection,
            claim_id=self._claim_id,
            course=self._course,
            language=self._reader.language,
            most=EVENTS_A_PAGE,
            is_link=self._reader.is_link,
        )
        return course, told, claims_digest(connection, self._claim_id, self._clock())

    async def tell(self, line: Line, after: int) -> None:
        """Send every event after this number, then where the claim stands; again after each change, until it ends."""
        place, standing, approach = after, b"", b""
        while True:
            changed = self.changed
            while page := self._frames[place : place + EVENTS_A_PAGE]:
                place += len(page)
                await line.write(b"".join(page))
            if self._standing != standing:
                standing = self._standing
                await line.write(standing)
            if self._approach != approach:
                approach = self._approach
                await line.write(approach)
            if self._course.has_ended and place >= len(self._frames):
                await line.write(frame("end", {"state": self._course.standing()["state"]}))
                return
            await line.quiet_until(changed)


class Queue(Topic):
    """What waits for one lane, as far as its readers see: the whole first page, under a digest of what it shows."""

    rest_s = 0.2

    def __init__(self, store: Store, lane: Lane, sight: Sight) -> None:
        super().__init__(store)
        self._lane = lane
        self._sight = sight
        self._digest = ""
        self._frame = b""

    def concerns(self, changed: frozenset[ClaimId]) -> bool:  # noqa: ARG002 - any claim may enter or leave
        """Always: any claim may enter, leave or change."""
        return True

    async def look(self) -> bool:
        """Read the first page."""
        shown = await self._store.read(
            partial(lane_queue, lane=self._lane, most=QUEUE_ROWS), sight=self._sight
        )
        digest = hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()[:16]
        if digest == self._digest:
            return False
        self._digest, self._frame = digest, frame("queue", shown, digest)
        return True

    async def tell(self, line: Line, seen: str) -> None:
        """Send the queue as it is, unless it is the one that was *seen*; again after each change."""
        while True:
            changed = self.changed
            if self._digest and self._digest != seen:
                seen = self._digest
                await line.write(self._frame)
            await line.quiet_until(changed)
