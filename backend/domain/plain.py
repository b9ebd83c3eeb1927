"""Domain values as plain JSON values, ready for canonical JSON: the form in which events are stored and hashed."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from json.encoder import encode_basestring
from operator import attrgetter
from types import NoneType
from typing import Any  # a writer is called with values of the type that it was made for
from uuid import UUID

from backend.domain.canonical import canonical


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


def canonical_text(value: object) -> str:
    """``canonical(plain(value))`` as text, in one pass and several times quicker: every event is written this way.

    Raises:
        TypeError, ValueError: As ``plain`` and ``canonical``, but for a lone surrogate, which shows when the text is
            encoded.
    """
    return _WRITERS[type(value)](value)


class _Writers(dict[type, Callable[[Any], str]]):
    """What writes a value of exactly this type: worked out once a type, not once a value."""

    def __missing__(self, kind: type) -> Callable[[Any], str]:
        self[kind] = _writer(kind)
        return self[kind]


_WRITERS = _Writers()
_SMALL = 2**53
"""Integers below are exact in JSON; ``canonical`` says what becomes of others."""


def _writer(kind: type) -> Callable[[Any], str]:
    if issubclass(kind, Enum):
        return lambda value: canonical_text(value.value)
    if issubclass(kind, str):
        return encode_basestring
    if kind is NoneType:
        return lambda _: "null"
    if kind is bool:
        return lambda value: "true" if value else "false"
    if issubclass(kind, int):
        return lambda value: str(int(value)) if -_SMALL < value < _SMALL else canonical(value).decode()
    if issubclass(kind, datetime):
        return lambda value: f'"{moment(value)}"'
    if issubclass(kind, Decimal | UUID | date):
        return lambda value: f'"{value}"'
    if issubclass(kind, list | tuple):
        return lambda value: "[" + ",".join([_WRITERS[type(item)](item) for item in value]) + "]"
    if is_dataclass(kind):
        return _object_writer(kind)
    return lambda value: canonical(plain(value)).decode()


def _object_writer(kind: type) -> Callable[[Any], str]:
    members = [(f'"{name}":', attrgetter(name)) for name in sorted(field.name for field in fields(kind))]
    writers = _WRITERS

    def write(value: Any) -> str:
        return "{" + ",".join([key + writers[type(one := get(value))](one) for key, get in members]) + "}"

    return write


def moment(value: datetime) -> str:
    """An aware moment as RFC 3339 in UTC with microseconds.

    Raises:
        TypeError: *value* is naive.
    """
    if value.tzinfo is UTC:
        return value.isoformat(timespec="microseconds")
    if value.utcoffset() is None:
        raise TypeError("a moment without a UTC offset has no exact form")
    return value.astimezone(UTC).isoformat(timespec="microseconds")
