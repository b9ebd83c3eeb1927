"""From a row of somebody's file to premises, or to a sentence that says what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import Any

import shapely
from pyproj import CRS
from shapely import Geometry, Point, Polygon

from geo.areas import areas
from geo.premises import InvalidPremises, Premises, refuse_unless_degrees
from geo.seam import seamless

RING_CLOSED = "a ring was not closed: its first corner was added at its end"


class PremisesUnreadable(ValueError):
    """A file that cannot be read as premises.

    Attributes:
        path: The file.
        why: What is wrong, one clause.
        row: Which row or feature, counted from 1; None for the whole file.
        remedy: What to do about it, one sentence.
    """

    def __init__(self, path: Path, why: str, row: int | None = None, *, remedy: str) -> None:
        place = f"{path}, row {row}" if row is not None else str(path)
        super().__init__(f"{place}: {why}")
        self.path, self.why, self.row, self.remedy = path, why, row, remedy


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file as they stand there.

    Attributes:
        shapes: (N,) geometries, None where a row has none.
        properties: N mappings from column to value.
        crs: What the coordinates are given in; None where the file does not say.
        faults: What is wrong with the geometry of a row, by the row's index; its shape is None.
        mended: What was set right in a row while it was read, by the row's index.
        notes: What a person should know about the file as a whole.
    """

    shapes: list[Geometry | None]
    properties: list[dict[str, Any]]  # any JSON or column value
    crs: CRS | None
    faults: Mapping[int, str] = field(default_factory=dict)
    mended: Mapping[int, str] = field(default_factory=dict)
    notes: Sequence[str] = ()


def premises_of(path: Path, row: int, shape: Geometry | None, properties: Mapping[str, Any]) -> Premises:
    """Return the premises in a row, its outline mended where it crosses itself.

    Args:
        path: The file, for the message.
        row: Counted from 1, for the message; without a name the premises are called by it, counted from 0.
        shape: WGS 84 degrees; altitudes are dropped.
        properties: ``name`` or else ``id`` names the premises; a point needs ``radius_m``.

    Raises:
        PremisesUnreadable: The row bounds no ground.
    """
    if shape is None or shape.is_empty:
        raise PremisesUnreadable(path, "has no geometry", row, remedy="Draw its outline or take the row out.")
    shape = shapely.force_2d(shape)
    lowered = {str(key).lower(): value for key, value in properties.items()}
    name = _named(lowered) or str(row - 1)
    try:
        if isinstance(shape, Point):
            return Premises(name, shape, _radius(lowered.get("radius_m")))
        outline, note = _mended(path, row, shape)
        return Premises(name, outline, note=note)
    except InvalidPremises as broken:
        raise PremisesUnreadable(path, str(broken), row, remedy=_REMEDY) from broken


_REMEDY = (
    "Give premises as polygons, or as points with a radius_m in metres, in longitude and latitude (WGS 84) "
    "or with the CRS stated."
)


def _named(properties: Mapping[str, Any]) -> str:
    for column in ("name", "id"):
        value = properties.get(column)
        if isinstance(value, float):  # a column of whole numbers with gaps arrives as floats
            value = (int(value) if value.is_integer() else value) if isfinite(value) else None
        text = str(value).strip() if value is not None else ""
        if text:
            return text
    return ""


def _radius(value: Any) -> float | None:  # any column value
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _mended(path: Path, row: int, shape: Geometry) -> tuple[Polygon, str]:
    """Return a valid polygon or multipolygon and a note of what was mended."""
    if (outline := areas(shape)) is None:
        raise PremisesUnreadable(path, f"a {shape.geom_type} has no inside", row, remedy=_REMEDY)
    refuse_unless_degrees(outline)
    outline = seamless(outline)
    if outline.is_valid:
        return outline, ""
    reason = shapely.is_valid_reason(outline)
    mended = areas(shapely.make_valid(outline, method="structure", keep_collapsed=False))
    if mended is None:
        raise PremisesUnreadable(
            path, f"the outline encloses nothing ({reason})", row, remedy="Draw it again."
        )
    return mended, f"outline mended: {reason}"
