"""Where a device says it is: one fix, as the client declared it."""

from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

from geo.datum import Datum, LonLat, to_wgs84

COARSE_OVER_M = 100.0
"""A radius over this says too little about a farm (domain.md §2, "fence")."""

STALE_OVER_S = 120.0
"""An older fix says where the phone was, not where the photo was taken (formats.md, "fence check")."""


class Signal(StrEnum):
    """Why a fence decision is UNKNOWN."""

    MOCK = "MOCK"
    NO_ACCURACY = "NO_ACCURACY"
    COARSE_FIX = "COARSE_FIX"
    STALE_FIX = "STALE_FIX"
    NO_FIX = "NO_FIX"
    NO_BOUNDARY = "NO_BOUNDARY"


class InvalidFix(ValueError):
    """A fix that no place on Earth answers to; ``faults`` names every wrong field and why."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__("; ".join(f"{field} {why}" for field, why in faults.items()))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Fix:
    """A position fix.

    Attributes:
        lon: Degrees east in *datum*, -180 to 180.
        lat: Degrees north in *datum*, -90 to 90.
        accuracy_m: Radius in metres that holds the true place with 68 %; None or 0 where the device gave
            none.
        age_s: Seconds between fix and photo, >= 0; None where nobody knows, which is no reason for doubt.
        mock: The device says that an app made the fix up.
        datum: What *lon* and *lat* are given in.

    Raises:
        InvalidFix: naming all wrong fields at once.
    """

    lon: float
    lat: float
    accuracy_m: float | None = None
    age_s: float | None = None
    mock: bool = False
    datum: Datum = Datum.WGS84

    def __post_init__(self) -> None:
        faults = {
            "lon": _outside(self.lon, 180.0, "longitude"),
            "lat": _outside(self.lat, 90.0, "latitude"),
            "accuracy_m": _negative(self.accuracy_m, "metres"),
            "age_s": _negative(self.age_s, "seconds"),
        }
        wrong = {field: why for field, why in faults.items() if why}
        if wrong:
            raise InvalidFix(wrong)

    def wgs84(self) -> LonLat:
        """Return longitude and latitude in WGS 84 degrees, within ±180 and ±90."""
        lon, lat = to_wgs84(self.lon, self.lat, self.datum)
        # BD-09 shifts everywhere, and so also over the antimeridian and past the poles.
        return (lon + 180.0) % 360.0 - 180.0 if abs(lon) > 180.0 else lon, max(-90.0, min(90.0, lat))  # noqa: PLR2004

    def signals(
        self, *, coarse_over_m: float = COARSE_OVER_M, stale_over_s: float = STALE_OVER_S
    ) -> list[Signal]:
        """Return every reason not to judge by this fix, the gravest first; empty for a good one."""
        found = []
        if self.mock:
            found.append(Signal.MOCK)
        if not self.accuracy_m:
            found.append(Signal.NO_ACCURACY)
        elif self.accuracy_m > coarse_over_m:
            found.append(Signal.COARSE_FIX)
        if self.age_s is not None and self.age_s > stale_over_s:
            found.append(Signal.STALE_FIX)
        return found


def _outside(degrees: float, limit: float, name: str) -> str:
    if not isfinite(degrees):
        return f"is {degrees}, which is no {name}"
    if abs(degrees) > limit:
        return f"is {degrees:g}, a {name} lies between -{limit:g} and {limit:g} degrees"
    return ""


def _negative(amount: float | None, unit: str) -> str:
    if amount is None or (isfinite(amount) and amount >= 0.0):
        return ""
    return f"is {amount:g}, but must be a number of {unit} from 0 up"
