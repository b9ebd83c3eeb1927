"""How often: so many at once, and as many again spread over a span of time."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

_TEXT = re.compile(r"([1-9]\d{0,8})/([1-9]\d{0,3})?(s|min|h|d)")
_UNITS = {
    "s": timedelta(seconds=1),
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}


@dataclass(frozen=True, slots=True)
class Rate:
    """At most ``most`` at once; what was used comes back evenly, all of it within ``per``.

    Within any span as long as ``per`` at most twice ``most`` pass: all at its beginning, the others one by one.
    """

    most: int
    per: timedelta

    def __post_init__(self) -> None:
        """Refuse a rate that no request could meet."""
        if self.most < 1 or self.per <= timedelta(0):
            raise ValueError(f"{self.most} in {self.per} is no rate")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``30/h``, ``10/15min`` or ``3/d``.

        Raises:
            ValueError: It says no rate.
        """
        match = _TEXT.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"{text!r} is no rate such as 30/h or 10/15min")
        most, length, unit = match.groups()
        return cls(int(most), int(length or 1) * _UNITS[unit])

    @property
    def per_s(self) -> int:
        """The span in whole seconds, at least one."""
        return max(1, round(self.per.total_seconds()))


@dataclass(frozen=True, slots=True)
class Taken:
    """What one request was given of a rate.

    ``left`` are those that may still come at once; ``wait`` is how long until the next one may come, zero where this
    one was given.
    """

    left: int
    wait: timedelta = timedelta(0)

    @property
    def is_given(self) -> bool:
        """Whether the request may go on."""
        return not self.wait
