"""How figures stand on a page: lengths of time, shares, counts and moments, in the reader's language."""

from collections.abc import Callable, Mapping
from datetime import datetime

from backend.domain.policy import SHANGHAI
from backend.texts.load import Language
from backend.texts.paged import page_labels

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
NOTHING = "–"
"""What is not known, or what there is none of."""


def writers(language: Language) -> Mapping[str, Callable[..., str]]:
    """The filters of the templates."""
    t = page_labels(language)

    def long(seconds: float | None) -> str:
        if seconds is None:
            return NOTHING
        if seconds < _MINUTE:
            return f"{seconds:.1f} {t['second']}"
        if seconds < _HOUR:
            return f"{seconds // _MINUTE:.0f} {t['minute']} {seconds % _MINUTE:.0f} {t['second']}"
        if seconds < _DAY:
            return f"{seconds // _HOUR:.0f} {t['hour']} {seconds % _HOUR // _MINUTE:.0f} {t['minute']}"
        return f"{seconds // _DAY:.0f} {t['day']} {seconds % _DAY // _HOUR:.0f} {t['hour']}"

    return {
        "long": long,
        "percent": percent,
        "count": count,
        "local": local,
        "band": lambda low, high: NOTHING if low is None and high is None else f"{long(low)} ~ {long(high)}",
    }


def percent(share: float | None, places: int = 1) -> str:
    """A share of 0 to 1."""
    return NOTHING if share is None else f"{share * 100:.{places}f} %"


def count(number: int | None) -> str:
    """A count with its thousands apart."""
    return NOTHING if number is None else f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def local(moment: datetime | str | None) -> str:
    """A moment as the clocks in Asia/Shanghai show it, to the minute."""
    if moment is None:
        return NOTHING
    at = moment if isinstance(moment, datetime) else datetime.fromisoformat(moment)
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
