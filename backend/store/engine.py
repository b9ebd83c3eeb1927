"""SQLite with one writer thread and group commit: many commands a commit, a savepoint each (architecture.md §2).

PostgreSQL will be a second module with the same two verbs, ``write`` and ``read``.
"""

import sqlite3
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Protocol, TypeVar  # a job's result is whatever its caller computes

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import QueuePool

from backend.domain.problems import StorageFull

T = TypeVar("T")
Transaction = Connection
"""What work inside one transaction is handed; layers above the store know it by this name."""

MOST_JOBS_A_COMMIT = 64


class DatabaseEngine(Protocol):
    """Where the store's work is done."""

    def write(self, work: Callable[[Connection], T]) -> "Future[T]":
        """Queue *work* as one atomic step; the future resolves after it is durable."""
        ...

    def read(self, work: Callable[[Connection], T]) -> T:
        """Run *work* now, in the calling thread, on a consistent snapshot."""
        ...

    def close(self) -> None:
        """Finish what is queued, then let go of the database."""
        ...


@dataclass(slots=True)
class _Job:
    work: Callable[[Connection], Any]
    future: "Future[Any]"


class SqliteEngine:
    """One writing connection in one thread; readers apart."""

    def __init__(self, url: str) -> None:
        database = make_url(url).database
        if database and database != ":memory:":
            Path(database).parent.mkdir(parents=True, exist_ok=True)
        self._writing = _engine(url, writes=True)
        self._reading = _engine(url, writes=False)
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread = Thread(target=self._write_forever, name="store-writer", daemon=True)
        self._thread.start()

    def write(self, work: Callable[[Connection], T]) -> "Future[T]":
        """Queue *work*; it fails alone, without the other commands of its commit."""
        future: Future[T] = Future()
        self._jobs.put(_Job(work, future))
        return future

    def read(self, work: Callable[[Connection], T]) -> T:
        """Run *work* on a reader's connection, which cannot write."""
        with self._reading.connect() as connection:
            return work(connection)

    def close(self) -> None:
        """Commit what is queued, then close."""
        self._jobs.put(None)
        self._thread.join()
        self._writing.dispose()
        self._reading.dispose()

    def _write_forever(self) -> None:
        with self._writing.connect() as connection:
            while (first := self._jobs.get()) is not None:
                batch, is_last = self._gather(first)
                self._commit(connection, batch)
                if is_last:
                    return

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

    @staticmethod
    def _commit(connection: Connection, batch: list[_Job]) -> None:
        done: list[tuple[_Job, Any]] = []
        refused: list[tuple[_Job, BaseException]] = []
        try:
            with connection.begin():
                for job in batch:
                    if not job.future.set_running_or_notify_cancel():
                        continue
                    try:
                        with connection.begin_nested():
                            done.append((job, job.work(connection)))
                    except Exception as refusal:  # noqa: BLE001 - each job's own error goes to its own caller
                        refused.append((job, _translated(refusal)))
        except Exception as failure:  # noqa: BLE001 - the commit failed: none of its jobs happened
            refused += [(job, _translated(failure)) for job, _ in done]
            done = []
            if connection.in_transaction():
                connection.rollback()
        for job, result in done:
            job.future.set_result(result)
        for job, reason in refused:
            job.future.set_exception(reason)


def _translated(error: Exception) -> Exception:
    """A full disk is something that a caller can act on; everything else stays what it is."""
    if isinstance(error, OperationalError) and "disk is full" in str(error.orig):
        return StorageFull("the database has no room left")
    return error


def _engine(url: str, *, writes: bool) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=1 if writes else 8,
        max_overflow=0 if writes else 24,
        connect_args={"check_same_thread": False, "isolation_level": None, "timeout": 30},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        # NORMAL may lose a committed approval when the power goes.
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        if not writes:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # sqlite3's own transaction handling is off (isolation_level None); IMMEDIATE takes the write lock at
        # once, so that a batch never fails halfway because another process wrote first.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
