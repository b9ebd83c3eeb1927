"""Carries out effects: leased one at a time per thread, renewed while they run, retried with back-off.

At-least-once: a handler looks at the claim's state first and reports its outcome through a command, so a second run
after a crash finds the work done. A lease lost to time does not count as a failure (architecture.md, traps).
"""

import os
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from threading import Event, Lock, Thread
from typing import Protocol

import structlog

from backend import instruments
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.effects import EffectKind
from backend.domain.problems import DatabaseAway, Problem, StorageFull
from backend.logs import cleaned
from backend.store import effects
from backend.store.effects import Leased, Share
from backend.store.run import Store
from backend.workflows.clock import Clock

MOST_FAILURES = 12
LONGEST_WAIT = timedelta(minutes=5)
_FIRST_WAIT = timedelta(seconds=0.5)
_POLL = timedelta(seconds=0.25)
"""Another process's effects are found by looking; our own wake us."""

log = structlog.get_logger()


class GiveUp(Exception):
    """Trying again cannot help or could do harm: an operator has to look."""


class KeepTrying(Exception):
    """It failed for a reason outside that will pass: tried with pauses for as long as it takes, never buried."""


@dataclass(frozen=True, slots=True)
class Later:
    """The world is not ready: look again after this long. Not a failure."""

    wait: timedelta


Handler = Callable[[Leased], Later | None]
"""Does the work; returns None when done. Raises GiveUp to bury it; any other exception is a failure to retry, the
twelfth of which buries it unless it is KeepTrying, or the database that is away or full."""
_PASSES = (KeepTrying, DatabaseAway, StorageFull)


def backoff(failures: int) -> timedelta:
    """How long to wait after the n-th real failure: doubling from one second to five minutes."""
    doublings: int = 2 ** min(failures, 16)
    return min(LONGEST_WAIT, _FIRST_WAIT * doublings)


class Beside(Protocol):
    """Other work of a worker's process that starts and stops with it."""

    def start(self) -> None:
        """Begin."""

    def stop(self) -> None:
        """End."""

    @property
    def is_alive(self) -> bool:
        """Whether it runs."""
        ...


