"""Insured outlines 养殖场所边界 out of whatever people draw: mended with a note, or refused with a reason.

Whole columns go through shapely at once; only what is wrong is looked at one by one. That makes the difference between
seconds and minutes at a hundred thousand farms.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Geometry

from geo.areas import areas
from geo.metres import circle_around
from geo.seam import seamless

MOST_CHANGED_SHARE = 0.05
"""Mending may change the area of an outline by so much: more, and nobody knows what its author meant."""

HOME = (73.0, 3.0, 136.0, 54.0)
"""West, south, east, north in degrees: where insured farms are expected."""

_LEAST_M2, _MOST_M2 = 20.0, 1e8
_HECTARE_M2 = 10_000.0
_METRES_A_DEGREE = 111_320.0
_WIDEST = 1_000_000.0  # metres; a circle beyond it is a typing error
_POINTS = (0, 4)
_COLLECTION = 7
_FLAT = (1, 2, 5)
_DRAW_AGAIN = "Draw the outline again in the GIS, or leave the row out."

Shapes = NDArray[np.object_]
"""(N,) geometries, None where there is none."""


class Fault(NamedTuple):
    """Why an outline is refused, one clause, and what to do, one sentence."""

    why: str
    next: str


@dataclass(slots=True)
class Outlines:
    """Outlines by row.

    Attributes:
        shapes: (N,) valid polygons and multipolygons in one form, so that the same ground has the same bytes; None
            where a row has no outline or is refused.
        faults: By row's index.
        notes: What was mended or is odd, by row's index.
    """

    shapes: Shapes
    faults: dict[int, Fault] = field(default_factory=dict)
    notes: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))

    def refuse(self, index: int, why: str, then: str = _DRAW_AGAIN) -> None:
        """Refuse a row, unless it is refused already."""
        self.faults.setdefault(int(index), Fault(why, then))
        self.shapes[index] = None

    def note(self, index: int, what: str) -> None:
        """Keep a note about a row."""
        self.notes[int(index)].append(what)


def outlines_of(
    shapes: Sequence[Geometry | None],
    radii: Mapping[int, float],
    *,
    home: tuple[float, float, float, float] = HOME,
) -> Outlines:
    """Return an outline for every row, or say why there is none.

    Args:
        shapes: WGS 84 degrees as read, (longitude, latitude).
        radii: Metres by row's index, for points: they become circles.
        home: Where farms are expected: far from it is a note, mirrored into it a refusal.
    """
    found = Outlines(np.array(shapes, dtype=object))
    _drop_altitudes(found)
    _refuse_nowhere(found, home)
    _make_circles(found, radii)
    _keep_areas(found)
    _drop_repeated_corners(found)
    _mend(found)
    _make_seamless(found)
    found.shapes = shapely.orient_polygons(shapely.normalize(found.shapes))
    _note_odd_sizes(found)
    return found


def same(one: Geometry, other: Geometry) -> bool:
    """Whether two outlines bound the same ground to the millimetre: files round coordinates each in its way."""
    return bool(shapely.equals_exact(one, other, tolerance=1e-8, normalize=True))


def square_metres(shapes: Shapes) -> NDArray[np.float64]:
    """Return (N,) areas in square metres, good to a per cent for anything as small as a farm."""
    bounds = shapely.bounds(shapes)
    middle = np.radians(np.clip((bounds[:, 1] + bounds[:, 3]) / 2.0, -90.0, 90.0))
    metres: NDArray[np.float64] = shapely.area(shapes) * np.cos(middle) * _METRES_A_DEGREE**2
    return metres


def hectares(m2: float) -> str:
    """An area for people."""
    return f"{m2 / _HECTARE_M2:.2f} ha" if m2 >= _HECTARE_M2 / 100 else f"{m2:.0f} m²"


def _rows(which: NDArray[np.bool_]) -> Iterable[int]:
    return (int(index) for index in np.flatnonzero(which))


def _drop_altitudes(found: Outlines) -> None:
    has_z = shapely.has_z(found.shapes)
    for index in _rows(has_z):
        found.note(index, "altitudes dropped")
    found.shapes[has_z] = shapely.force_2d(found.shapes[has_z])


def _refuse_nowhere(found: Outlines, home: tuple[float, float, float, float]) -> None:
    """Refuse what has no place on Earth, or has its axes the wrong way round."""
    places, row = shapely.get_coordinates(found.shapes, return_index=True)
    for index in np.unique(row[~np.isfinite(places).all(axis=1)]):
        found.refuse(index, "a coordinate is not a number")
    for index in _rows(~shapely.is_missing(found.shapes) & shapely.is_empty(found.shapes)):
        found.refuse(index, "the geometry is empty")
    # Rows without a shape have no bounds, and compare as false with everything.
    west, south, east, north = shapely.bounds(found.shapes).T
    is_home = _is_within(west, south, east, north, home)
    is_mirrored = ~is_home & _is_within(south, west, north, east, home)
    is_earth = (west >= -360.0) & (east <= 360.0) & (south >= -90.0) & (north <= 90.0)  # noqa: PLR2004 - degrees
    for index in _rows(~shapely.is_missing(found.shapes)):
        if is_mirrored[index]:
            why = f"({west[index]:.4f}, {south[index]:.4f}) looks like latitude first"
            found.refuse(index, why, "Export it with longitude first (x = longitude, y = latitude).")
        elif not is_earth[index]:
            why = f"({west[index]:.6g}, {south[index]:.6g}) is not a longitude and latitude in degrees"
            found.refuse(index, why, "Export the file in WGS 84, or with its CRS stated.")
        elif not is_home[index]:
            found.note(index, f"lies outside China, at {west[index]:.4f}, {south[index]:.4f}")


def _is_within(
    west: NDArray[np.float64],
    south: NDArray[np.float64],
    east: NDArray[np.float64],
    north: NDArray[np.float64],
    box: tuple[float, float, float, float],
) -> NDArray[np.bool_]:
    return (west >= box[0]) & (south >= box[1]) & (east <= box[2]) & (north <= box[3])


def _make_circles(found: Outlines, radii: Mapping[int, float]) -> None:
    for index in _rows(np.isin(shapely.get_type_id(found.shapes), _POINTS)):
        radius_m, point = radii.get(index), found.shapes[index]
        if shapely.get_num_geometries(point) != 1:
            found.refuse(index, "several points bound no ground")
            continue
        point = shapely.get_geometry(point, 0)
        if radius_m is None:
            found.note(
                index, "a point without radius_m bounds no ground: the farm is kept without a boundary"
            )
            found.shapes[index] = None
        elif not (isfinite(radius_m) and 0.0 < radius_m <= _WIDEST):
            found.refuse(
                index, f"radius_m {radius_m:g} is not a length in metres", "Give the radius in metres."
            )
        else:
            found.shapes[index] = circle_around(point.x, point.y, radius_m)
            found.note(index, f"a circle of {radius_m:g} m, kept as its outline of 256 corners")


def _keep_areas(found: Outlines) -> None:
    kinds = shapely.get_type_id(found.shapes)
    for index in _rows(np.isin(kinds, _FLAT)):
        found.refuse(index, f"a {found.shapes[index].geom_type} has no inside")
    for index in _rows(kinds == _COLLECTION):
        if (ground := areas(found.shapes[index])) is None:
            found.refuse(index, "a GeometryCollection without a polygon has no inside")
        else:
            found.shapes[index] = ground
            found.note(index, "what is no polygon in its geometry collection was left out")


def _drop_repeated_corners(found: Outlines) -> None:
    before = shapely.get_num_coordinates(found.shapes)
    single = shapely.remove_repeated_points(found.shapes, 0.0)
    repeated = before - shapely.get_num_coordinates(single)
    for index in _rows(repeated > 0):
        found.note(index, f"{repeated[index]} repeated corner{'s' if repeated[index] > 1 else ''} dropped")
    found.shapes = single


def _mend(found: Outlines) -> None:
    for index in _rows(~shapely.is_missing(found.shapes) & ~shapely.is_valid(found.shapes)):
        drawn = found.shapes[index]
        reason = shapely.is_valid_reason(drawn)
        mended = areas(shapely.make_valid(drawn, method="structure", keep_collapsed=False))
        if mended is None:
            found.refuse(index, f"the outline encloses nothing ({reason})")
            continue
        # Of a broken ring this is the area by the order of its corners, loops the other way round being taken off.
        before_m2, after_m2 = square_metres(np.array([drawn, mended], dtype=object))
        changed = abs(after_m2 - before_m2) / max(before_m2, after_m2)
        if changed > MOST_CHANGED_SHARE:
            why = f"mending would take it from {hectares(before_m2)} to {hectares(after_m2)} ({reason})"
            found.refuse(index, why)
        else:
            found.shapes[index] = mended
            found.note(index, f"outline mended, area changed by {changed:.2%} ({reason})".replace("%", " %"))


def _make_seamless(found: Outlines) -> None:
    west, _, east, _ = shapely.bounds(found.shapes).T
    for index in _rows((west < -180.0) | (east > 180.0) | (east - west > 180.0)):  # noqa: PLR2004 - the antimeridian
        found.shapes[index] = seamless(found.shapes[index])


def _note_odd_sizes(found: Outlines) -> None:
    m2 = square_metres(found.shapes)
    for index in _rows((m2 < _LEAST_M2) | (m2 > _MOST_M2)):
        found.note(index, f"{hectares(float(m2[index]))} is an odd size for a farm")
