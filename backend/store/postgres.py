"""PostgreSQL: a pool of writing threads, a transaction each; news by LISTEN/NOTIFY (architecture.md §2)."""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from random import uniform
from typing import Any, TypeVar  # what psycopg raises carries its SQLSTATE untyped

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool, QueuePool

from backend import instruments
from backend.domain.authority.sight import Sight
from backend.domain.problems import DatabaseAway, StorageFull
from backend.store import news
from backend.store.news import Audience, Listener
from backend.store.postgres_news import Wire
from backend.store.postgres_roles import SEE, RowsUnprotected, role_for, sight_parameters

T = TypeVar("T")

MOST_TRIES = 6
_MEASURE_EVERY_S = 60.0
_DECIDE_AGAIN = frozenset(
    {
        "40001",  # serialization_failure
        "40P01",  # deadlock_detected
        "23505",  # unique_violation: someone recorded the same first; the second look finds it and answers
    }
)
_FULL = frozenset({"53100"})
_AWAY = frozenset({"57P01", "57P02", "57P03", "53300"})
"""The server is being stopped, crashed, is starting, or takes no more connections."""


class PostgresEngine:
    """Writers side by side under READ COMMITTED: rows that decide something are locked or guarded by a version."""

    def __init__(self, url: str, options: Mapping[str, object], *, writers: int = 8, kept: int = 8) -> None:
        address = make_url(url).set(drivername="postgresql+psycopg")
        whole = address.render_as_string(hide_password=False)
        role = _role(whole)
        self._is_protected = role is not None
        self._writing = _engine(whole, options, most=writers, kept=kept, **role or {})
        self._reading = _engine(
            whole,
            options,
            most=32,
            kept=kept,
            default_transaction_isolation="repeatable read",
            default_transaction_read_only="on",
            **role or {},
        )
        self._audience = Audience()
        self._ahead = timedelta(0)
        self._ahead_measured = -_MEASURE_EVERY_S
        # A server that is not there stops the start, not the first request.
        try:
            with self._writing.connect() as connection:
                self._measure(connection)
        except DBAPIError as failure:
            raise _translated(failure) from failure
        self._wire = Wire(address, self._audience)
        self._pool = ThreadPoolExecutor(writers, thread_name_prefix="store-writer")

    @property
    def ahead(self) -> timedelta:
        """How far the server's clock is ahead of ours, to within the time of one round trip."""
        return self._ahead

    def write(self, work: Callable[[Connection], T]) -> "Future[T]":
        """Queue *work* for the next free writer.

        Raises:
            RuntimeError: The engine was closed.
        """
        return self._pool.submit(self._carry_out, work)

    def read(self, work: Callable[[Connection], T], sight: Sight) -> T:
        """Run *work* in a read-only REPEATABLE READ transaction.

        Raises:
            DatabaseAway: The server does not answer.
            RowsUnprotected: The sight has bounds, and nothing in the database knows them.
        """
        if not (sight.everywhere or self._is_protected):
            raise RowsUnprotected("the database has no rules for rows. Next: flashclaim server migrate")
        for tries_left in (1, 0):
            try:
                with self._reading.connect() as connection, connection.begin():
                    if not sight.everywhere:
                        connection.exec_driver_sql(SEE, sight_parameters(sight))
                    return work(connection)
            except DBAPIError as failure:
                # The first look after a restart finds the pool's connections dead; the second opens new ones.
                if not (failure.connection_invalidated and tries_left):
                    raise _translated(failure) from failure
        raise AssertionError("the second try has returned or raised")

    def announce(self, connection: Connection, topic: str) -> None:
        """Tell listeners, here and elsewhere, once the transaction is durable."""
        news.note(connection, topic)

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Tell *listener* of commits in all processes, by topic."""
        leave = self._audience.add(listener)
        self._wire.hear()
        return leave

    def close(self) -> None:
        """Finish what is queued, then close every connection; closing again does nothing."""
        self._pool.shutdown(wait=True)
        self._wire.close()
        self._writing.dispose()
        self._reading.dispose()

    def _carry_out(self, work: Callable[[Connection], T]) -> T:
        for attempt in range(1, MOST_TRIES + 1):
            try:
                return self._once(work)
            except DBAPIError as failure:
                if attempt == MOST_TRIES or not _may_try_again(failure, attempt):
                    raise _translated(failure) from failure
                instruments.VERSION_CLASHES.inc()
            # Writers that met once must not meet again at the same instant.
            time.sleep(uniform(0, 0.002 * 2**attempt))  # noqa: S311 - no secret
        raise AssertionError("the last try has returned or raised")

    def _once(self, work: Callable[[Connection], T]) -> T:
        with self._writing.connect() as connection:
            if time.monotonic() - self._ahead_measured > _MEASURE_EVERY_S:
                self._measure(connection)
            told = news.noted(connection)
            told.clear()
            began = time.perf_counter()
            result = work(connection)
            topics = tuple(told)
            try:
                connection.commit()
            except DBAPIError as unknown:
                if unknown.connection_invalidated:
                    # It may be durable or not: only a repeat by the caller, under the same key, finds out.
                    raise DatabaseAway("the connection was lost while committing") from unknown
                raise
        instruments.committed(time.perf_counter() - began, jobs=1)
        if topics:
            self._audience.tell(topics)
            self._wire.send(topics)
        return result

    def _measure(self, connection: Connection) -> None:
        """Compare the clocks; in a writer's thread, so that whoever asks for the time never waits for the network."""
        before = datetime.now(UTC)
        theirs: datetime = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
        after = datetime.now(UTC)
        self._ahead, self._ahead_measured = theirs - (before + (after - before) / 2), time.monotonic()


