"""The installation's figures for ``/metrics``, from the queries that lists, queues and ``stats`` read too.

Refreshed aside, at most every ``PACE_S`` and only while someone scrapes, so that a scrape never waits for a large
database. To add figures, write a ``Measure`` and name it in ``MEASURES``.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from threading import Event, Lock, Thread
from typing import Any  # a read's result is whatever its work returns

import structlog
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import Connection

from backend.domain.authority.sight import EVERYWHERE, Sight
from backend.domain.words import Lane
from backend.insight.figures import insight
from backend.insight.wanted import Wanted
from backend.instruments import PROCESS
from backend.store import claims, effects

PACE_S = 15.0
_SHARE_OF_TIME = 0.125
"""Of one core, at most: where the figures take 4 s, they are read every 32 s."""
_UNASKED_S = 300.0

log = structlog.get_logger()

Measure = Callable[[Connection, datetime], Iterable[Metric]]


def open_claims(connection: Connection, now: datetime) -> Iterator[Metric]:
    """Claims that are not ended, by state, and how many of the unpaid ones are past their promise."""
    by_state = GaugeMetricFamily("flashclaim_claims_open", "Claims that are not ended.", labels=("state",))
    for state, count in claims.open_by_state(connection).items():
        by_state.add_metric((state,), count)
    yield by_state
    yield GaugeMetricFamily(
        "flashclaim_claims_overdue",
        "Open claims past their promised time and not paid.",
        value=claims.overdue(connection, now),
    )


def queues(connection: Connection, now: datetime) -> Iterator[Metric]:
    """What waits for each lane, and how long the first of them has waited there."""
    length = GaugeMetricFamily("flashclaim_queue_claims", "Claims that wait for a lane.", labels=("lane",))
    oldest = GaugeMetricFamily(
        "flashclaim_queue_oldest_seconds", "How long the first of them has waited there.", labels=("lane",)
    )
    for lane in Lane:
        length.add_metric((lane,), claims.queue_length(connection, lane))
        since = claims.waiting_since(connection, lane)
        oldest.add_metric((lane,), _seconds(since, now))
    yield length
    yield oldest


def waiting_effects(connection: Connection, now: datetime) -> Iterator[Metric]:
    """Effects that are not done, by kind: waiting for their time, due, dead."""
    pending = GaugeMetricFamily("flashclaim_effects_pending", "Effects not done yet.", labels=("kind",))
    due = GaugeMetricFamily(
        "flashclaim_effects_due", "Of these, the ones whose time has come.", labels=("kind",)
    )
    oldest = GaugeMetricFamily(
        "flashclaim_effects_oldest_due_seconds", "How long the first of them has been due.", labels=("kind",)
    )
    dead = GaugeMetricFamily(
        "flashclaim_effects_dead", "Effects that an operator has to look at.", labels=("kind",)
    )
    for backlog in effects.backlog(connection, now):
        kind = (backlog.kind,)
        pending.add_metric(kind, backlog.pending)
        due.add_metric(kind, backlog.due)
        oldest.add_metric(kind, _seconds(backlog.due_since, now))
        dead.add_metric(kind, backlog.dead)
    yield from (pending, due, oldest, dead)


def stage_durations(connection: Connection, now: datetime) -> Iterator[Metric]:
    """``stats speed`` as gauges: open claims count as observations that last."""
    told: Any = insight(connection, Wanted(), now)
    labels = ("stage",)
    observed = GaugeMetricFamily(
        "flashclaim_stage_claims", "Stages that claims have been through or are in.", labels=labels
    )
    still_open = GaugeMetricFamily("flashclaim_stage_open", "Of these, the ones that last.", labels=labels)
    took = GaugeMetricFamily(
        "flashclaim_stage_seconds",
        "Time by which this share is through; +Inf while too many are open to say.",
        labels=("stage", "quantile"),
    )
    for figures in told["stages"]:
        if not figures["count"]:
            continue
        stage = figures["stage"]
        observed.add_metric((stage,), figures["count"])
        still_open.add_metric((stage,), figures["open"])
        for quantile in ("0.5", "0.9", "0.95"):
            found = figures[f"p{float(quantile) * 100:.0f}_seconds"]
            took.add_metric((stage, quantile), float("inf") if found is None else found)
    yield from (observed, still_open, took)
    if told["paid_within_15_min"] is not None:
        yield GaugeMetricFamily(
            "flashclaim_paid_within_promise_ratio",
            "Share of claims that were paid within 15 minutes.",
            value=told["paid_within_15_min"],
        )


MEASURES: tuple[Measure, ...] = (open_claims, queues, waiting_effects, stage_durations)


class Figures(Collector):
    """The newest figures of one installation."""

    def __init__(
        self, read: Callable[[Callable[[Connection], Any], Sight], Any], clock: Callable[[], datetime]
    ) -> None:
        self._read = read
        self._clock = clock
        self._lock = Lock()
        self._families: list[Metric] = []
        self._is_available = False
        self._taken_at = self._asked_at = 0.0
        self._closed = Event()
        self._keeper: Thread | None = None

    def collect(self) -> Iterator[Metric]:
        """What was found at the last look; only the first scrape after a pause waits for one."""
        with self._lock:
            self._asked_at = time.monotonic()
            if self._keeper is None and not self._closed.is_set():
                took_s = self._look()
                self._keeper = Thread(target=self._keep_fresh, args=(took_s,), name="figures", daemon=True)
                self._keeper.start()
            found, is_available, taken_at = self._families, self._is_available, self._taken_at
        yield GaugeMetricFamily(
            "flashclaim_figures_available", "Whether the database could be asked.", value=float(is_available)
        )
        yield GaugeMetricFamily(
            "flashclaim_figures_age_seconds",
            "Time since the installation's figures were read.",
            value=time.monotonic() - taken_at,
        )
        yield from found

    def close(self) -> None:
        """Look no more; the database may be closed after this."""
        with self._lock:
            self._closed.set()
            keeper = self._keeper
        if keeper is not None:
            keeper.join()

    def _keep_fresh(self, took_s: float) -> None:
        while not self._closed.wait(max(PACE_S, took_s / _SHARE_OF_TIME)):
            with self._lock:
                if time.monotonic() - self._asked_at > _UNASKED_S:
                    self._keeper = None
                    return
            took_s = self._look()

    def _look(self) -> float:
        began = time.monotonic()
        try:
            families = self._read(self._measured, EVERYWHERE)
        except Exception:
            # Whatever keeps the database from answering, this process's own figures have to be seen.
            log.exception("figures.failed")
            families, self._is_available = [], False
        else:
            self._is_available = True
        self._families, self._taken_at = families, time.monotonic()
        return self._taken_at - began

    def _measured(self, connection: Connection) -> list[Metric]:
        now = self._clock()
        return [family for measure in MEASURES for family in measure(connection, now)]


def exposition(figures: Figures) -> bytes:
    """Everything in Prometheus's text format: this process first, then the installation."""
    installation = CollectorRegistry()
    installation.register(figures)
    return generate_latest(PROCESS) + generate_latest(installation)


def _seconds(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())
