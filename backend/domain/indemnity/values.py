"""Parsers of single values in JSON or TOML; each raises ValueError saying what is wrong to a person."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeVar

from backend.domain.money import Money
from backend.domain.policy import policy_day

Word = TypeVar("Word", bound=StrEnum)

MOST = 1_000_000_000
"""Counts of animals, months and days above this are typing errors."""

_DECIMAL = re.compile(r"-?[0-9]{1,10}(\.[0-9]{1,6})?")
_AMOUNT = re.compile(r"-?[0-9]{1,13}(\.[0-9]{1,2})?")
_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LOCAL_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?")
_OFFSET = re.compile(r"[Zz]|[+-][0-9]{2}:[0-9]{2}")


def text(found: object) -> str:
    """A string that is not blank and that a terminal can show."""
    if not isinstance(found, str) or not found.strip() or not found.isprintable():
        raise ValueError("must be a string of printable characters, not blank")
    return found


def product_name(found: object) -> str:
    """A name that a policy can stand under: small letters, digits and hyphens."""
    if not isinstance(found, str) or not _NAME.fullmatch(found):
        raise ValueError("must be at most 40 small letters, digits and hyphens, such as pig-bands")
    return found


@dataclass(frozen=True, slots=True)
class Counted:
    """Parses an integer from *least*."""

    least: int

    def __call__(self, found: object) -> int:
        """The integer."""
        if type(found) is not int:
            raise ValueError("must be an integer, such as 150")
        if not self.least <= found <= MOST:
            raise ValueError(f"must be from {self.least} to {MOST}")
        return found


def count(*, least: int) -> Counted:
    """An integer from *least*."""
    return Counted(least)


def above_zero(found: object) -> Decimal:
    """A number above 0, as a decimal string or an integer."""
    number = _decimal(found)
    if number <= 0:
        raise ValueError("must be above 0")
    return number


def percentage(found: object) -> Decimal:
    """A number from 0 to 100, as a decimal string or an integer."""
    number = _decimal(found)
    if not 0 <= number <= 100:  # noqa: PLR2004 - per cent
        raise ValueError("must be from 0 to 100")
    return number


def money(found: object) -> Money:
    """An amount above 0.00 in CNY, as a decimal string or an integer."""
    amount = Money.parse(_exact(found, _AMOUNT, "700.00"))
    if amount.fen <= 0:
        raise ValueError("must be above 0.00")
    return amount


def day(found: object) -> date:
    """A date such as 2026-03-01; in TOML it needs no quotes."""
    if isinstance(found, date) and not isinstance(found, datetime):
        return found
    if not isinstance(found, str) or not _DAY.fullmatch(found):
        raise ValueError("must be a date such as 2026-03-01")
    try:
        return date.fromisoformat(found)
    except ValueError:
        raise ValueError(f"{found} is not in the calendar") from None


def moment(found: object) -> datetime:
    """A time with its UTC offset, RFC 3339; seconds may be left out."""
    local = _LOCAL_TIME.match(found) if isinstance(found, str) else None
    if not isinstance(found, str) or local is None:
        raise ValueError("must be a time with offset, such as 2026-04-02T10:00:00+08:00")
    offset = found[local.end() :]
    if not offset:
        raise ValueError("has no UTC offset: write it as 2026-04-02T10:00:00+08:00")
    if not _OFFSET.fullmatch(offset):
        raise ValueError(f"{offset} is not a UTC offset such as +08:00")
    try:
        at = datetime.fromisoformat(found.upper())
        policy_day(at)
    except (ValueError, OverflowError):
        raise ValueError(f"{found} is not in the calendar") from None
    return at


@dataclass(frozen=True, slots=True)
class WordOf(Generic[Word]):
    """Parses one of a closed set of words."""

    words: type[Word]

    def __call__(self, found: object) -> Word:
        """The word."""
        by_value = {str(one): one for one in self.words}
        if not isinstance(found, str) or found not in by_value:
            raise ValueError(f"must be one of {', '.join(by_value)}")
        return by_value[found]


def word(words: type[Word]) -> WordOf[Word]:
    """One of a closed set of words."""
    return WordOf(words)


@dataclass(frozen=True, slots=True)
class SomeOf(Generic[Word]):
    """Parses a list of at least one word of a closed set."""

    words: type[Word]

    def __call__(self, found: object) -> frozenset[Word]:
        """The words."""
        if not isinstance(found, list) or not found:
            raise ValueError("must be a list of at least one word")
        one = WordOf(self.words)
        return frozenset(one(item) for item in found)


def some_of(words: type[Word]) -> SomeOf[Word]:
    """A list of at least one word of a closed set."""
    return SomeOf(words)


def _decimal(found: object) -> Decimal:
    return Decimal(_exact(found, _DECIMAL, "95.5"))


def _exact(found: object, form: re.Pattern[str], example: str) -> str:
    if isinstance(found, float):
        raise ValueError(f'is a binary fraction, which is not exact: write it in quotes, such as "{example}"')  # noqa: TRY004
    written = str(found) if type(found) is int and abs(found) < 10**13 else found
    if not isinstance(written, str) or not form.fullmatch(written):
        raise ValueError(f'must be a decimal in quotes, such as "{example}"')
    return written
