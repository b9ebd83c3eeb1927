"""Whether this process can do its work now: looked at, not believed; every check says why not and what to do."""

import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NoAnswer
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar

import structlog

from backend import stopping
from backend.adapters.blobs import Blobs, BlobStoreUnusable
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.problems import DatabaseAway
from backend.store import effects, migrate
from backend.store.engine import Transaction
from backend.store.run import Store
from backend.workflows.clock import Clock
from backend.workflows.worker import Worker

PATIENCE_S = 2.0
"""What answers later than this does not count as answering."""
_KEPT_S = 1.0
"""Many who ask at once share one look."""

T = TypeVar("T")
log = structlog.get_logger()


class DatabaseGone(Exception):
    """SQLite's file was removed under a running process, which would go on writing into a file without a name."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. The process is not ready while a required one is not ok."""

    check: str
    ok: bool
    why: str
    next: str = ""
    required: bool = True


@dataclass(frozen=True, slots=True)
class Duty:
    """What this process is there for: answering requests, carrying out effects, or both."""

    serves: bool
    works: bool


class _Probe(Generic[T]):
    """A question in a thread of its own; one that still hangs is waited for, not asked again on top."""

    def __init__(self, pool: ThreadPoolExecutor, ask: Callable[[], T]) -> None:
        self._pool = pool
        self._ask = ask
        self._asked: Future[T] | None = None

    def begin(self) -> None:
        """Ask."""
        if self._asked is None or self._asked.done():
            self._asked = self._pool.submit(self._ask)

    def answer(self, ends: float) -> T:
        """The answer, or the exception that was it; waits until *ends* of the monotonic clock.

        Raises:
            TimeoutError: It still hangs.
        """
        if self._asked is None:
            raise RuntimeError("nothing was asked")
        return self._asked.result(max(0.0, ends - time.monotonic()))


class Readiness:
    """Looks at everything that the process's duty needs."""

    def __init__(
        self,
        store: Store,
        blobs: Blobs,
        worker: Worker,
        clock: Clock,
        *,
        database: str,
        folder: Path,
        disk_floor_bytes: int,
        oldest_due: timedelta,
    ) -> None:
        self._store = store
        self._blobs = blobs
        self._worker = worker
        self._clock = clock
        self._database = database
        self._folder = folder
        self._floor = disk_floor_bytes
        self._oldest_due = oldest_due
        self._wanted = migrate.wanted_revision(database)
        self._pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="readiness")
        self._asked_database = _Probe(self._pool, self._ask_database)
        self._asked_photos = _Probe(self._pool, self._ask_photos)
        self._lock = Lock()
        self._last: tuple[float, Duty, tuple[Check, ...]] | None = None

    def look(self, duty: Duty) -> tuple[Check, ...]:
        """Every check of this duty; takes at most ``PATIENCE_S``, and a moment where someone has just looked."""
        with self._lock:
            if self._last is None or self._last[1] != duty or time.monotonic() - self._last[0] > _KEPT_S:
                self._last = (time.monotonic(), duty, tuple(self._look(duty)))
            found = self._last[2]
        return (_stopping(), *found)

    def close(self) -> None:
        """Look no more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _look(self, duty: Duty) -> Iterator[Check]:
        ends = time.monotonic() + PATIENCE_S
        self._asked_database.begin()
        self._asked_photos.begin()
        try:
            revision, due_since = self._asked_database.answer(ends)
        except Exception as failure:  # noqa: BLE001 - whatever it is, it is what the operator has to know
            next_ = "Start the database, or mend FLASHCLAIM_DATABASE_URL; flashclaim doctor says more."
            yield Check("database", ok=False, why=_words("database", failure), next=next_)
        else:
            yield Check("database", ok=True, why="answers, and takes a transaction")
            yield self._schema(revision)
            yield self._effects(duty, due_since)
        try:
            self._asked_photos.answer(ends)
        except Exception as failure:  # noqa: BLE001 - as above
            next_ = "Make the photo store reachable and writable for the server's user."
            yield Check("photos", ok=False, why=_words("photos", failure), next=next_)
        else:
            yield Check("photos", ok=True, why="an object was written and removed again")
        yield self._disk()
        if duty.works:
            next_ = "" if self._worker.is_alive else "Restart this process; the log says thread.died."
            why = "every thread runs" if self._worker.is_alive else "a thread has died, or none was started"
            yield Check("worker", ok=self._worker.is_alive, why=why, next=next_)

    def _ask_database(self) -> tuple[str | None, datetime | None]:
        file = migrate.file_of(self._database)
        if file is not None and not file.exists():
            raise DatabaseGone("its file was removed: what is written now would be lost")
        self._store.submit(lambda _: None).result(PATIENCE_S)

        def look(connection: Transaction) -> tuple[str | None, datetime | None]:
            return migrate.revision_of(connection), effects.due_since(connection, self._clock())

        return self._store.engine.read(look, EVERYWHERE)

    def _ask_photos(self) -> None:
        self._blobs.check()

    def _schema(self, revision: str | None) -> Check:
        if revision == self._wanted:
            return Check("schema", ok=True, why=f"at {revision}")
        why = f"the database is at schema {revision or 'none'}, this version needs {self._wanted}"
        return Check(
            "schema", ok=False, why=why, next="flashclaim server migrate, or start the newer version."
        )

    def _effects(self, duty: Duty, due_since: datetime | None) -> Check:
        # Reports are taken, kept and answered however far the effects lag: a backlog is a reason to add workers, and
        # none to turn phones away.
        required = not duty.serves
        if due_since is None or self._clock() - due_since <= self._oldest_due:
            return Check("effects", ok=True, why="nothing has been due for long", required=required)
        waited_s = (self._clock() - due_since).total_seconds()
        next_ = "Start flashclaim server worker, or more of them; flashclaim effect list shows what waits."
        why = f"the oldest has been due for {waited_s:.0f} s"
        return Check("effects", ok=False, why=why, next=next_, required=required)

    def _disk(self) -> Check:
        try:
            free = shutil.disk_usage(self._folder).free
        except OSError as missing:
            next_ = "Make the folder that FLASHCLAIM_DATA_FOLDER names, or name another."
            return Check("disk", ok=False, why=_words("disk", missing), next=next_)
        why = f"{free // 1_000_000} MB free, the floor is {self._floor // 1_000_000} MB"
        if free >= self._floor:
            return Check("disk", ok=True, why=why)
        return Check("disk", ok=False, why=why, next="Make room: docs/operate.md, When the disk fills up.")


def is_ready(checks: tuple[Check, ...]) -> bool:
    """Whether every required check is ok."""
    return all(check.ok for check in checks if check.required)


def _stopping() -> Check:
    if stopping.asked.is_set():
        return Check(
            "stopping", ok=False, why="this process was asked to end", next="Send work to another one."
        )
    return Check("stopping", ok=True, why="nobody asked this process to end")


def _words(check: str, failure: Exception) -> str:
    """Without paths, addresses and parameters: whoever asks needs no sign-in. The log has the rest."""
    if isinstance(failure, NoAnswer):
        return f"no answer within {PATIENCE_S:.0f} s"
    log.warning("check.failed", check=check, exc_info=failure)
    if isinstance(failure, DatabaseGone | BlobStoreUnusable | DatabaseAway):
        return str(failure)
    return getattr(failure, "strerror", None) or f"{type(failure).__name__}; the log says more"
