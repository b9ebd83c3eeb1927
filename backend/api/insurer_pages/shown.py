"""How figures stand on a page: lengths of time, shares, counts and moments, in the reader's language."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from backend.domain.policy import SHANGHAI
from backend.texts.load import Language
from backend.texts.paged import Said, page_labels

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
NOTHING = "–"
"""What is not known, or what there is none of."""
MINUS = "\N{MINUS SIGN}"


def writers(language: Language) -> Mapping[str, Callable[..., str]]:
    """The filters of the templates."""
    units = page_labels(language)
    long = partial(_long, units)
    return {
        "long": long,
        "brief": partial(_brief, units),
        "gained": partial(_gained, units),
        "percent": percent,
        "count": count,
        "local": local,
        "local_seconds": partial(local, form="%Y-%m-%d %H:%M:%S"),
        "band": lambda low, high: NOTHING if low is None and high is None else f"{long(low)} ~ {long(high)}",
    }


def percent(share: float | None, places: int = 1) -> str:
    """A share of 0 to 1."""
    return NOTHING if share is None else f"{share * 100:.{places}f} %"


def count(number: int | None) -> str:
    """A count with its thousands apart."""
    return NOTHING if number is None else f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def local(moment: datetime | str | None, form: str = "%Y-%m-%d %H:%M") -> str:
    """A moment as the clocks in Asia/Shanghai show it, to the minute."""
    if moment is None:
        return NOTHING
    at = moment if isinstance(moment, datetime) else datetime.fromisoformat(moment)
    return at.astimezone(SHANGHAI).strftime(form)


def _long(units: Said, seconds: float | None) -> str:
    if seconds is None:
        return NOTHING
    if seconds < _MINUTE:
        return f"{seconds:.1f} {units['second']}"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE:.0f} {units['minute']} {seconds % _MINUTE:.0f} {units['second']}"
    if seconds < _DAY:
        return f"{seconds // _HOUR:.0f} {units['hour']} {seconds % _HOUR // _MINUTE:.0f} {units['minute']}"
    return f"{seconds // _DAY:.0f} {units['day']} {seconds % _DAY // _HOUR:.0f} {units['hour']}"


def _brief(units: Said, seconds: int) -> str:
    for size, name in ((_DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds // size} {units[name]}"
    return f"{seconds} {units['second']}"


def _gained(units: Said, figure: float | None, is_share: bool) -> str:  # noqa: FBT001 - a filter's argument
    if figure is None:
        return NOTHING
    if is_share:
        return f"{figure * 100:+.1f} {units['points']}"
    return f"{'+' if figure >= 0 else MINUS}{_long(units, abs(figure))}"