class Worker:
    """Threads that carry out effects until stopped."""

    def __init__(
        self,
        store: Store,
        handlers: Mapping[EffectKind, Handler],
        clock: Clock,
        *,
        threads: int = 2,
        lease: timedelta = timedelta(seconds=30),
        stop_patience: timedelta = timedelta(seconds=8),
        beside: Sequence[Beside] = (),
        share: Callable[[], Share] = Share,
        poll: timedelta = _POLL,
    ) -> None:
        """Prepare.

        Args:
            store: Where effects are kept.
            handlers: What does the work of each kind that it takes.
            clock: Now.
            threads: How many effects side by side.
            lease: How long an effect is ours without a renewal.
            stop_patience: How long to wait at a stop for what is in hand.
            beside: Other work that starts and stops with it.
            share: Which effects it takes; asked anew each time.
            poll: How often it looks without having been woken.
        """
        self._store = store
        self._share = share
        self._poll = poll
        self._handlers = handlers
        self._clock = clock
        self._lease = lease
        self._stop_patience = stop_patience
        self._beside = tuple(beside)
        self._name = f"{socket.gethostname()}:{os.getpid()}"
        self._stopping = Event()
        self._stopped = Event()
        self._news = Event()
        self._in_hand: dict[int, Leased] = {}
        self._lock = Lock()
        self._threads = [
            Thread(target=self._work, args=(place,), name=f"effects-{place}", daemon=True)
            for place in range(threads)
        ]
        self._keeper = Thread(target=self._keep_leases, name="effects-leases", daemon=True)

    def start(self) -> None:
        """Begin."""
        for thread in (*self._threads, self._keeper):
            thread.start()
        for one in self._beside:
            one.start()
        log.info("worker.started", worker=self._name, threads=len(self._threads))

    def wake(self) -> None:
        """There may be something to do."""
        self._news.set()

    @property
    def is_alive(self) -> bool:
        """Whether every thread that was started still runs."""
        runs = all(thread.is_alive() for thread in (*self._threads, self._keeper))
        return runs and all(one.is_alive for one in self._beside)

    def stop(self) -> None:
        """Finish what is in hand, take nothing new; what is not finished in time is handed back for others to take."""
        if self._stopped.is_set():
            return
        self._stopping.set()
        for one in self._beside:
            one.stop()
        until = time.monotonic() + self._stop_patience.total_seconds()
        for thread in self._threads:
            self._news.set()
            thread.join(max(0.0, until - time.monotonic()))
        # Last: what is still in hand keeps its lease until it is finished.
        self._stopped.set()
        self._keeper.join()
        with self._lock:
            unfinished = tuple(self._in_hand.values())
        if unfinished:
            self._hand_back(unfinished)
        for one in self._beside:
            one.stop()
        log.info("worker.stopped", worker=self._name)

    def _hand_back(self, unfinished: tuple[Leased, ...]) -> None:
        try:
            self._store.submit(partial(effects.hand_back, held=unfinished)).result()
        except Problem as away:
            # Nothing is lost: their leases end by time.
            log.warning("effect.not_handed_back", reason=away.detail)
        else:
            log.warning("effect.handed_back", effects=[str(one.id) for one in unfinished])

    def run_until_idle(self) -> None:
        """Carry out everything that is due, in the calling thread: for tests and the simulation."""
        while self._take_one(place=-1):
            pass

    def _work(self, place: int) -> None:
        while not self._stopping.is_set():
            try:
                if not self._take_one(place):
                    self._wait_for_news()
            except Exception:
                log.exception("effect.lease_failed")
                self._stopping.wait(1.0)

    def _wait_for_news(self) -> None:
        now = self._clock()
        share = self._share()
        due = self._store.engine.read(lambda connection: effects.next_due(connection, now, share), EVERYWHERE)
        wait = self._poll if due is None else min(self._poll, max(timedelta(0), due - now))
        self._news.wait(wait.total_seconds() + 0.001)
        self._news.clear()

    def _take_one(self, place: int) -> bool:
        now = self._clock()
        share = self._share()
        leased = self._store.submit(
            lambda connection: effects.lease(connection, self._name, now, self._lease, share)
        ).result()
        if leased is None:
            return False
        with self._lock:
            self._in_hand[place] = leased
        # Another thread may find the next one at once instead of waiting for its poll.
        self._news.set()
        try:
            self._carry_out(leased)
        finally:
            with self._lock:
                del self._in_hand[place]
        return True

    def _carry_out(self, leased: Leased) -> None:
        facts: dict[str, object] = {
            "effect": leased.kind.value,
            "effect_id": str(leased.id),
            "claim_id": str(leased.claim_id),
        }
        began = time.perf_counter()
        try:
            with instruments.EFFECTS_IN_HAND.track_inprogress():
                later = self._handlers[leased.kind](leased)
        except GiveUp as given_up:
            reason, ms = str(given_up), _measured(leased, "buried", began)
            log.error("effect.buried", reason=reason, ms=ms, **facts)  # noqa: TRY400 - the reason says all
            self._end(lambda c, at: effects.bury(c, leased, at, reason))
        except Exception as failure:  # noqa: BLE001 - the outermost door of an effect: whatever it was, try again
            self._failed(leased, failure, began, facts)
        else:
            if later is None:
                log.info("effect.finished", ms=_measured(leased, "finished", began), **facts)
                self._end(lambda c, at: effects.finish(c, leased, at))
            else:
                ms, wait_s = _measured(leased, "postponed", began), later.wait.total_seconds()
                log.info("effect.postponed", ms=ms, wait_s=wait_s, **facts)
                self._end(lambda c, at: effects.postpone(c, leased, at + later.wait))

    def _failed(self, leased: Leased, failure: Exception, began: float, facts: Mapping[str, object]) -> None:
        reason = _reason(failure)
        if leased.failures + 1 >= MOST_FAILURES and not isinstance(failure, _PASSES):
            ms = _measured(leased, "buried", began)
            log.error("effect.buried", reason=reason, failures=leased.failures + 1, ms=ms, **facts)
            self._end(lambda c, at: effects.bury(c, leased, at, reason))
            return
        log.warning(
            "effect.failed",
            reason=reason,
            failures=leased.failures + 1,
            ms=_measured(leased, "failed", began),
            exc_info=None if isinstance(failure, Problem | KeepTrying) else failure,
            **facts,
        )
        wait = backoff(leased.failures + 1)
        self._end(lambda c, at: effects.fail(c, leased, at + wait, reason))

    def _end(self, how: Callable[..., bool]) -> None:
        at = self._clock()
        self._store.submit(lambda connection: how(connection, at)).result()

    def _keep_leases(self) -> None:
        while not self._stopped.wait(self._lease.total_seconds() / 3):
            with self._lock:
                held = tuple(self._in_hand.values())
            if not held:
                continue
            until = self._clock() + self._lease
            try:
                self._store.submit(partial(effects.renew, held=held, until=until)).result()
            except Exception:
                # A lease that could not be renewed is tried again: a third of its time has passed.
                log.exception("effect.renewal_failed")


def _reason(failure: Exception) -> str:
    """What operators read: other people's words without what could name a person, an account or a place."""
    if isinstance(failure, Problem):
        return failure.detail
    said = cleaned(str(failure))
    return said if isinstance(failure, KeepTrying) else f"{type(failure).__name__}: {said}"


def _measured(leased: Leased, outcome: str, began: float) -> float:
    """How long the attempt took, in milliseconds, after counting it."""
    seconds = time.perf_counter() - began
    instruments.EFFECT_SECONDS.labels(leased.kind.value, outcome).observe(seconds)
    return round(seconds * 1000, 1)
