"""What no claim can hold and msgspec lets through: endless decimals, moments off the calendar, broken text."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, get_args, get_origin  # a body may hold anything

from backend.domain.problems import FieldError

_DEEPEST = 50
_MOST_DIGITS = 20
_FIRST_YEAR, _LAST_YEAR = 1900, 9998
"""One year short of what ``datetime`` holds: moments are also read in other zones."""


@dataclass(frozen=True, slots=True)
class Within:
    """Bounds of a decimal, inclusive. ``Annotated[Decimal, Within(...)]``; msgspec bounds integers and floats only."""

    low: Decimal
    high: Decimal

    def fault(self, value: Decimal) -> str | None:
        """What is wrong with *value*; NaN and infinity are outside of everything."""
        if not value.is_finite() or not self.low <= value <= self.high:
            return f"is not between {self.low} and {self.high}"
        if len(value.as_tuple().digits) > _MOST_DIGITS:
            return f"has more than {_MOST_DIGITS} digits"
        return None


def fault_of(value: object, kind: Any) -> str | None:
    """What is wrong with a *value* that msgspec has taken as *kind*, None when nothing is."""
    if isinstance(value, datetime) and not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        return f"is not between the years {_FIRST_YEAR} and {_LAST_YEAR}"
    if isinstance(value, Decimal) and get_origin(kind) is Annotated:
        bounds = (one for one in get_args(kind) if isinstance(one, Within))
        return next((wrong for bound in bounds if (wrong := bound.fault(value))), None)
    return None


def unfit(raw: object) -> Iterator[FieldError]:
    """Every part of a JSON document that is nested too deeply, or whose text no database keeps."""
    waiting: list[tuple[str, object, int]] = [("", raw, 0)]
    while waiting:
        pointer, value, depth = waiting.pop()
        if isinstance(value, str) and not _is_text(value):
            yield FieldError(pointer, "holds half a character or a NUL")
        elif isinstance(value, dict | list) and depth > _DEEPEST:
            yield FieldError(pointer, "is nested too deeply")
        elif isinstance(value, dict):
            broken = [name for name in value if not _is_text(name)]
            if broken:
                yield FieldError(pointer, "has a name that holds half a character or a NUL")
            waiting += [
                (f"{pointer}/{escaped(name)}", inner, depth + 1)
                for name, inner in value.items()
                if name not in broken
            ]
        elif isinstance(value, list):
            waiting += [(f"{pointer}/{place}", inner, depth + 1) for place, inner in enumerate(value)]


def escaped(name: str) -> str:
    """A key as a JSON pointer segment (RFC 6901 §3)."""
    return name.replace("~", "~0").replace("/", "~1")[:100]


def _is_text(value: str) -> bool:
    """Whether UTF-8 and PostgreSQL can hold it: no lone surrogate, which JSON's escapes can spell, and no NUL."""
    try:
        # Encoding looks at a megabyte in no time; a loop over its letters would hold up every other request.
        return b"\0" not in value.encode()
    except UnicodeEncodeError:
        return False
