"""Joins the store's news with those who listen: one ear for the process, one topic for all who look at one thing."""

import asyncio
from collections.abc import AsyncIterator, Callable, Hashable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from typing import TypeVar, cast

import structlog

from backend.api.auth import tokens_still_good
from backend.api.live.seats import Seat, Seats
from backend.api.live.topics import Topic
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.ids import ClaimId
from backend.settings import Settings
from backend.store.run import Store
from backend.workflows.clock import Clock

T = TypeVar("T", bound=Topic)
log = structlog.get_logger()
_LOOK_AGAIN_S = 3.0
"""News may be lost: whatever is watched is looked at this often at the latest, and so are the sessions."""


@dataclass(slots=True)
class _Kept:
    """A topic that somebody looks at, and the task that keeps it."""

    topic: Topic
    keeping: asyncio.Task[None]
    looking: int = 0


class Switchboard:
    """The live part of one API process; ``open`` it before anyone listens."""

    def __init__(self, store: Store, clock: Clock, settings: Settings) -> None:
        self._store = store
        self._clock = clock
        self.ping_s = settings.stream_ping.total_seconds()
        self.seats = Seats(most=settings.streams, most_a_person=settings.streams_per_person)
        self._kept: dict[Hashable, _Kept] = {}
        self._news: set[ClaimId | None] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def watched(self) -> int:
        """How many topics are kept."""
        return len(self._kept)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Listen while the application runs."""
        self._loop = asyncio.get_running_loop()
        end_listening = self._store.listen(self._hear)
        ticking = asyncio.create_task(self._tick())
        try:
            yield
        finally:
            end_listening()
            self.seats.close()
            ticking.cancel()
            await asyncio.gather(ticking, return_exceptions=True)

    def stop(self) -> None:
        """End every stream and refuse new ones, from any thread: a server that stops waits for none of them."""
        self._call(self.seats.close)

    def seat(self, who: str, token_hash: str) -> AbstractContextManager[Seat]:
        """A seat for one stream of one person."""
        return self.seats.take(who, token_hash)

    @contextmanager
    def topic(self, key: Hashable, make: Callable[[], T]) -> Iterator[T]:
        """The one topic under this key, kept while anyone looks at it."""
        kept = self._kept.get(key)
        if kept is None:
            topic = make()
            kept = self._kept[key] = _Kept(topic, asyncio.create_task(topic.keep()))
        kept.looking += 1
        try:
            yield cast("T", kept.topic)
        finally:
            kept.looking -= 1
            if kept.looking == 0:
                kept.keeping.cancel()
                del self._kept[key]

    def _hear(self, claim_id: ClaimId | None) -> None:
        """News, in whatever thread it came about."""
        # Both tests are safe without a lock: who begins to look after the first, and who is rung after the second,
        # reads after this commit.
        if self._kept and claim_id not in self._news:
            self._news.add(claim_id)
            self._call(self._pass_on)

    def _pass_on(self) -> None:
        changed = {self._news.pop() for _ in range(len(self._news))}
        claims = frozenset(one for one in changed if one is not None)
        for kept in self._kept.values():
            if None in changed or kept.topic.concerns(claims):
                kept.topic.ring()

    def _call(self, what: Callable[[], None]) -> None:
        # The loop is over where a writer outlives the application.
        with suppress(RuntimeError):
            if self._loop:
                self._loop.call_soon_threadsafe(what)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_AGAIN_S)
            for kept in self._kept.values():
                kept.topic.ring()
            try:
                await self._end_what_is_signed_out()
            except Exception:
                log.exception("streams.check_failed")

    async def _end_what_is_signed_out(self) -> None:
        """One reading for all streams: a session that has ended ends its streams."""
        tokens, now = self.seats.tokens, self._clock()
        if tokens:
            good = await self._store.read(
                lambda connection: tokens_still_good(connection, tokens, now), sight=EVERYWHERE
            )
            self.seats.end(tokens - good)
