"""How far somebody still is from premises, as the crow flies: nothing here knows roads."""

import shapely
from shapely import Polygon

from geo.metres import Nearest, nearest_on_boundary


def approach(lon: float, lat: float, shape: Polygon) -> Nearest:
    """Return the straight line from a polygon or multipolygon to (lon, lat), WGS 84 degrees.

    Its length is 0.0 inside and on the boundary; a hole, such as a neighbour's yard, is outside.
    """
    if shapely.covers(shape, shapely.points(lon, lat)):
        return Nearest(distance_m=0.0, bearing_deg=0.0)
    return nearest_on_boundary(lon, lat, shape)
