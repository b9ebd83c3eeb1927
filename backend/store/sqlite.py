"""SQLite with one writer thread and group commit: many commands a commit, a savepoint each (architecture.md §2)."""

import sqlite3
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from time import perf_counter
from typing import Any, TypeVar  # a job's result is whatever its caller computes

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import QueuePool

from backend import instruments
from backend.domain.authority.sight import Sight
from backend.domain.problems import StorageFull
from backend.store import news
from backend.store.news import Audience, Listener
from backend.store.sqlite_sight import see, shadow

T = TypeVar("T")

MOST_JOBS_A_COMMIT = 64
# SQLite says FULL for ENOSPC alone: a quota or a limit on files shows as a write that failed.
_FULL = frozenset({"SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE"})
_SEEN = "sight"
"""What a bounded reader's connection saw last; the next reading with the same sight finds it set."""
_LOOK_EVERY_S = 0.015
"""How soon a commit of another process is noticed."""


@dataclass(slots=True)
class _Job:
    work: Callable[[Connection], Any]
    future: "Future[Any]"


@dataclass(frozen=True, slots=True)
class _Outcome:
    result: Any = None
    refusal: Exception | None = None


class SqliteEngine:
    """One writing connection in one thread; readers apart."""

    ahead = timedelta(0)

    def __init__(self, url: str, options: Mapping[str, object] | None = None) -> None:
        database = make_url(url).database
        if not database or database == ":memory:":
            raise ValueError("writer and readers have a connection each: the database has to be a file")
        Path(database).parent.mkdir(parents=True, exist_ok=True)
        self._writing = _engine(url, options or {}, writes=True)
        self._reading = _engine(url, options or {}, writes=False)
        self._bounded = _engine(url, options or {}, writes=False, bounded=True)
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._is_closed = False
        self._closing = Lock()
        self._audience = Audience()
        # Opened here: a file that cannot be opened stops the start, not the thread.
        try:
            connection = self._writing.connect()
        except OperationalError as failure:
            raise _translated(failure) from failure
        # Looked at here too: what another process commits before the thread has begun is heard of.
        seen = _foreign_commits(connection)
        self._thread = Thread(
            target=self._write_forever, args=(connection, seen), name="store-writer", daemon=True
        )
        self._thread.start()

    def write(self, work: Callable[[Connection], T]) -> "Future[T]":
        """Queue *work*; it fails alone, without the other commands of its commit."""
        future: Future[T] = Future()
        # Nothing may be queued behind the end: its future would never resolve.
        with self._closing:
            if self._is_closed:
                raise RuntimeError("the database has been closed")
            self._jobs.put(_Job(work, future))
        return future

    def read(self, work: Callable[[Connection], T], sight: Sight) -> T:
        """Run *work* on a reader's connection, which cannot write.

        Raises:
            StorageFull: No room for the index into the log that readers share.
        """
        readers = self._reading if sight.everywhere else self._bounded
        try:
            with readers.connect() as connection, connection.begin():
                if not sight.everywhere and connection.info.get(_SEEN) != sight:
                    # Forgotten first: a connection that half changed sight is set anew by its next user.
                    connection.info.pop(_SEEN, None)
                    see(_driver(connection), sight)
                    connection.info[_SEEN] = sight
                connection.exec_driver_sql("BEGIN")
                return work(connection)
        except OperationalError as failure:
            raise _translated(failure) from failure

    def announce(self, connection: Connection, topic: str) -> None:
        """Tell listeners once the commit that this job belongs to is durable."""
        news.note(connection, topic)

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Tell *listener* of our own commits by topic, and of other processes' commits that there was one."""
        return self._audience.add(listener)

    def close(self) -> None:
        """Commit what is queued, then close; closing again does nothing."""
        with self._closing:
            if not self._is_closed:
                self._jobs.put(None)
            self._is_closed = True
        self._thread.join()
        self._writing.dispose()
        self._reading.dispose()
        self._bounded.dispose()

    def _write_forever(self, connection: Connection, seen: int) -> None:
        with connection:
            while True:
                try:
                    first = self._jobs.get(timeout=_LOOK_EVERY_S)
                except Empty:
                    seen = self._tell_of_others(connection, seen)
                    continue
                if first is None:
                    return
                batch, is_last = self._gather(first)
                self._commit(connection, batch)
                if is_last:
                    return

    def _tell_of_others(self, connection: Connection, seen: int) -> int:
        """Let listeners know that another process has committed something."""
        found = _foreign_commits(connection)
        if found != seen:
            self._audience.tell(None)
        return found

    def _gather(self, first: _Job) -> tuple[list[_Job], bool]:
        """Whatever waits already goes into the same commit; nobody waits for company."""
        batch = [first]
        while len(batch) < MOST_JOBS_A_COMMIT:
            try:
                job = self._jobs.get_nowait()
            except Empty:
                break
            if job is None:
                return batch, True
            batch.append(job)
        return batch, False

    def _commit(self, connection: Connection, batch: list[_Job]) -> None:
        jobs = [job for job in batch if job.future.set_running_or_notify_cancel()]
        driver = _driver(connection)
        told = news.noted(connection)
        told.clear()
        began = perf_counter()
        try:
            with connection.begin():
                # IMMEDIATE takes the write lock at once, so that a batch never fails halfway because another
                # process wrote first.
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                outcomes = [_attempt(connection, job.work) for job in jobs]
        except Exception as failure:  # noqa: BLE001 - the commit failed: none of its jobs happened
            # SQLite keeps a transaction whose COMMIT failed, SQLAlchemy believes it over.
            driver.rollback()
            outcomes = [_Outcome(refusal=_translated(failure))] * len(jobs)
            told.clear()
        instruments.committed(perf_counter() - began, jobs=len(jobs))
        for job, outcome in zip(jobs, outcomes, strict=True):
            if outcome.refusal:
                job.future.set_exception(outcome.refusal)
            else:
                job.future.set_result(outcome.result)
        self._audience.tell(told)


