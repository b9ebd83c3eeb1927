"""Could one phone have been at both places: fixes against the time between them."""

from dataclasses import dataclass
from datetime import datetime

from backend.domain.capturing.signals import SPEED_IMPOSSIBLE
from geo.metres import between

FASTEST_M_S = 55.0
"""200 km/h, this project's: faster than anybody drives between two photos of one loss."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A fix: WGS 84 degrees, the radius in metres that holds 68 %, and when."""

    lon: float
    lat: float
    accuracy_m: float
    at: datetime


def impossible(one: Stop, other: Stop, whose: str = "") -> str | None:
    """The signal where nobody gets from *one* to *other* in time; what the radii leave open is held against nobody.

    *whose* says of what the other fix is, where it is not of this claim: never which claim, since the farmer reads it.
    """
    metres = between(one.lon, one.lat, other.lon, other.lat).distance_m
    metres -= 2 * (one.accuracy_m + other.accuracy_m)
    seconds = abs((other.at - one.at).total_seconds())
    if metres <= 0 or metres <= FASTEST_M_S * max(seconds, 1.0):
        return None
    return f"{SPEED_IMPOSSIBLE} ({metres:.0f} m in {seconds:.0f} s{whose})"
