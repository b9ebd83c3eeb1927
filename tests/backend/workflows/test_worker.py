"""The worker: at once when woken, again after a failure, never two at a time, and to the end when stopped."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Lock
from typing import Any  # a row has the columns of its table
from uuid import uuid4

import pytest
from sqlalchemy.exc import DBAPIError

from backend.domain.authority.sight import EVERYWHERE
from backend.domain.effects import Effect, EffectKind
from backend.domain.ids import EffectId
from backend.domain.problems import DatabaseAway, NotAllowed, StorageFull
from backend.store import effects, tables
from backend.store.effects import EffectState, Leased
from backend.workflows.clock import Clock, utc_now
from backend.workflows.worker import MOST_FAILURES, GiveUp, Handler, KeepTrying, Later, Worker, backoff
from tests.backend.store.county import County
from tests.builders import CLAIM_ID
from tests.busy_county import looking

PATIENCE_S = 20
LEASE = timedelta(seconds=30)


@pytest.fixture(autouse=True)
def only_what_a_test_puts(county: County) -> None:
    county.report()
    county.store.submit(lambda connection: connection.execute(tables.effects.delete())).result()


def put(county: County, *, clock: Clock | None = None, after: timedelta = timedelta(0)) -> Effect:
    due_at = (clock or county.clock)() + after
    effect = Effect(EffectId(uuid4()), EffectKind.NOTIFY, due_at, {"seq": "1"})
    county.store.submit(lambda connection: effects.put(connection, CLAIM_ID, [effect])).result()
    return effect


def a_worker(county: County, handler: Handler, *, clock: Clock | None = None, **settings: object) -> Worker:
    return Worker(county.store, {EffectKind.NOTIFY: handler}, clock or county.clock, **settings)  # type: ignore[arg-type]


@contextmanager
def running(worker: Worker) -> Iterator[Worker]:
    worker.start()
    try:
        yield worker
    finally:
        worker.stop()


def only_row(county: County) -> Any:
    [row] = county.rows(tables.effects)
    return row


def eventually(fact: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not fact():
        assert time.monotonic() < until, "it never came true"
        time.sleep(0.005)


def test_an_effect_is_carried_out_within_50_ms_of_waking(county: County) -> None:
    begun: list[float] = []

    def begin(_: Leased) -> None:
        begun.append(time.monotonic())

    latencies = []
    with running(a_worker(county, begin, clock=utc_now, threads=1)) as worker:
        eventually(
            lambda: county.store.engine.read(lambda c: effects.next_due(c, utc_now()), EVERYWHERE) is None
        )
        for times in range(1, 8):
            # In the middle of the wait between two looks at the table.
            time.sleep(0.05)
            put(county, clock=utc_now)
            woken = time.monotonic()
            worker.wake()
            eventually(lambda times=times: len(begun) == times)
            latencies.append(begun[-1] - woken)

    assert sorted(latencies)[len(latencies) // 2] < 0.05


def test_a_timer_fires_when_it_is_due_and_not_before(county: County) -> None:
    fired: list[Leased] = []
    effect = put(county, after=timedelta(minutes=30))
    worker = a_worker(county, fired.append)  # type: ignore[arg-type]

    county.clock.move(timedelta(minutes=30) - timedelta(microseconds=1))
    worker.run_until_idle()
    assert not fired
    county.clock.move(timedelta(microseconds=1))
    worker.run_until_idle()
    assert [leased.id for leased in fired] == [effect.id]


def test_what_is_done_is_not_done_again(county: County) -> None:
    done: list[Leased] = []
    put(county)
    worker = a_worker(county, done.append)  # type: ignore[arg-type]

    worker.run_until_idle()
    county.clock.move(timedelta(days=1))
    worker.run_until_idle()

    assert len(done) == 1
    assert only_row(county).state == EffectState.DONE


def test_a_failure_is_tried_again_with_growing_pauses(county: County) -> None:
    tried = []

    def fail_thrice(leased: Leased) -> None:
        tried.append((county.clock(), leased.failures))
        if len(tried) <= 3:
            raise OSError("not yet")

    put(county)
    worker = a_worker(county, fail_thrice)
    start = county.clock()
    for _ in range(20):
        worker.run_until_idle()
        county.clock.move(timedelta(seconds=1))

    assert [(at - start).total_seconds() for at, _ in tried] == [0, 1, 3, 7]
    assert [failures for _, failures in tried] == [0, 1, 2, 3]
    assert only_row(county).state == EffectState.DONE


def test_the_pause_doubles_up_to_five_minutes() -> None:
    pauses = [backoff(failures).total_seconds() for failures in range(1, 12)]

    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert backoff(10_000) == timedelta(minutes=5)


def test_after_twelve_failures_an_operator_has_to_look(county: County) -> None:
    tried = []

    def fail(_: Leased) -> None:
        tried.append(1)
        raise NotAllowed("no room for the receipt")

    put(county)
    worker = a_worker(county, fail)
    for _ in range(2 * MOST_FAILURES):
        worker.run_until_idle()
        county.clock.move(timedelta(minutes=5))

    row = only_row(county)
    assert len(tried) == MOST_FAILURES == 12
    assert (row.state, row.failures, row.last_error) == (EffectState.DEAD, 12, "no room for the receipt")


@pytest.mark.parametrize("passing", [KeepTrying, DatabaseAway, StorageFull])
def test_what_only_time_can_mend_is_never_buried(county: County, passing: type[Exception]) -> None:
    tried = []

    def wait_for_the_bank(_: Leased) -> None:
        tried.append(1)
        if len(tried) < 3 * MOST_FAILURES:
            raise passing("no connection")

    put(county)
    worker = a_worker(county, wait_for_the_bank)
    for _ in range(3 * MOST_FAILURES):
        worker.run_until_idle()
        county.clock.move(timedelta(minutes=5))

    row = only_row(county)
    assert (row.state, row.failures, row.last_error) == (
        EffectState.DONE,
        3 * MOST_FAILURES - 1,
        "no connection",
    )


def test_giving_up_buries_at_once(county: County) -> None:
    def give_up(_: Leased) -> None:
        raise GiveUp("sending could pay twice")

    put(county)
    a_worker(county, give_up).run_until_idle()

    row = only_row(county)
    assert (row.state, row.last_error) == (EffectState.DEAD, "sending could pay twice")


def test_what_comes_later_is_no_failure(county: County) -> None:
    looked = []

    def look(_: Leased) -> Later | None:
        looked.append(county.clock())
        return Later(timedelta(seconds=5)) if len(looked) < 20 else None

    put(county)
    worker = a_worker(county, look)
    for _ in range(120):
        worker.run_until_idle()
        county.clock.move(timedelta(seconds=1))

    row = only_row(county)
    assert len(looked) == 20
    assert (row.state, row.failures) == (EffectState.DONE, 0)


def test_a_lease_lost_by_time_is_taken_over_and_the_late_finisher_changes_nothing(county: County) -> None:
    put(county)
    carried_out: list[int] = []

    def frozen(leased: Leased) -> Later:
        """Sleeps past its lease; meanwhile another worker does the work."""
        county.clock.move(LEASE + timedelta(seconds=1))
        a_worker(county, lambda other: carried_out.append(other.token)).run_until_idle()
        carried_out.append(leased.token)
        return Later(timedelta(0))

    a_worker(county, frozen, lease=LEASE).run_until_idle()

    assert carried_out == [2, 1]
    assert only_row(county).state == EffectState.DONE


def test_two_workers_carry_each_effect_out_once(county: County) -> None:
    seen: list[EffectId] = []
    lock = Lock()

    def see(leased: Leased) -> None:
        with lock:
            seen.append(leased.id)

    wanted = {put(county, clock=utc_now).id for _ in range(60)}
    first, second = (a_worker(county, see, clock=utc_now, threads=2) for _ in range(2))
    with running(first), running(second):
        eventually(lambda: len(seen) >= len(wanted))

    assert sorted(seen) == sorted(wanted)


def test_long_work_keeps_its_lease(county: County) -> None:
    put(county, clock=utc_now)
    begun, go_on = Event(), Event()
    tokens = []

    def take_long(leased: Leased) -> None:
        tokens.append(leased.token)
        begun.set()
        go_on.wait(PATIENCE_S)

    lease = timedelta(seconds=1)
    with running(a_worker(county, take_long, clock=utc_now, threads=2, lease=lease)):
        assert begun.wait(PATIENCE_S)
        time.sleep(2.5)
        go_on.set()
        eventually(lambda: only_row(county).state == EffectState.DONE)

    assert tokens == [1]


def test_stopping_finishes_what_is_in_hand_and_keeps_its_lease(county: County) -> None:
    put(county, clock=utc_now)
    waiting = put(county, clock=utc_now, after=timedelta(hours=1))
    begun = Event()
    taken_over: list[Leased] = []
    lease = timedelta(seconds=1)

    def take_long(_: Leased) -> None:
        begun.set()
        time.sleep(2.5)

    worker = a_worker(county, take_long, clock=utc_now, threads=1, lease=lease)
    worker.start()
    assert begun.wait(PATIENCE_S)
    with running(a_worker(county, taken_over.append, clock=utc_now, threads=1)):  # type: ignore[arg-type]
        worker.stop()

    assert not taken_over
    states = {row.id: (row.state, row.lease_token) for row in county.rows(tables.effects)}
    assert states.pop(waiting.id) == (EffectState.PENDING, 0)
    assert list(states.values()) == [(EffectState.DONE, 1)]


def test_a_stopped_worker_takes_nothing_new(county: County) -> None:
    worker = a_worker(county, lambda _: None, clock=utc_now)
    worker.start()
    worker.stop()

    put(county, clock=utc_now)
    worker.wake()
    time.sleep(0.05)

    assert only_row(county).state == EffectState.PENDING


def test_a_database_that_stumbles_does_not_end_the_worker(county: County, lasting_database: str) -> None:
    """The table is away for a while, as a disk may be; the threads that look into it go on looking."""

    def rename(old: str, new: str) -> None:
        # As the tables' owner: what serves owns nothing.
        with looking(lasting_database) as owner:
            owner.exec_driver_sql(f"ALTER TABLE {old} RENAME TO {new}")

    done = Event()
    with running(a_worker(county, lambda _: done.set(), clock=utc_now, threads=2)) as worker:
        rename("effects", "gone")
        with pytest.raises(DBAPIError):
            county.rows(tables.effects)
        time.sleep(0.6)
        rename("gone", "effects")
        put(county, clock=utc_now)
        worker.wake()

        assert done.wait(PATIENCE_S)
