"""Column types that keep what the domain means: aware UTC moments and whole fen."""

from datetime import UTC, datetime
from typing import Any  # SQLAlchemy hands over whatever a statement was given

from sqlalchemy import BigInteger, DateTime, Dialect, String
from sqlalchemy.types import TypeDecorator, TypeEngine

from backend.domain.money import Money
from backend.domain.plain import moment


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment. On SQLite fixed-width RFC 3339 text in UTC, which sorts; elsewhere timestamptz.

    SQLite's own DateTime silently drops the offset, so a naive value is refused on every engine.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text on SQLite."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(32))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> object:
        """Refuse naive moments; write UTC."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise TypeError("a moment without a UTC offset cannot be stored")
        return moment(value) if dialect.name == "sqlite" else value.astimezone(UTC)

    def process_result_value(self, value: object, _dialect: Dialect) -> datetime | None:
        """Give back aware UTC."""
        if value is None:
            return None
        read = datetime.fromisoformat(value) if isinstance(value, str) else value
        if not isinstance(read, datetime):
            raise TypeError(f"{value!r} is no moment")
        # Both engines hand over UTC: most of a reading of many rows would be spent on making it UTC again.
        return read if read.tzinfo is UTC else read.astimezone(UTC)


class Fen(TypeDecorator[Money]):
    """Money as integer fen: NUMERIC on SQLite would be a binary real."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Money | None, _dialect: Dialect) -> int | None:
        """Write fen."""
        return None if value is None else value.fen

    def process_result_value(self, value: Any, _dialect: Dialect) -> Money | None:
        """Give back Money."""
        return None if value is None else Money(int(value))
