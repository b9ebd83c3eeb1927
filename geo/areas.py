"""The ground of a geometry: its polygons, whatever else stands beside them."""

import shapely
from shapely import Geometry, Polygon

_AREA = 2  # what shapely.get_dimensions calls a polygon


def areas(shape: Geometry) -> Polygon | None:
    """Return the polygons of a geometry as one, or None without any."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    polygons = parts[(shapely.get_dimensions(parts) == _AREA) & ~shapely.is_empty(parts)]
    if not len(polygons):
        return None
    return polygons[0] if len(polygons) == 1 else shapely.multipolygons(polygons)
