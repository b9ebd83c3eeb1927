"""Gives events their places in the audit log and signs checkpoints, in a thread beside the effects.

Any number of processes may do so: a transaction at a time gives places, whoever it is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Thread

import structlog

from backend.adapters.signing_key import KeyUnreadable, SigningKey
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.problems import DatabaseAway, StorageFull
from backend.store import audit_checkpoints, audit_log
from backend.store.audit_checkpoints import Signed
from backend.store.engine import Transaction
from backend.store.run import Store
from backend.workflows.clock import Clock

BATCH = 1000
"""Places given in one transaction: others wait for it some milliseconds."""

_PAUSE_S = 0.2
"""After news, so that the events of many commits get their places in one more."""
_POLL_S = 2.0
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A checkpoint is signed after so many events, or when so long has passed since an event that none covers."""

    events: int = 1000
    wait: timedelta = timedelta(seconds=60)


class Sequencer:
    """Keeps the audit log going until stopped."""

    def __init__(
        self,
        store: Store,
        signing: SigningKey,
        clock: Clock,
        rhythm: Rhythm,
        placed: Callable[[], None] = lambda: None,
    ) -> None:
        """Prepare; *placed* is called after events were given their places."""
        self._store = store
        self._signing = signing
        self._clock = clock
        self._rhythm = rhythm
        self._placed = placed
        self._stopping = Event()
        self._news = Event()
        self._thread = Thread(target=self._work, name="audit-log", daemon=True)
        self._leave: Callable[[], None] | None = None

    def start(self) -> None:
        """Begin."""
        self._leave = self._store.listen(lambda _claim: self._news.set())
        self._thread.start()

    def stop(self) -> None:
        """Finish the transaction in hand; what waits is placed by whoever starts next."""
        self._stopping.set()
        self._news.set()
        if self._leave:
            self._leave()
        self._thread.join()

    @property
    def is_alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    def catch_up(self, *, and_sign: bool) -> Signed | None:
        """Give every waiting event its place; *and_sign* what now stands, whether a checkpoint is due or not.

        Returns:
            The checkpoint that was made, if one was.
        """
        while self._store.submit(_place).result() == BATCH:
            pass
        self._placed()
        at = self._clock()
        return self._store.submit(lambda connection: self._sign(connection, at, now=and_sign)).result()

    def _sign(self, connection: Transaction, at: datetime, *, now: bool) -> Signed | None:
        audit_log.lock(connection)
        if not (now or self._is_due(connection, at)):
            return None
        return audit_checkpoints.make(connection, self._signing.sign, at)

    def _is_due(self, connection: Transaction, at: datetime) -> bool:
        long, last = audit_log.size(connection), audit_checkpoints.newest(connection)
        if last is None:
            return long > 0
        fresh = long - last.checkpoint.size
        return fresh >= self._rhythm.events or (fresh > 0 and at - last.checkpoint.at >= self._rhythm.wait)

    def _work(self) -> None:
        while not self._stopping.is_set():
            try:
                self._look()
            except (DatabaseAway, StorageFull, KeyUnreadable) as away:
                log.warning("audit.waits", reason=away.detail)
                self._stopping.wait(_POLL_S)
            except Exception:
                log.exception("audit.failed")
                self._stopping.wait(_POLL_S)
            self._news.wait(_POLL_S)
            if self._news.is_set() and not self._stopping.wait(_PAUSE_S):
                self._news.clear()

    def _look(self) -> None:
        """Asked of a reader first: where nothing waits, nobody is kept from writing."""
        at = self._clock()
        if self._store.engine.read(lambda c: audit_log.is_waiting(c) or self._is_due(c, at), EVERYWHERE):
            self.catch_up(and_sign=False)


def _place(connection: Transaction) -> int:
    audit_log.lock(connection)
    return audit_log.sequence(connection, most=BATCH)
