"""How long somebody may need yet: a plain estimate from the straight line, and told as one.

Nothing here knows roads: that a country road is 1.4 times the straight line, and driven at 35 km/h, are assumptions of
ours (docs/decisions/0047), not measurements. Whoever says when they come is believed before any estimate.
"""

from datetime import timedelta
from math import ceil

DETOUR = 1.4
METRES_A_MINUTE = 35_000 / 60
STEP = 5
"""Minutes: finer than that nobody can know."""
FURTHEST_M = 100_000
"""Beyond that a position is no approach to a farm of the same county, and nothing is estimated."""


def time_left(distance_m: float) -> timedelta | None:
    """How long the way takes from so many metres in a straight line, in steps of five minutes; None: too far to say."""
    if distance_m > FURTHEST_M:
        return None
    minutes = distance_m * DETOUR / METRES_A_MINUTE
    return timedelta(minutes=STEP * max(1, ceil(minutes / STEP)))


def shown_distance_m(distance_m: float) -> int:
    """The distance as people are told it: to 100 m, since more would say where somebody stands; 0 is there."""
    return round(distance_m / 100) * 100
