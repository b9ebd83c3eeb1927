"""Rows as lines of JSON and back, the same from every engine: what a backup holds and what a copy is compared by."""

import base64
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any  # a column's value is whatever its type says
from uuid import UUID

import msgspec
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.types import TypeEngine

from backend.domain.money import Money
from backend.store.columns import Fen, UtcDateTime

Row = Mapping[str, Any]
_encode = msgspec.json.Encoder(order="deterministic").encode
_decode = msgspec.json.Decoder(dict[str, Any]).decode
_LARGEST = 2**256


def _same(value: Any) -> Any:
    return value


@dataclass(frozen=True, slots=True)
class Kind:
    """How values of one kind of column are written and read. What JSON says itself needs no words here."""

    matches: tuple[type[TypeEngine[Any]], ...]
    column_type: Callable[[], TypeEngine[Any]]
    write: Callable[[Any], Any] = _same
    read: Callable[[Any], Any] = _same


KINDS: Mapping[str, Kind] = {
    # Ours first: they are types of their own around others.
    "moment": Kind((UtcDateTime,), UtcDateTime, read=datetime.fromisoformat),
    "fen": Kind((Fen,), Fen, write=lambda money: money.fen, read=Money),
    "day": Kind((Date,), Date, read=date.fromisoformat),
    "uuid": Kind((Uuid,), Uuid, read=UUID),
    "bytes": Kind((LargeBinary,), LargeBinary, read=base64.b64decode),
    "json": Kind((JSON,), lambda: JSON(none_as_null=True)),
    "flag": Kind((Boolean,), Boolean),
    "whole": Kind((Integer,), BigInteger),
    "number": Kind((Float,), Float),
    "text": Kind((String,), Text),
}


def kind_of(column: Column[Any]) -> str:
    """The name of the column's kind.

    Raises:
        TypeError: A type that no backup can hold yet: add it to KINDS.
    """
    for name, kind in KINDS.items():
        if isinstance(column.type, kind.matches):
            return name
    raise TypeError(f"{column} has a type that no backup can hold: {column.type!r}")


def columns_of(table: Table) -> dict[str, str]:
    """The kind of each column, in the table's order."""
    # SQLAlchemy's names are texts with a flag, which no JSON writer takes.
    return {str(column.name): kind_of(column) for column in table.columns}


def table_of(name: str, columns: Mapping[str, str]) -> Table:
    """A table to write to, known by its columns' kinds alone: its schema may be older than this version's."""
    return Table(
        name, MetaData(), *(Column(column, KINDS[kind].column_type()) for column, kind in columns.items())
    )


def lines_of(columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Each row as one line of JSON, without its end."""
    writers = [(name, KINDS[kind].write) for name, kind in columns.items()]
    for row in rows:
        yield _encode(
            {
                name: None if value is None else write(value)
                for (name, write), value in zip(writers, row, strict=True)
            }
        )


def row_of(columns: Mapping[str, str], line: bytes) -> Row:
    """The row that a line was made from.

    Raises:
        ValueError: The line is not one of such a table.
    """
    found = _decode(line)
    if found.keys() != columns.keys():
        raise ValueError(f"columns {sorted(found)} instead of {sorted(columns)}")
    try:
        return {
            name: None if found[name] is None else KINDS[kind].read(found[name])
            for name, kind in columns.items()
        }
    except (TypeError, AttributeError) as wrong:
        raise ValueError(str(wrong)) from wrong


@dataclass(slots=True)
class Tally:
    """How many rows, and what they are, in whatever order they come: two tables with equal tallies hold the same."""

    rows: int = 0
    _sum: int = field(default=0, repr=False)

    def add(self, line: bytes) -> None:
        """Count one more row. Its hash is added up, not chained: engines sort texts each in their own way."""
        self.rows += 1
        self._sum = (self._sum + int.from_bytes(hashlib.sha256(line).digest())) % _LARGEST

    @property
    def fingerprint(self) -> str:
        """The sum of all rows' sha-256, as 64 hexadecimal digits."""
        return f"{self._sum:064x}"
