"""The bank's books: accounts, transfers and owed callbacks in one SQLite file, durable past a kill -9.

Times are Unix milliseconds. One thread uses a ledger; a verb is one transaction, or part of one around it.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self
from uuid import uuid4

from backend.domain.money import Money

_TABLES = """
CREATE TABLE IF NOT EXISTS accounts (account TEXT PRIMARY KEY, holder TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS transfers (
    serial INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    fen INTEGER NOT NULL CHECK (fen > 0),
    payee_name TEXT NOT NULL,
    account TEXT NOT NULL,
    reference TEXT NOT NULL,
    state TEXT NOT NULL,
    reason_code TEXT,
    reason_text TEXT,
    accepted_ms INTEGER NOT NULL,
    due_ms INTEGER NOT NULL,
    ended_ms INTEGER
);
CREATE INDEX IF NOT EXISTS transfers_by_reference ON transfers (reference);
CREATE INDEX IF NOT EXISTS transfers_open ON transfers (due_ms) WHERE state = 'ACCEPTED';
CREATE TABLE IF NOT EXISTS returns (
    serial INTEGER PRIMARY KEY REFERENCES transfers,
    due_ms INTEGER NOT NULL,
    returned_ms INTEGER
);
CREATE INDEX IF NOT EXISTS returns_open ON returns (due_ms) WHERE returned_ms IS NULL;
CREATE TABLE IF NOT EXISTS notices (
    message_id TEXT PRIMARY KEY,
    serial INTEGER NOT NULL REFERENCES transfers,
    state TEXT NOT NULL,
    copies INTEGER NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    due_ms INTEGER,
    UNIQUE (serial, state)
);
CREATE INDEX IF NOT EXISTS notices_owed ON notices (due_ms) WHERE due_ms IS NOT NULL;
"""
_TRANSFER = (
    "transfers.serial, key, fen, payee_name, account, reference, transfers.state, reason_code, reason_text,"
    " accepted_ms, transfers.due_ms, ended_ms, returned_ms"
)
_BOOKS = "transfers LEFT JOIN returns USING (serial)"
_CALLBACKS_OWED = (
    f"SELECT message_id, notices.state, copies, tries, notices.due_ms, {_TRANSFER} FROM notices"  # noqa: S608
    " JOIN transfers USING (serial) LEFT JOIN returns USING (serial)"
    " WHERE notices.due_ms IS NOT NULL ORDER BY notices.due_ms, notices.serial LIMIT ?"
)


class State(StrEnum):
    """A transfer's state in the books."""

    ACCEPTED = "ACCEPTED"
    SETTLED = "SETTLED"
    REFUSED = "REFUSED"
    RETURNED = "RETURNED"
    """It was settled, and came back."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a payer asks for; two orders under one key are the same order or a conflict."""

    key: str
    amount: Money
    payee_name: str
    account: str
    reference: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a transfer was refused or returned."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Booking:
    """A transfer as the books hold it; ``ended_ms`` once settled or refused, ``returned_ms`` once it came back."""

    serial: int
    order: Order
    state: State
    reason: Reason | None
    accepted_ms: int
    due_ms: int
    ended_ms: int | None
    returned_ms: int | None

    @property
    def bank_reference(self) -> str:
        """The bank's own number, the same for ever."""
        return f"SB{self.serial:010d}"


@dataclass(frozen=True, slots=True)
class Callback:
    """A callback that is owed: sent ``1 + copies`` times at each try, under one message id.

    ``state`` is what it tells of; the booking may have gone on since.
    """

    message_id: str
    booking: Booking
    state: State
    copies: int
    tries: int
    due_ms: int


class Ledger:
    """The books; a second process on the same file is refused (``sqlite3.OperationalError``)."""

    def __init__(self, database: str) -> None:
        """Open or create the books.

        Args:
            database: A file, or ``:memory:`` for books that end with the process.

        Raises:
            sqlite3.Error: The file cannot be opened, is no database, or another bank has it open.
        """
        self._db = sqlite3.connect(database, timeout=2.0, isolation_level=None)
        self._db.execute("PRAGMA locking_mode = EXCLUSIVE")
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.executescript(f"BEGIN IMMEDIATE; {_TABLES} COMMIT;")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def name_holder(self, account: str, holder: str) -> None:
        """Record whose account it is, in place of an earlier holder."""
        self._db.execute("INSERT OR REPLACE INTO accounts VALUES (?, ?)", (account, holder))

    def holder(self, account: str) -> str | None:
        """Whose account it is, or None where the bank does not know the account."""
        row = self._db.execute("SELECT holder FROM accounts WHERE account = ?", (account,)).fetchone()
        return None if row is None else str(row[0])

    def find(self, key: str, reference: str | None = None) -> Booking | None:
        """The transfer under *key*, or else the first one under *reference*."""
        found = self._bookings("WHERE key = ?", key)
        if not found and reference is not None:
            found = self._bookings("WHERE reference = ? ORDER BY serial LIMIT 1", reference)
        return found[0] if found else None

    def all(self) -> list[Booking]:
        """Every transfer, in the order of arrival."""
        return self._bookings("ORDER BY serial")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make several verbs one: all of them are in the books, or none."""
        self._db.execute("SAVEPOINT verb")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK TO verb")
            raise
        finally:
            self._db.execute("RELEASE verb")

    def accept(self, order: Order, *, at_ms: int, due_ms: int) -> Booking:
        """Take a new order in charge, to be ended at *due_ms*.

        Raises:
            sqlite3.IntegrityError: The key is taken.
        """
        self._db.execute(
            "INSERT INTO transfers (key, fen, payee_name, account, reference, state, accepted_ms, due_ms)"
            " VALUES (?, ?, ?, ?, ?, 'ACCEPTED', ?, ?)",
            (order.key, order.amount.fen, order.payee_name, order.account, order.reference, at_ms, due_ms),
        )
        return self._bookings("WHERE key = ?", order.key)[0]

    def to_end(self, at_ms: int) -> list[Booking]:
        """Transfers whose time to end has come, the longest due first, at most 64."""
        return self._bookings(
            "WHERE state = 'ACCEPTED' AND transfers.due_ms <= ? ORDER BY transfers.due_ms, serial LIMIT 64",
            at_ms,
        )

    def next_end_ms(self) -> int | None:
        """When the next accepted transfer is due to end, or the next settled one to come back."""
        ends = self._db.execute(
            "SELECT min(due_ms) FROM transfers WHERE state = 'ACCEPTED'"
            " UNION ALL SELECT min(due_ms) FROM returns WHERE returned_ms IS NULL"
        )
        return min((due for (due,) in ends if due is not None), default=None)

    def end(self, serial: int, *, at_ms: int, reason: Reason | None) -> None:
        """Settle an accepted transfer, or refuse it for *reason*; one that has ended stays as it is."""
        self._db.execute(
            "UPDATE transfers SET state = ?, reason_code = ?, reason_text = ?, ended_ms = ?"
            " WHERE serial = ? AND state = 'ACCEPTED'",
            (
                State.SETTLED if reason is None else State.REFUSED,
                None if reason is None else reason.code,
                None if reason is None else reason.text,
                at_ms,
                serial,
            ),
        )

    def plan_return(self, serial: int, *, due_ms: int) -> None:
        """Bring a settled transfer back at *due_ms*."""
        self._db.execute(
            "INSERT INTO returns (serial, due_ms) VALUES (?, ?) ON CONFLICT DO NOTHING", (serial, due_ms)
        )

    def to_return(self, at_ms: int) -> list[Booking]:
        """Transfers whose time to come back has come, at most 64."""
        return self._bookings(
            "WHERE returns.due_ms <= ? AND returned_ms IS NULL ORDER BY returns.due_ms, serial LIMIT 64",
            at_ms,
        )

    def bring_back(self, serial: int, *, at_ms: int, reason: Reason) -> None:
        """Return a settled transfer for *reason*."""
        self._db.execute("UPDATE returns SET returned_ms = ? WHERE serial = ?", (at_ms, serial))
        self._db.execute(
            "UPDATE transfers SET state = ?, reason_code = ?, reason_text = ? WHERE serial = ?",
            (State.RETURNED, reason.code, reason.text, serial),
        )

    def owe_callback(self, serial: int, state: State, *, due_ms: int, copies: int) -> None:
        """Promise to tell the payer that the transfer came to this state, once each."""
        self._db.execute(
            "INSERT INTO notices (message_id, serial, state, copies, due_ms) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            (f"msg_{uuid4().hex}", serial, state, copies, due_ms),
        )

    def owed_callbacks(self, at_most: int) -> list[Callback]:
        """Callbacks that are still owed, due or not, the earliest due first."""
        rows = self._db.execute(_CALLBACKS_OWED, (at_most,))
        return [
            Callback(message_id, _booking(row), State(state), copies, tries, due_ms)
            for message_id, state, copies, tries, due_ms, *row in rows
        ]

    def called(self, message_id: str, *, next_try_ms: int | None) -> None:
        """Record a try: the next one at *next_try_ms*, or none because it was heard or is given up."""
        self._db.execute(
            "UPDATE notices SET tries = tries + 1, due_ms = ? WHERE message_id = ?",
            (next_try_ms, message_id),
        )

    def _bookings(self, rest: str, *values: object) -> list[Booking]:
        rows = self._db.execute(f"SELECT {_TRANSFER} FROM {_BOOKS} {rest}", values)  # noqa: S608 - our own words
        return [_booking(row) for row in rows]


def _booking(row: Sequence[Any]) -> Booking:  # Any: sqlite3 gives untyped columns
    serial, key, fen, payee_name, account, reference, state, code, text, *times_ms = row
    return Booking(
        serial,
        Order(key, Money(fen), payee_name, account, reference),
        State(state),
        None if code is None else Reason(code, text),
        *times_ms,
    )
