"""A drawing of the farm's boundary and the photos' fixes in metres: no tiles, nothing from outside."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor, log10

import numpy as np
import shapely
from numpy.typing import NDArray

from backend.domain.claim import Claim
from geo.metres import plane_around

WIDTH, HEIGHT = 680.0, 400.0
"""Of the drawing, in its own units."""
_MARGIN = 48.0
_SMALLEST_M = 40.0
"""Metres across at the least, so that one fix alone is not drawn as a continent."""
_SCALE_SHARE = 0.28
"""The scale bar is at most this share of the width."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A photo's fix on the drawing: centre and radius of the 68 % circle in its units; ``radius`` 0 where unknown."""

    label: str
    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Gap:
    """From a fix outside of the premises to their nearest edge, and how many metres that is on the ground."""

    x: float
    y: float
    edge_x: float
    edge_y: float
    metres: int


@dataclass(frozen=True, slots=True)
class Ground:
    """What the drawing shows. ``rings`` are SVG paths; the scale bar is ``bar`` units long and stands for ``bar_m``."""

    boundary: str
    spots: tuple[Spot, ...]
    gaps: tuple[Gap, ...]
    bar: float
    bar_m: int


def ground(claim: Claim, boundary: bytes | None) -> Ground | None:
    """The drawing, or None where there is neither a boundary nor a fix.

    Args:
        claim: Whose photos' fixes are drawn.
        boundary: Of the insured farm: WKB, WGS 84 (longitude, latitude).
    """
    fixes = [
        (str(place), position)
        for place, photo in enumerate(claim.photos, start=1)
        if (position := photo.announced.capture.position) is not None
    ]
    shape = shapely.from_wkb(boundary) if boundary else None
    rings = [] if shape is None else [shapely.get_coordinates(ring) for ring in _rings(shape)]
    places = np.array([(float(one.lon), float(one.lat)) for _, one in fixes]).reshape(-1, 2)
    if not rings and not len(places):
        return None
    centre = _centre(np.concatenate([*rings, places]))
    outlines = [plane_around(*centre, ring) for ring in rings]
    spots = plane_around(*centre, places) if len(places) else places
    radii = [float(one.accuracy_m or 0) for _, one in fixes]
    drawn = _Frame.around(outlines, spots, radii)
    bar_m = _round_down(WIDTH * _SCALE_SHARE / drawn.units_a_metre)
    return Ground(
        boundary=" ".join(drawn.path(outline) for outline in outlines),
        spots=tuple(
            Spot(label, *drawn.at(east, north), radius * drawn.units_a_metre)
            for (label, _), (east, north), radius in zip(fixes, spots, radii, strict=True)
        ),
        gaps=tuple(_gaps(shape, outlines, places, spots, drawn)),
        bar=bar_m * drawn.units_a_metre,
        bar_m=bar_m,
    )


@dataclass(frozen=True, slots=True)
class _Frame:
    """Metres east and north of the middle, fitted into the drawing with north up."""

    west: float
    north: float
    units_a_metre: float
    left: float
    top: float

    @classmethod
    def around(
        cls, outlines: Sequence[NDArray[np.float64]], spots: NDArray[np.float64], radii: Sequence[float]
    ) -> "_Frame":
        reach = np.array(radii).reshape(-1, 1)
        corners = np.concatenate([*outlines, spots - reach, spots + reach])
        (west, south), (east, north) = corners.min(axis=0), corners.max(axis=0)
        wide, tall = max(east - west, _SMALLEST_M), max(north - south, _SMALLEST_M)
        scale = min((WIDTH - 2 * _MARGIN) / wide, (HEIGHT - 2 * _MARGIN) / tall)
        return cls(
            west=float(west),
            north=float(north),
            units_a_metre=float(scale),
            left=float(WIDTH - (east - west) * scale) / 2,
            top=float(HEIGHT - (north - south) * scale) / 2,
        )

    def at(self, east: float, north: float) -> tuple[float, float]:
        x = self.left + (east - self.west) * self.units_a_metre
        return round(float(x), 1), round(float(self.top + (self.north - north) * self.units_a_metre), 1)

    def path(self, outline: NDArray[np.float64]) -> str:
        return "M" + " L".join("{} {}".format(*self.at(east, north)) for east, north in outline) + " Z"


def _gaps(
    shape: shapely.Geometry | None,
    outlines: Sequence[NDArray[np.float64]],
    places: NDArray[np.float64],
    spots: NDArray[np.float64],
    drawn: _Frame,
) -> Iterable[Gap]:
    """A gap for each fix that the premises do not cover; a hole is outside, the edge is inside."""
    if shape is None:
        return
    edges = shapely.multilinestrings([shapely.linestrings(outline) for outline in outlines])
    for place, spot in zip(places, spots, strict=True):
        if shapely.covers(shape, shapely.points(place)):
            continue
        line = shapely.shortest_line(shapely.points(spot), edges)
        (east, north), (edge_east, edge_north) = shapely.get_coordinates(line)
        x, y = drawn.at(east, north)
        edge_x, edge_y = drawn.at(edge_east, edge_north)
        yield Gap(x, y, edge_x, edge_y, round(float(shapely.length(line))))


def _rings(shape: shapely.Geometry) -> Iterable[shapely.Geometry]:
    found: Iterable[shapely.Geometry] = shapely.get_rings(shapely.get_parts(shape))
    return found


def _centre(degrees: NDArray[np.float64]) -> tuple[float, float]:
    lon, lat = (degrees.min(axis=0) + degrees.max(axis=0)) / 2
    return float(lon), float(lat)


def _round_down(metres: float) -> int:
    """The largest 1, 2 or 5 times a power of ten that is not above *metres*; at least 1."""
    power = 10 ** floor(log10(max(metres, 1.0)))
    return int(max(step * power for step in (1, 2, 5) if step * power <= max(metres, 1.0)))
