"""Domain values as plain JSON values, ready for canonical JSON: the form in which events are stored and hashed."""

from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from uuid import UUID


def plain(value: object) -> object:
    """Return *value* as strings, integers, booleans, None, lists and dicts.

    Decimal becomes a decimal string, aware datetimes RFC 3339 in UTC, dates ISO, UUIDs text, dataclasses (Money too)
    objects with a key per field.

    Raises:
        TypeError: A float, a naive datetime, or another type that has no exact JSON form.
    """
    match value:
        case None | bool() | int():
            return value
        case Enum():
            return value.value
        case str():
            return value
        case Decimal() | UUID():
            return str(value)
        case datetime():
            return moment(value)
        case date():
            return value.isoformat()
        case list() | tuple():
            return [plain(item) for item in value]
        case dict():
            return {str(key): plain(item) for key, item in value.items()}
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"{type(value).__name__} has no exact JSON form")


def moment(value: datetime) -> str:
    """An aware moment as RFC 3339 in UTC with microseconds.

    Raises:
        TypeError: *value* is naive.
    """
    if value.utcoffset() is None:
        raise TypeError("a moment without a UTC offset has no exact form")
    return value.astimezone(UTC).isoformat(timespec="microseconds")
