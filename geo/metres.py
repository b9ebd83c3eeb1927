"""Metres on the ground between a point and the boundary of a shape given in degrees.

Distances are geodesics of the WGS 84 ellipsoid. Which point of a boundary is the nearest is found in the
azimuthal-equidistant plane centred on the point asked about, where distances from the centre are true. The
plane is made of geodesics to the vertices (0.7 µs each) rather than of a pyproj transformer, which takes 3.7
ms to create and is good for one centre only. It knows neither antimeridian nor poles.

Edges are straight lines in longitude and latitude, as GeoJSON says (RFC 7946 §3.1.1), and as the test for
inside takes them.
"""

from dataclasses import dataclass
from math import cos, radians

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod
from shapely import Polygon

Coordinates = NDArray[np.float64]
"""(N, 2): degrees (longitude, latitude), or metres (east, north) in a plane."""

WGS84 = Geod(ellps="WGS84")

# On an edge of 220 m the line straight in degrees and the line straight in the plane part by less than 6 mm
# up to 80° of latitude; longer edges are cut into such pieces first.
_LONGEST_EDGE_DEG = 0.002

_METRES_A_DEGREE = (
    110_000.0  # a little less than the shortest degree, so that a box in degrees is never too small
)


@dataclass(frozen=True, slots=True)
class Outline:
    """The edges of a shape, holes included, seen from a centre; the interior lies left of each edge.

    Attributes:
        degrees: (N, 2, 2) start and end of each edge, WGS 84 degrees.
        plane: (N, 2, 2) the same, metres east and north of the centre.
    """

    degrees: NDArray[np.float64]
    plane: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Nearest:
    """The point of a boundary nearest to another point.

    Attributes:
        distance_m: Geodesic metres between the two, >= 0.
        bearing_deg: Direction in which the other point lies as seen from the boundary, degrees clockwise from
            north in (-180, 180]; means nothing at distance 0.
    """

    distance_m: float
    bearing_deg: float


def outline_from(lon: float, lat: float, shape: Polygon) -> Outline:
    """Return the edges of a polygon or multipolygon in the plane centred on (lon, lat)."""
    vertices, joined = _ring_vertices(shapely.orient_polygons(shape))
    return _outline(lon, lat, vertices, joined)


def _outline(lon: float, lat: float, vertices: Coordinates, joined: NDArray[np.bool_]) -> Outline:
    metres = plane_around(lon, lat, vertices)
    return Outline(degrees=_pairs(vertices)[joined], plane=_pairs(metres)[joined])


def _ring_vertices(shape: Polygon) -> tuple[Coordinates, NDArray[np.bool_]]:
    """Return the vertices of all rings in a row, and which of them an edge joins to the next."""
    parts = shape if isinstance(shape, Polygon) else shapely.get_parts(shape)
    vertices, ring = shapely.get_coordinates(shapely.get_rings(parts), return_index=True)
    joined = ring[:-1] == ring[1:]
    if (np.abs(vertices[1:] - vertices[:-1])[joined] > _LONGEST_EDGE_DEG).any():
        # Cut to less than the longest, lest rounding asks for the same cut again.
        return _ring_vertices(shapely.segmentize(shape, 0.9 * _LONGEST_EDGE_DEG))
    return vertices, joined


def _pairs(places: Coordinates) -> NDArray[np.float64]:
    pairs = np.empty((len(places) - 1, 2, 2))
    pairs[:, 0], pairs[:, 1] = places[:-1], places[1:]
    return pairs


def plane_around(lon: float, lat: float, places: Coordinates) -> Coordinates:
    """Return *places* in metres east and north of (lon, lat), azimuthal-equidistant on the ellipsoid."""
    count = len(places)
    azimuth_deg, _, distance_m = WGS84.inv(
        np.full(count, lon), np.full(count, lat), places[:, 0], places[:, 1]
    )
    azimuth = np.radians(azimuth_deg)
    plane = np.empty((count, 2))
    plane[:, 0], plane[:, 1] = distance_m * np.sin(azimuth), distance_m * np.cos(azimuth)
    return plane


def nearest_on_boundary(lon: float, lat: float, shape: Polygon) -> Nearest:
    """Return the nearest point on any ring of a polygon or multipolygon, holes included.

    Exact to a centimetre within 100 km. Beyond, another point of the boundary may be nearer by a share of the
    edge's length, never by more.
    """
    seen = _outline(lon, lat, *_ring_vertices(shape))
    start, along = seen.plane[:, 0], seen.plane[:, 1] - seen.plane[:, 0]
    length2 = np.einsum("ij,ij->i", along, along)
    reached = -np.einsum("ij,ij->i", start, along)
    share = np.clip(reached / np.maximum(length2, np.finfo(float).tiny), 0.0, 1.0)
    foot = start + share[:, None] * along
    best = int(np.argmin(np.einsum("ij,ij->i", foot, foot)))
    from_, to = seen.degrees[best]
    at = from_ + share[best] * (to - from_)
    return between(float(at[0]), float(at[1]), lon, lat)


def between(from_lon: float, from_lat: float, to_lon: float, to_lat: float) -> Nearest:
    """Return the geodesic from one point to another: metres and the bearing at its start."""
    bearing_deg, _, distance_m = WGS84.inv(from_lon, from_lat, to_lon, to_lat)
    return Nearest(distance_m=float(distance_m), bearing_deg=float(bearing_deg))


def circle_around(lon: float, lat: float, radius_m: float, corners: int = 256) -> Polygon:
    """Return the ring of points *radius_m* from (lon, lat) as a polygon in degrees.

    It is meant for areas, not for borders: between corners it falls short by 0.01 % of the radius. Longitudes
    run on past ±180° where the circle does.
    """
    azimuths = np.linspace(0.0, -360.0, corners, endpoint=False)
    ring_lon, ring_lat, _ = WGS84.fwd(
        np.full(corners, lon), np.full(corners, lat), azimuths, np.full(corners, radius_m)
    )
    unwrapped = lon + (np.asarray(ring_lon) - lon + 180.0) % 360.0 - 180.0
    return shapely.Polygon(np.column_stack((unwrapped, ring_lat)))


def degrees_around(lon: float, lat: float, reach_m: float) -> tuple[float, float, float, float]:
    """Return a box (west, south, east, north) in degrees that holds everything within *reach_m*.

    It is a little larger, spans all longitudes where it touches a pole, and may run past ±180°.
    """
    tall = reach_m / _METRES_A_DEGREE
    highest = abs(lat) + tall
    wide = 180.0 if highest >= 90.0 else min(180.0, tall / cos(radians(highest)))  # noqa: PLR2004 - the pole
    return lon - wide, max(lat - tall, -90.0), lon + wide, min(lat + tall, 90.0)


_POINTS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")


def compass_point(bearing_deg: float) -> str:
    """Return the nearest of the eight winds: 44° is NE."""
    return _POINTS[round(bearing_deg % 360.0 / 45.0) % len(_POINTS)]
