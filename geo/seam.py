"""Shapes that cross the antimeridian, made whole."""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon

_HALF_TURN = 180.0
_TURN = 360.0


def seamless(shape: Polygon) -> Polygon:
    """Return a polygon or multipolygon whose longitudes run on past 180° instead of breaking there.

    GeoJSON cuts a shape at the antimeridian (RFC 7946 §3.1.9), and some files jump from 179° to -179° within
    a ring. Either way the 180° line would count as a fence. Any other shape comes back as it is. The western
    bound of the answer is in [-180, 180).
    """
    west, _, east, _ = shape.bounds
    if east - west > _HALF_TURN:
        is_cut = west == -_HALF_TURN and east == _HALF_TURN
        parts = shapely.get_parts(shape)
        shifted = [_eastern(part) if _breaks(part, is_cut=is_cut) else part for part in parts]
        if any(new is not old for new, old in zip(shifted, parts, strict=True)):
            # Two halves that now share an edge are one: the repair of overlapping parts joins them.
            shape = shapely.make_valid(shapely.multipolygons(shifted), method="structure")
    west = shape.bounds[0]
    turns = np.floor((west + _HALF_TURN) / _TURN)
    return shape if turns == 0 else shapely.transform(shape, lambda places: places - (turns * _TURN, 0.0))


def _breaks(part: Polygon, *, is_cut: bool) -> bool:
    if is_cut and part.bounds[2] <= 0.0:
        return True
    steps = np.abs(np.diff(shapely.get_coordinates(part.exterior)[:, 0]))
    # A step of a whole turn is a belt around the Earth, which has no break.
    return bool(np.any((steps > _HALF_TURN) & (steps < _TURN)))


def _eastern(part: Polygon) -> Polygon:
    def shift(places: NDArray[np.float64]) -> NDArray[np.float64]:
        lon, lat = places[:, 0], places[:, 1]
        return np.column_stack((np.where(lon < 0.0, lon + _TURN, lon), lat))

    return shapely.transform(part, shift)
