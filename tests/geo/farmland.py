"""Builders of premises whose metres are known."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from pyproj import Geod
from shapely import Polygon

from geo.fence import Premises

GEOD = Geod(ellps="WGS84")
HOME = (112.99, 28.22)


def off(lon: float, lat: float, *, north_m: float = 0.0, east_m: float = 0.0) -> tuple[float, float]:
    """The place some metres away."""
    azimuth = float(np.degrees(np.arctan2(east_m, north_m)))
    there = GEOD.fwd(lon, lat, azimuth, float(np.hypot(east_m, north_m)))
    return float(there[0]), float(there[1])


def a_square(half_m: float, centre: tuple[float, float] = HOME, *, holes: Sequence[float] = ()) -> Polygon:
    """A square in degrees whose sides lie half_m from its centre, with square holes in its middle."""

    def ring(half: float) -> list[tuple[float, float]]:
        north, east = off(*centre, north_m=half)[1], off(*centre, east_m=half)[0]
        south, west = off(*centre, north_m=-half)[1], off(*centre, east_m=-half)[0]
        return [(west, south), (east, south), (east, north), (west, north)]

    return Polygon(ring(half_m), [ring(hole) for hole in holes])


def a_farm(name: str = "home", half_m: float = 100.0, centre: tuple[float, float] = HOME) -> Premises:
    """A square farm."""
    return Premises(name, a_square(half_m, centre))


def a_star(
    seed: int, corners: int = 40, size_m: float = 200.0, centre: tuple[float, float] = HOME
) -> Polygon:
    """A jagged farm with corners between 0.4 and 1 size_m from its centre."""
    rng = np.random.default_rng(seed)
    azimuths = -np.linspace(0.0, 360.0, corners, endpoint=False)
    lon, lat, _ = GEOD.fwd(
        np.full(corners, centre[0]),
        np.full(corners, centre[1]),
        azimuths,
        size_m * rng.uniform(0.4, 1.0, corners),
    )
    return Polygon(np.column_stack((lon, lat)))


def measured_m(lon: float, lat: float, shape: Polygon, *, step_deg: float = 2e-6) -> float:
    """The distance to the nearest of very many points along every ring, by geodesics alone."""
    places = []
    for part in getattr(shape, "geoms", [shape]):
        for ring in (part.exterior, *part.interiors):
            corners = np.asarray(ring.coords)[:, :2]
            for start, end in pairwise(corners):
                count = int(np.abs(end - start).max() / step_deg) + 2
                places.append(start + np.linspace(0.0, 1.0, count)[:, None] * (end - start))
    along = np.concatenate(places)
    far = GEOD.inv(np.full(len(along), lon), np.full(len(along), lat), along[:, 0], along[:, 1])[2]
    return float(np.min(far))
