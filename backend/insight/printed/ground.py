"""A drawing of the farm's boundary and the photos' fixes in metres: no tiles, nothing from outside."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from backend.domain.claim import Claim
from backend.insight.drawn import Frame, centre, rings_of, scale_m
from geo.metres import plane_around

WIDTH, HEIGHT = 680.0, 400.0
"""Of the drawing, in its own units."""
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
    rings = [] if shape is None else [shapely.get_coordinates(ring) for ring in rings_of(shape)]
    places = np.array([(float(one.lon), float(one.lat)) for _, one in fixes]).reshape(-1, 2)
    if not rings and not len(places):
        return None
    middle = centre(np.concatenate([*rings, places]))
    outlines = [plane_around(*middle, ring) for ring in rings]
    spots = plane_around(*middle, places) if len(places) else places
    radii = [float(one.accuracy_m or 0) for _, one in fixes]
    drawn = Frame.around(outlines, spots, radii, (WIDTH, HEIGHT))
    bar_m = scale_m(WIDTH * _SCALE_SHARE / drawn.units_a_metre)
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


def _gaps(
    shape: shapely.Geometry | None,
    outlines: Sequence[NDArray[np.float64]],
    places: NDArray[np.float64],
    spots: NDArray[np.float64],
    drawn: Frame,
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
