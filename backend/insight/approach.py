"""Somebody's way to a farm as the phone's page draws it: outline, dot, line, scale; metres only, never degrees."""

from dataclasses import asdict, dataclass

import numpy as np
import shapely

from backend.domain.visits.approach import shown_distance_m
from backend.insight.drawn import Frame, centre, rings_of, scale_m
from geo.approach import approach
from geo.metres import compass_point, plane_around

WIDTH, HEIGHT = 320.0, 220.0
"""Of the drawing, in its own units."""
_FOOT = 32.0
"""Left free below, where the scale stands: also under a dot in the south-west."""
_SCALE_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Drawing:
    """``boundary`` is an SVG path; ``x``, ``y`` the dot, ``farm_x``, ``farm_y`` where the line from it meets the farm.

    The scale bar is ``bar`` units long and stands for ``bar_m``. North is up.
    """

    width: float
    height: float
    boundary: str
    x: float
    y: float
    farm_x: float
    farm_y: float
    bar: float
    bar_m: int


@dataclass(frozen=True, slots=True)
class Approach:
    """``distance_m`` in a straight line to 100 m, 0 at the farm; ``direction`` as seen from the farm, None there."""

    distance_m: int
    direction: str | None
    drawing: dict[str, object]


def approach_to(boundary: bytes | None, place: tuple[float, float]) -> Approach | None:
    """How somebody at *place* (longitude, latitude, WGS 84) stands to a farm; None while it has no boundary.

    Args:
        boundary: Of the farm: WKB, WGS 84 (longitude, latitude).
        place: Where they are.
    """
    if boundary is None:
        return None
    shape = shapely.from_wkb(boundary)
    line = approach(*place, shape)
    distance_m = shown_distance_m(line.distance_m)
    direction = compass_point(line.bearing_deg) if distance_m else None
    return Approach(distance_m, direction, asdict(_drawing(shape, place)))


def _drawing(shape: shapely.Geometry, place: tuple[float, float]) -> Drawing:
    rings = [shapely.get_coordinates(ring) for ring in rings_of(shape)]
    middle = centre(np.concatenate([*rings, np.array([place])]))
    outlines = [plane_around(*middle, ring) for ring in rings]
    spot = plane_around(*middle, np.array([place]))
    frame = Frame.around(outlines, spot, [0.0], (WIDTH, HEIGHT - _FOOT))
    edges = shapely.multilinestrings([shapely.linestrings(outline) for outline in outlines])
    (east, north), (farm_east, farm_north) = shapely.get_coordinates(
        shapely.shortest_line(shapely.points(spot[0]), edges)
    )
    x, y = frame.at(east, north)
    farm_x, farm_y = frame.at(farm_east, farm_north)
    bar_m = scale_m(WIDTH * _SCALE_SHARE / frame.units_a_metre)
    return Drawing(
        width=WIDTH,
        height=HEIGHT,
        boundary=" ".join(frame.path(outline) for outline in outlines),
        x=x,
        y=y,
        farm_x=farm_x,
        farm_y=farm_y,
        bar=round(bar_m * frame.units_a_metre, 1),
        bar_m=bar_m,
    )
