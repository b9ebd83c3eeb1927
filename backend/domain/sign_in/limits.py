"""How many one-time codes may be asked for: by one number, from one address, for one county."""

import re
from dataclasses import dataclass

from backend.domain.edges.rates import Rate

_WHOSE = re.compile(r"(number|address|county)((?: +\S+)+)")

_DAY = 24


@dataclass(frozen=True, slots=True)
class CodeLimits:
    """Each of them holds; none is none.

    Phones of many farms leave a carrier's network under one address, so its limits are far above one number's.
    """

    number: tuple[Rate, ...] = (Rate.parse("5/h"), Rate.parse("10/d"))
    address: tuple[Rate, ...] = (Rate.parse("60/h"), Rate.parse("300/d"))
    county: tuple[Rate, ...] = (Rate.parse("600/h"), Rate.parse("3000/d"))

    def __str__(self) -> str:
        """As a setting writes them."""
        named = (("number", self.number), ("address", self.address), ("county", self.county))
        return ", ".join(f"{whose} {' '.join(map(_written, rates))}" for whose, rates in named if rates)


def code_limits(text: str) -> CodeLimits:
    """Limits as a setting writes them: ``number 5/h 10/d, address 60/h``; what is left out has none.

    Raises:
        ValueError: It is not written like that.
    """
    found: dict[str, tuple[Rate, ...]] = {"number": (), "address": (), "county": ()}
    for part in text.split(",") if text.strip() else ():
        written = _WHOSE.fullmatch(part.strip())
        if written is None or found[written[1]]:
            raise ValueError(text)
        found[written[1]] = tuple(Rate.parse(rate) for rate in written[2].split())
    return CodeLimits(**found)


def _written(rate: Rate) -> str:
    hours, rest = divmod(rate.per_s, 3600)
    if rest:
        return f"{rate.most}/{rate.per_s}s"
    return f"{rate.most}/d" if hours == _DAY else f"{rate.most}/{hours if hours > 1 else ''}h"