def _may_try_again(failure: DBAPIError, attempt: int) -> bool:
    if failure.connection_invalidated:
        return attempt == 1
    return _sqlstate(failure) in _DECIDE_AGAIN


def _translated(failure: DBAPIError) -> Exception:
    """What a caller can act on: a server that is away, a disk that is full. Everything else stays what it is."""
    state = _sqlstate(failure)
    if state in _FULL:
        return StorageFull("the database has no room left")
    if failure.connection_invalidated or state in _AWAY or (state is None and _is_operational(failure)):
        return DatabaseAway("the database server does not answer")
    return failure


def _sqlstate(failure: DBAPIError) -> str | None:
    original: Any = failure.orig
    state: str | None = getattr(original, "sqlstate", None)
    return state


def _is_operational(failure: DBAPIError) -> bool:
    """A connection that could not be made carries no SQLSTATE."""
    return type(failure.orig).__name__ in {"OperationalError", "ConnectionTimeout"}


def _role(url: str) -> dict[str, str] | None:
    """The setting that makes every connection of a pool act as the app, where the database's rules stand."""
    looking = create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": 5})
    try:
        with looking.connect() as connection:
            role = role_for(connection)
    except DBAPIError as failure:
        # A server that is not there stops the start, not the first request.
        raise _translated(failure) from failure
    return None if role is None else {"role": role}


def _engine(url: str, execution: Mapping[str, object], *, most: int, kept: int, **defaults: str) -> Engine:
    settings = {"timezone": "UTC"} | defaults
    options = " ".join(f"-c {name}={value.replace(' ', chr(92) + ' ')}" for name, value in settings.items())
    return create_engine(
        url,
        poolclass=QueuePool,
        # What a burst needed beyond these goes back to the server, which has a hundred for everybody.
        pool_size=min(most, kept),
        max_overflow=max(0, most - kept),
        connect_args={"options": options, "connect_timeout": 5, "application_name": "flashclaim"},
        # Errors are logged; what people wrote and where they live is not.
        hide_parameters=True,
        execution_options=dict(execution),
    )
