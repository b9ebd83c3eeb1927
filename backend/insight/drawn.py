"""Places on the ground as a drawing: metres fitted into a frame with north up; no tiles, nothing from outside."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import Self

import numpy as np
import shapely
from numpy.typing import NDArray

_MARGIN_SHARE = 0.12
"""Of the drawing's shorter side, left free all around."""
_SMALLEST_M = 40.0
"""Metres across at the least, so that one fix alone is not drawn as a continent."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Metres east and north of the middle, fitted into the drawing with north up."""

    west: float
    north: float
    units_a_metre: float
    left: float
    top: float

    @classmethod
    def around(
        cls,
        outlines: Sequence[NDArray[np.float64]],
        spots: NDArray[np.float64],
        radii: Sequence[float],
        size: tuple[float, float],
    ) -> Self:
        """The frame that holds all outlines and spots, (N, 2) metres, with the circles around the spots.

        *size* is width and height of the drawing, in its own units.
        """
        reach = np.array(radii).reshape(-1, 1)
        corners = np.concatenate([*outlines, spots - reach, spots + reach])
        (west, south), (east, north) = corners.min(axis=0), corners.max(axis=0)
        wide, tall = max(east - west, _SMALLEST_M), max(north - south, _SMALLEST_M)
        (width, height), margin = size, _MARGIN_SHARE * min(size)
        scale = min((width - 2 * margin) / wide, (height - 2 * margin) / tall)
        return cls(
            west=float(west),
            north=float(north),
            units_a_metre=float(scale),
            left=float(width - (east - west) * scale) / 2,
            top=float(height - (north - south) * scale) / 2,
        )

    def at(self, east: float, north: float) -> tuple[float, float]:
        """Where a place is on the drawing."""
        x = self.left + (east - self.west) * self.units_a_metre
        return round(float(x), 1), round(float(self.top + (self.north - north) * self.units_a_metre), 1)

    def path(self, outline: NDArray[np.float64]) -> str:
        """An outline as an SVG path."""
        return "M" + " L".join("{} {}".format(*self.at(east, north)) for east, north in outline) + " Z"


def rings_of(shape: shapely.Geometry) -> Iterable[shapely.Geometry]:
    """All rings of a polygon or multipolygon, holes included."""
    found: Iterable[shapely.Geometry] = shapely.get_rings(shapely.get_parts(shape))
    return found


def centre(degrees: NDArray[np.float64]) -> tuple[float, float]:
    """The middle of the box around places: longitude, latitude."""
    lon, lat = (degrees.min(axis=0) + degrees.max(axis=0)) / 2
    return float(lon), float(lat)


def scale_m(metres: float) -> int:
    """The largest 1, 2 or 5 times a power of ten that is not above *metres*; at least 1."""
    power = 10 ** floor(log10(max(metres, 1.0)))
    return int(max(step * power for step in (1, 2, 5) if step * power <= max(metres, 1.0)))
