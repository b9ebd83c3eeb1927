"""Small pieces that every screen writes: money, moments, how long."""

from datetime import UTC, datetime

from rich.console import Console
from rich.text import Text

from backend.domain.money import Money
from cli.render import printable
from cli.screens.labels import COLOURS

_BLINK, _MINUTE, _HOUR, _DAY = 10, 60, 3600, 86_400


def console() -> Console:
    """Stdout, coloured where a person looks; text is never read as markup."""
    return Console(highlight=False, markup=False, emoji=False)


def text(value: object, style: str = "") -> Text:
    """A value from outside as text, without control characters."""
    return Text(printable(str(value)), style=style)


def coloured(word: str) -> Text:
    """A word of the wire in its colour."""
    return text(word, COLOURS.get(word, ""))


def money(amount: str) -> str:
    """``1,415.55 CNY``."""
    return f"{Money.parse(amount).grouped()} CNY"


def clock(moment: str, *, day: bool = True) -> str:
    """A moment in this terminal's time zone: ``11-23 21:14``."""
    return datetime.fromisoformat(moment).astimezone().strftime("%m-%d %H:%M" if day else "%H:%M:%S")


def how_long(seconds: float) -> str:
    """``0.42 s``, ``12.4 s``, ``3 min 20 s``, ``2 h 5 min``, ``3 d 4 h``."""
    if seconds < _BLINK:
        return f"{seconds:.2f} s"
    if seconds < _MINUTE:
        return f"{seconds:.1f} s"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE:.0f} min {seconds % _MINUTE:.0f} s"
    if seconds < _DAY:
        return f"{seconds // _HOUR:.0f} h {seconds % _HOUR // _MINUTE:.0f} min"
    return f"{seconds // _DAY:.0f} d {seconds % _DAY // _HOUR:.0f} h"


def how_long_briefly(seconds: float) -> str:
    """``12.4 s``, ``3.3 min``, ``2.1 h``, ``3.2 d``: at most eight characters, for wide tables."""
    for size, unit in ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min")):
        if seconds >= size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.1f} s"


def seconds_until(moment: str) -> float:
    """Seconds from now; negative once it has passed."""
    return (datetime.fromisoformat(moment) - datetime.now(UTC)).total_seconds()
