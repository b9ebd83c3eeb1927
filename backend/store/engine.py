"""The seam between the store and its database: SQLite by default, PostgreSQL when outgrown, behind the same verbs.

Work is a function over one transaction. On both engines it may run more than once before it is answered (a clash with
another writer is decided again), so it changes nothing but its transaction.
"""

from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta
from typing import Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.engine import make_url

from backend.domain.authority.sight import Sight
from backend.domain.personal.keys import Keys
from backend.store.news import Listener
from backend.store.vault import options

T = TypeVar("T")
Transaction = Connection
"""What work inside one transaction is handed; layers above the store know it by this name."""


class DatabaseEngine(Protocol):
    """Where the store's work is done."""

    @property
    def ahead(self) -> timedelta:
        """How far the database's clock is ahead of this machine's: one clock for all processes of an installation."""
        ...

    def write(self, work: Callable[[Connection], T]) -> "Future[T]":
        """Queue *work* as one atomic step; the future resolves after it is durable.

        Raises:
            RuntimeError: The engine was closed.
        """
        ...

    def read(self, work: Callable[[Connection], T], sight: Sight) -> T:
        """Run *work* now, in the calling thread, on a consistent snapshot of what *sight* sees."""
        ...

    def announce(self, connection: Connection, topic: str) -> None:
        """Tell listeners of *topic* in all processes once this transaction is durable; never if it is not."""
        ...

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Tell *listener* of what is announced, here and in other processes; what is returned ends it.

        News is a hint, not the truth: it may come late, twice or (after a crash) not at all.
        """
        ...

    def close(self) -> None:
        """Finish what is queued, then let go of the database."""
        ...


def open_engine(url: str, *, keys: Keys | None = None, writers: int = 8, kept: int = 8) -> DatabaseEngine:
    """The engine for the database at *url*.

    Args:
        url: SQLite or PostgreSQL.
        keys: What personal data is encrypted under; without them whatever touches it is refused (KeysMissing).
        writers: PostgreSQL's connections that write side by side.
        kept: Of these, and of those that read, how many stay open while nobody wants them.

    Raises:
        ValueError: Neither SQLite nor PostgreSQL, or SQLite in memory.
        DatabaseAway: The database server does not answer.
        StorageFull: SQLite has no room to open its file.
        sqlalchemy.exc.OperationalError: The database cannot be opened.
        ModuleNotFoundError: PostgreSQL without the extra ``postgres``.
    """
    backend = make_url(url).get_backend_name()
    if backend == "sqlite":
        from backend.store.sqlite import SqliteEngine

        return SqliteEngine(url, options(keys))
    if backend == "postgresql":
        from backend.store.postgres import PostgresEngine

        return PostgresEngine(url, options(keys), writers=writers, kept=kept)
    raise ValueError(f"{backend} is no database that flashclaim keeps claims in: sqlite or postgresql")