def _attempt(connection: Connection, work: Callable[[Connection], Any]) -> _Outcome:
    """One job between savepoints: its own error goes to its own caller, and takes only its own writes back.

    Raises:
        Exception: The job's own error, where SQLite gave up the whole transaction with it, as on a full disk.
    """
    # Straight to the driver: three statements a job through SQLAlchemy cost as much as writing an event.
    driver = _driver(connection)
    driver.execute("SAVEPOINT job")
    told = news.noted(connection)
    told_before = len(told)
    try:
        outcome = _Outcome(work(connection))
    except Exception as refusal:
        if not driver.in_transaction:
            raise
        outcome = _Outcome(refusal=_translated(refusal))
        del told[told_before:]
        driver.execute("ROLLBACK TO job")
    driver.execute("RELEASE job")
    return outcome


def _foreign_commits(connection: Connection) -> int:
    """A number that changes when another connection than this, the only one of ours that writes, has committed."""
    (version,) = _driver(connection).execute("PRAGMA data_version").fetchone()
    return int(version)


def _driver(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        raise TypeError(f"{type(driver).__name__} is no SQLite connection")
    return driver


def _translated(error: Exception) -> Exception:
    """A full disk is something that a caller can act on; everything else stays what it is."""
    if isinstance(error, OperationalError) and getattr(error.orig, "sqlite_errorname", "") in _FULL:
        return StorageFull("the database has no room left")
    return error


def _engine(url: str, options: Mapping[str, object], *, writes: bool, bounded: bool = False) -> Engine:
    # sqlite3's own transaction handling is off (isolation_level None): whoever begins says so. A listener for
    # SQLAlchemy's "begin" would do as well, and slow every statement down.
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=1 if writes else 8,
        max_overflow=0 if writes else 24,
        connect_args={"check_same_thread": False, "isolation_level": None, "timeout": 30},
        hide_parameters=True,
        execution_options=dict(options),
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        # NORMAL may lose a committed approval when the power goes.
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        # What is erased, or encrypted anew, leaves no copy in pages that are free.
        connection.execute("PRAGMA secure_delete=ON")
        if bounded:
            shadow(connection)
        if not writes:
            connection.execute("PRAGMA query_only=ON")

    return engine
