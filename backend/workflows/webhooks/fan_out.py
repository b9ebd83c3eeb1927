"""Puts state changes on the way to endpoints, in the order of the audit log, in a thread beside the effects."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Event, Thread

import structlog

from backend.domain.authority.sight import EVERYWHERE
from backend.domain.problems import DatabaseAway, NotFound, StorageFull
from backend.domain.webhooks.endpoint import EndpointId
from backend.store import audit_log, webhook_deliveries, webhooks
from backend.store.engine import Transaction
from backend.store.run import Store
from backend.workflows.clock import Clock

_POLL_S = 2.0
_SWEEP_EVERY = timedelta(hours=1)
_SWEPT_AT_ONCE = 1000
log = structlog.get_logger()


class FanOut:
    """Any number of processes may do so: an endpoint's next place moves with what was put, in one transaction."""

    def __init__(self, store: Store, clock: Clock, deliver: Callable[[], None]) -> None:
        """Prepare; *deliver* is called when there is something to deliver."""
        self._store = store
        self._clock = clock
        self._deliver = deliver
        self._stopping = Event()
        self._news = Event()
        self._thread = Thread(target=self._work, name="webhooks", daemon=True)
        self._sweeps_at = clock()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """Events were given their places in the log."""
        self._news.set()

    def stop(self) -> None:
        """Finish the transaction in hand; the log keeps what was not put."""
        self._stopping.set()
        self._news.set()
        self._thread.join()

    @property
    def is_alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    def put_all(self) -> int:
        """Put everything that there is room for; how many places of the log were passed."""
        passed = 0
        for endpoint in self._store.engine.read(_behind, EVERYWHERE):
            while step := self._put(endpoint):
                passed += step
        if passed:
            self._deliver()
        return passed

    def _put(self, endpoint: EndpointId) -> int:
        at = self._clock()
        try:
            put = partial(webhook_deliveries.put_next, endpoint_id=endpoint, at=at)
            return self._store.submit(put).result()
        except NotFound:
            # Removed since we looked.
            return 0

    def _work(self) -> None:
        while not self._stopping.is_set():
            self._news.wait(_POLL_S)
            self._news.clear()
            if self._stopping.is_set():
                return
            try:
                self.put_all()
                self._sweep()
            except (DatabaseAway, StorageFull) as away:
                log.warning("webhooks.wait", reason=away.detail)
                self._stopping.wait(_POLL_S)
            except Exception:
                log.exception("webhooks.failed")
                self._stopping.wait(_POLL_S)

    def _sweep(self) -> None:
        now = self._clock()
        if now < self._sweeps_at:
            return
        before = now - webhooks.KEPT
        while self._store.submit(lambda c: webhooks.sweep(c, before, _SWEPT_AT_ONCE)).result():
            pass
        self._sweeps_at = now + _SWEEP_EVERY


def _behind(connection: Transaction) -> tuple[EndpointId, ...]:
    """Endpoints that the log is ahead of; asked of a reader, so that nobody is kept from writing for nothing."""
    found = webhooks.all_open(connection)
    if not found:
        return ()
    size = audit_log.size(connection)
    return tuple(one.id for one in found if one.next_place < size)
