"""Made-up ground: outlines of farms that are nowhere, for seeded and simulated counties."""

import math
from random import Random

import shapely

_METRES_A_DEGREE = 111_320.0


def made_up_outline(chance: Random, lon: float, lat: float) -> shapely.Polygon:
    """A farm of one to ten hectares as surveyors draw them: 8 to 14 corners, never a circle.

    Args:
        chance: What is drawn from.
        lon: Of its middle, WGS 84 degrees.
        lat: The same.
    """
    corners = chance.randint(8, 14)
    reach_m = chance.uniform(70, 160)
    stretch, turn = chance.uniform(1.0, 1.8), chance.uniform(0, math.pi)
    outline = []
    for corner in range(corners):
        angle = 2 * math.pi * (corner + chance.uniform(-0.25, 0.25)) / corners
        radius = reach_m * chance.uniform(0.8, 1.2)
        along, across = radius * math.cos(angle) * stretch, radius * math.sin(angle)
        east = along * math.cos(turn) - across * math.sin(turn)
        north = along * math.sin(turn) + across * math.cos(turn)
        outline.append(moved(lon, lat, east, north))
    return shapely.Polygon(outline)


def moved(lon: float, lat: float, east_m: float, north_m: float) -> tuple[float, float]:
    """The place so many metres away, to seven decimals; made-up ground needs no ellipsoid."""
    return (
        round(lon + east_m / (_METRES_A_DEGREE * math.cos(math.radians(lat))), 7),
        round(lat + north_m / _METRES_A_DEGREE, 7),
    )
