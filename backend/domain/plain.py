"""Domain values as plain JSON values, ready for canonical JSON: the form in which events are stored and hashed."""

from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from json.encoder import encode_basestring
from operator import attrgetter
from types import NoneType
from typing import Any  # a writer is called with values of the type that it was made for
from uuid import UUID

from backend.domain.canonical import canonical, sorted_keys


def plain(value: object) -> object:
    """Return *value* as strings, integers, booleans, None, lists and dicts.

    Decimal becomes a decimal string, aware datetimes RFC 3339 in UTC, dates ISO, UUIDs text, dataclasses (Money too)
    objects with a key per field.

    Raises:
        TypeError: A float, a naive datetime, or another type that has no exact JSON form.
    """
    return _MAKERS[type(value)](value)


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


class _Makers(dict[type, Callable[[Any], object]]):
    """What makes a plain value of one of exactly this type, as ``_Writers``."""

    def __missing__(self, kind: type) -> Callable[[Any], object]:
        self[kind] = _maker(kind)
        return self[kind]


_MAKERS = _Makers()
_SMALL = 2**53
"""Integers below are exact in JSON; ``canonical`` says what becomes of others."""


def _writer(kind: type) -> Callable[[Any], str]:
    found = next((write for kinds, write in _TEXTS if issubclass(kind, kinds)), None)
    if found is None and is_dataclass(kind):
        return _object_writer(kind)
    return found or (lambda value: canonical(plain(value)).decode())


def _maker(kind: type) -> Callable[[Any], object]:
    found = next((make for kinds, make in _PLAIN if issubclass(kind, kinds)), None)
    if found is not None:
        return found
    if not is_dataclass(kind):
        raise TypeError(f"{kind.__name__} has no exact JSON form")
    names = tuple(field.name for field in fields(kind))
    return lambda value: {name: _MAKERS[type(one := getattr(value, name))](one) for name in names}


def _integer_text(value: int) -> str:
    return str(int(value)) if -_SMALL < value < _SMALL else canonical(value).decode()


def _list_text(value: Sequence[Any]) -> str:
    return "[" + ",".join([_WRITERS[type(item)](item) for item in value]) + "]"


def _object_writer(kind: type) -> Callable[[Any], str]:
    names = sorted(field.name for field in fields(kind))
    if len(names) < 2:  # noqa: PLR2004 - of one name, attrgetter gives no tuple
        return lambda value: _mapping_text({name: getattr(value, name) for name in names})
    form, values, writers = (
        "{" + ",".join(f'"{name}":%s' for name in names) + "}",
        attrgetter(*names),
        _WRITERS,
    )

    def write(value: Any) -> str:
        return form % tuple([writers[type(one)](one) for one in values(value)])

    return write


def _mapping_text(value: dict[object, Any]) -> str:
    said = {str(key): one for key, one in value.items()}
    return (
        "{"
        + ",".join([f"{encode_basestring(key)}:{canonical_text(said[key])}" for key in sorted_keys(said)])
        + "}"
    )


@lru_cache(maxsize=4096)
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


_TEXTS: tuple[tuple[tuple[type, ...], Callable[[Any], str]], ...] = (
    # Also an enumeration's, whose text is its value.
    ((str,), encode_basestring),
    ((Enum,), lambda value: canonical_text(value.value)),
    ((NoneType,), lambda _: "null"),
    ((bool,), lambda value: "true" if value else "false"),
    ((int,), _integer_text),
    ((datetime,), lambda value: f'"{moment(value)}"'),
    ((Decimal, UUID, date), lambda value: f'"{value}"'),
    ((list, tuple), _list_text),
    ((dict,), _mapping_text),
)
"""What writes a value of these types; the first that fits: a bool is an int, a moment a date."""


_PLAIN: tuple[tuple[tuple[type, ...], Callable[[Any], object]], ...] = (
    ((NoneType, int), lambda value: value),
    ((Enum,), lambda value: value.value),
    ((str,), lambda value: value),
    ((Decimal, UUID), str),
    ((datetime,), moment),
    ((date,), lambda value: value.isoformat()),
    ((list, tuple), lambda value: [_MAKERS[type(item)](item) for item in value]),
    ((dict,), lambda value: {str(key): _MAKERS[type(item)](item) for key, item in value.items()}),
)
"""What makes a plain value of these types; the first that fits, as above."""
