"""What is looked at together: one reading a change for all, no commit missed in any order, nothing left behind."""

import asyncio
import random
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.api.live.seats import Seats
from backend.api.live.switchboard import Switchboard
from backend.api.live.topics import EVENTS_A_PAGE, Queue, Timeline, Topic
from backend.api.live.wire import Line
from backend.domain.authority.sight import EVERYWHERE, NOWHERE, Sight
from backend.domain.ids import ClaimId
from backend.domain.problems import LiveBusy, TooManyStreams
from backend.domain.words import HoldKind, Lane
from backend.insight.claim_file import Reader
from backend.products.load import products
from backend.settings import Settings
from backend.store.engine import open_engine
from backend.store.run import Store
from backend.texts.load import Language, Table
from backend.workflows.clock import utc_now
from tests.backend.store.county import County, opened_county
from tests.builders import CLAIM_ID, a_hold, a_release, a_report
from tests.keys import KEYS

SOON_S = 2.0
"""Less than the switchboard's own look again: what comes within it came by news."""


@pytest.fixture
def county(lasting_database: str) -> Iterator[County]:
    with opened_county(lasting_database) as county:
        yield county


class Client:
    """A client at the end of a line; while its way is shut, it takes nothing."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self.way = asyncio.Event()
        self.way.set()
        self.line = Line(self._send, ping_s=60)

    async def _send(self, message: Any) -> None:
        await self.way.wait()
        self.frames.append(message["body"])

    @property
    def ids(self) -> list[int]:
        """Of the events that have come, in the order in which they came."""
        lines = b"".join(self.frames).decode().splitlines()
        return [int(line.removeprefix("id: ")) for line in lines if line.startswith("id: ")]

    async def has(self, fact: Callable[[], bool]) -> None:
        """Wait, in small steps, until it is so."""
        async with asyncio.timeout(SOON_S):
            while not fact():  # noqa: ASYNC110 - a fact about several clients
                await asyncio.sleep(0.001)


def live(county: County, scene: Callable[[Switchboard], Coroutine[Any, Any, None]]) -> None:
    """Play a scene on a switchboard that listens to the county; in the end nothing of it may be left."""

    async def play() -> None:
        before = asyncio.all_tasks()
        switchboard = Switchboard(county.store, county.clock, Settings())
        async with switchboard.open():
            await scene(switchboard)
            assert (switchboard.watched, len(switchboard.seats)) == (0, 0)
        await asyncio.sleep(0)
        assert asyncio.all_tasks() == before

    asyncio.run(play())


def toggle(county: County) -> int:
    """One more event on the claim; returns its number."""
    kind = HoldKind.QUARANTINE
    is_held = any(hold.kind is kind for hold in county.claim().holds)
    return county.give(a_release(kind) if is_held else a_hold(kind)).claim.version


def timeline(county: County) -> tuple[Any, Callable[[], Timeline]]:
    return (Timeline, CLAIM_ID), lambda: Timeline(
        county.store, CLAIM_ID, Reader(Language.EN, Table.OFFICER), utc_now
    )


def test_no_commit_is_missed_whenever_it_falls(county: County) -> None:
    county.report()
    pauses = random.Random(4)

    async def scene(switchboard: Switchboard) -> None:
        client = Client()
        with switchboard.topic(*timeline(county)) as topic:
            telling = asyncio.create_task(topic.tell(client.line, 0))
            for _ in range(60):
                last = await asyncio.to_thread(toggle, county)
                if pauses.random() < 0.5:
                    await client.has(lambda last=last: client.ids[-1:] == [last])
                else:
                    await asyncio.sleep(pauses.random() * 0.01)
            await client.has(lambda: client.ids[-1] == last)
            telling.cancel()
        assert client.ids == list(range(1, last + 1))

    live(county, scene)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rings=st.lists(st.sampled_from(["before", "during", "after"]), min_size=1, max_size=6))
def test_a_ring_before_during_or_after_a_look_is_followed_by_a_look(county: County, rings: list[str]) -> None:
    class Counted(Topic):
        """Counts what was committed, as a topic that reads would."""

        rest_s = 0.0

        def __init__(self) -> None:
            super().__init__(county.store)
            self.committed = self.read = 0
            self.during = 0

        def concerns(self, changed: frozenset[ClaimId]) -> bool:
            return bool(changed)

        async def look(self) -> bool:
            await asyncio.sleep(0)
            before, self.read = self.read, self.committed
            if self.during:
                # Committed behind the back of this very reading.
                self.during, self.committed = self.during - 1, self.committed + 1
                self.ring()
            await asyncio.sleep(0)
            return self.read != before

    async def play() -> None:
        topic = Counted()
        topic.during = rings.count("during")
        keeping = asyncio.create_task(topic.keep())
        for when in rings:
            if when == "after":
                await asyncio.sleep(0)
                await asyncio.sleep(0)
            changed = topic.changed
            if when != "during":
                topic.committed += 1
                topic.ring()
            async with asyncio.timeout(SOON_S):
                while topic.read < topic.committed or topic.during:
                    await changed.wait()
                    changed = topic.changed
                    await asyncio.sleep(0)
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        assert topic.read == topic.committed == len(rings)

    asyncio.run(play())


def test_a_change_is_read_once_however_many_look(county: County) -> None:
    county.report()
    looks = 0

    class Watched(Timeline):
        async def look(self) -> bool:
            nonlocal looks
            looks += 1
            return await super().look()

    async def scene(switchboard: Switchboard) -> None:
        clients = [Client() for _ in range(200)]
        with ExitStack() as looking:
            topics = [
                looking.enter_context(
                    switchboard.topic(
                        "it",
                        lambda: Watched(county.store, CLAIM_ID, Reader(Language.EN, Table.OFFICER), utc_now),
                    )
                )
                for _ in clients
            ]
            telling = [
                asyncio.create_task(topic.tell(client.line, 0))
                for topic, client in zip(topics, clients, strict=True)
            ]
            await clients[0].has(lambda: all(client.ids for client in clients))
            before = looks
            last = await asyncio.to_thread(toggle, county)
            await clients[0].has(lambda: all(client.ids[-1] == last for client in clients))
            assert looks - before == 1
            for one in telling:
                one.cancel()

    live(county, scene)


def test_nothing_is_queued_for_a_client_that_takes_nothing(county: County) -> None:
    county.report()

    async def scene(switchboard: Switchboard) -> None:
        slow, quick = Client(), Client()
        slow.way.clear()
        with switchboard.topic(*timeline(county)) as topic:
            telling = [asyncio.create_task(topic.tell(client.line, 0)) for client in (slow, quick)]
            for _ in range(EVENTS_A_PAGE + 20):
                last = await asyncio.to_thread(toggle, county)
            await quick.has(lambda: quick.ids[-1:] == [last])
            assert slow.frames == []
            slow.way.set()
            await slow.has(lambda: slow.ids[-1:] == [last])
            for one in telling:
                one.cancel()
        assert slow.ids == quick.ids == list(range(1, last + 1))
        assert max(frame.count(b"\nevent: ") for frame in slow.frames) <= EVENTS_A_PAGE

    live(county, scene)


def test_a_slow_reader_of_a_queue_gets_the_last_page_and_none_between(county: County) -> None:
    county.report()
    county.verify()

    async def scene(switchboard: Switchboard) -> None:
        client = Client()
        with switchboard.topic("queue", lambda: Queue(county.store, Lane.INSURER, EVERYWHERE)) as queue:
            telling = asyncio.create_task(queue.tell(client.line, ""))
            await client.has(lambda: len(client.frames) == 1)
            client.way.clear()
            for _ in range(4):
                last = await asyncio.to_thread(toggle, county)
                await asyncio.sleep(queue.rest_s)
            client.way.set()
            await client.has(lambda: f'"version": {last}'.encode() in client.frames[-1])
            telling.cancel()
        # One or two were on their way when the client stopped taking; with every page they would be five.
        assert len(client.frames) < 5

    live(county, scene)


def test_a_look_that_fails_is_tried_again_and_the_stream_stands(county: County) -> None:
    county.report()
    failures = 2

    class Shaky(Timeline):
        async def look(self) -> bool:
            nonlocal failures
            if failures:
                failures -= 1
                raise OSError("the disk is away")
            return await super().look()

    async def scene(switchboard: Switchboard) -> None:
        client = Client()
        with switchboard.topic(
            "it", lambda: Shaky(county.store, CLAIM_ID, Reader(Language.EN, Table.OFFICER), utc_now)
        ) as topic:
            telling = asyncio.create_task(topic.tell(client.line, 0))
            while failures:
                topic.ring()
                await asyncio.sleep(0.001)
            topic.ring()
            await client.has(lambda: client.ids[:1] == [1])
            telling.cancel()

    live(county, scene)


def test_what_another_process_wrote_is_heard_too(county: County, lasting_database: str) -> None:
    county.report()
    another = open_engine(lasting_database, keys=KEYS)
    elsewhere = County(Store(another, products()), county.clock)

    async def scene(switchboard: Switchboard) -> None:
        client = Client()
        with switchboard.topic(*timeline(county)) as topic:
            telling = asyncio.create_task(topic.tell(client.line, 0))
            await client.has(lambda: bool(client.ids))
            await asyncio.to_thread(toggle, elsewhere)
            await client.has(lambda: client.ids == [1, 2])
            telling.cancel()

    try:
        live(county, scene)
    finally:
        another.close()


def test_seats_are_counted_by_person_and_in_all() -> None:
    async def play() -> None:
        seats = Seats(most=3, most_a_person=2)
        with ExitStack() as taken:
            for who in ("anna", "anna", "bo"):
                taken.enter_context(seats.take(who, who, NOWHERE))
            with pytest.raises(LiveBusy), seats.take("chen", "chen", NOWHERE):
                pass
        with (
            seats.take("anna", "1", NOWHERE),
            seats.take("anna", "2", NOWHERE),
            pytest.raises(TooManyStreams),
        ):
            taken.enter_context(seats.take("anna", "3", NOWHERE))
        assert len(seats) == 0
        with seats.take("anna", "1", NOWHERE) as seat:
            seats.close()
            assert seat.ended.is_set()
            with pytest.raises(LiveBusy), seats.take("bo", "2", NOWHERE):
                pass

    asyncio.run(play())


def test_a_stream_ends_when_its_token_is_gone_or_shows_something_else() -> None:
    here, both = Sight(counties=frozenset({"430121"})), Sight(counties=frozenset({"430121", "430124"}))
    seats = Seats(most=9, most_a_person=9)

    with ExitStack() as taken:
        opened = [("1", here), ("2", both), ("3", here)]
        same, less, gone = [taken.enter_context(seats.take(who, who, sight)) for who, sight in opened]
        seats.end_but({"1": here, "2": here})

        assert [seat.ended.is_set() for seat in (same, less, gone)] == [False, True, True]


def test_reports_reach_the_queue_without_waiting_for_the_next_look(county: County) -> None:
    async def scene(switchboard: Switchboard) -> None:
        client = Client()
        with switchboard.topic("queue", lambda: Queue(county.store, Lane.VETERINARY, EVERYWHERE)) as queue:
            telling = asyncio.create_task(queue.tell(client.line, ""))
            await client.has(lambda: len(client.frames) == 1)
            await asyncio.to_thread(county.report, a_report())
            await asyncio.to_thread(county.verify)
            await client.has(lambda: b'"waiting": 1' in client.frames[-1])
            telling.cancel()

    live(county, scene)
