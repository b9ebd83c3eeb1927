"""Insured premises 养殖场所: the ground on which a loss is covered, and how far a point is from its edge."""

from dataclasses import dataclass
from math import inf, isfinite
from typing import NamedTuple

import shapely
from shapely import MultiPolygon, Point, Polygon

from geo.likelihood import SIGMA_PER_RADIUS, SURE_BEYOND_SIGMAS, share_inside
from geo.metres import between, circle_around, degrees_around, nearest_on_boundary, outline_from
from geo.seam import seamless

EDGE_M = 0.01
"""A point this close to the boundary lies on it: a coordinate of seven decimals says no more than a
centimetre."""

_SHARPEST_M = 0.001  # no fix is better; a smaller divisor would only overflow

_TURN = 360.0


class InvalidPremises(ValueError):
    """A shape that bounds no ground on Earth."""


class Standing(NamedTuple):
    """How a point stands to premises.

    Attributes:
        distance_m: To the nearest edge, holes included: positive inside, negative outside, 0.0 on the edge.
        bearing_deg: Direction in which the point lies as seen from that edge, degrees clockwise from north;
            it means something for a point outside.
    """

    distance_m: float
    bearing_deg: float


@dataclass(frozen=True, slots=True)
class Premises:
    """The bounds of one farm.

    Attributes:
        name: What people call it; not always unique.
        shape: WGS 84 degrees (longitude, latitude): a valid polygon or multipolygon, holes being outside, or
            the centre of a circle. It is kept whole across the antimeridian (``geo.seam``).
        radius_m: Radius of the circle in metres; None for polygons.
        note: What was mended when the shape was read; empty for most.

    Raises:
        InvalidPremises: The shape is empty, invalid, of another kind, or not in degrees.
    """

    name: str
    shape: Polygon | MultiPolygon | Point
    radius_m: float | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if isinstance(self.shape, Point):
            if self.radius_m is None or not (isfinite(self.radius_m) and self.radius_m > 0.0):
                raise InvalidPremises("a point needs a radius_m above 0")
        elif not isinstance(self.shape, Polygon | MultiPolygon):
            raise InvalidPremises(f"a {self.shape.geom_type} has no inside; draw a polygon")
        elif self.radius_m is not None:
            raise InvalidPremises("a polygon takes no radius_m")
        refuse_unless_degrees(self.shape)
        if isinstance(self.shape, Polygon | MultiPolygon):
            object.__setattr__(self, "shape", seamless(self.shape))
            if not self.shape.is_valid:
                raise InvalidPremises(f"the outline is broken: {shapely.is_valid_reason(self.shape)}")

    def covers(self, lon: float, lat: float) -> bool:
        """Say whether a WGS 84 point lies inside or on the edge; a hole is outside."""
        if self.radius_m is not None:
            return between(self.shape.x, self.shape.y, lon, lat).distance_m <= self.radius_m + EDGE_M
        if self._holds(lon, lat):
            return True
        # Only a point in the shape's box and hard by its edge is worth the metres.
        aside = degrees_around(0.0, lat, EDGE_M)[2]
        close = shapely.dwithin(self.shape, shapely.points([lon, lon + _TURN], lat), aside).any()
        return bool(close) and nearest_on_boundary(lon, lat, self.shape).distance_m <= EDGE_M

    def standing(self, lon: float, lat: float) -> Standing:
        """Return how far inside or outside a WGS 84 point is."""
        if self.radius_m is not None:
            centre = between(self.shape.x, self.shape.y, lon, lat)
            depth_m, bearing_deg = self.radius_m - centre.distance_m, centre.bearing_deg
        else:
            edge = nearest_on_boundary(lon, lat, self.shape)
            depth_m = edge.distance_m if self._holds(lon, lat) else -edge.distance_m
            bearing_deg = edge.bearing_deg
        return Standing(0.0 if -EDGE_M <= depth_m <= 0.0 else depth_m, bearing_deg)

    def probability_inside(
        self, lon: float, lat: float, *, accuracy_m: float, distance_m: float = inf
    ) -> float:
        """Return the probability that the true place of a fix lies on these premises.

        Args:
            lon: Of the fix, WGS 84 degrees.
            lat: Of the fix, WGS 84 degrees.
            accuracy_m: Radius that holds 68 %, > 0.
            distance_m: Signed, from ``standing``: far from every edge the answer is plain.
        """
        sigma = max(SIGMA_PER_RADIUS * accuracy_m, _SHARPEST_M)
        if isfinite(distance_m) and abs(distance_m) > SURE_BEYOND_SIGMAS * sigma:
            return 1.0 if distance_m > 0.0 else 0.0
        ground = self.shape
        if self.radius_m is not None:
            ground = circle_around(self.shape.x, self.shape.y, self.radius_m)
        return share_inside(outline_from(lon, lat, ground).plane, sigma)

    def _holds(self, lon: float, lat: float) -> bool:
        # A point on the boundary intersects too; shapes may run past 180°.
        if shapely.intersects_xy(self.shape, lon, lat):
            return True
        return bool(lon < 0.0 and shapely.intersects_xy(self.shape, lon + _TURN, lat))


def refuse_unless_degrees(shape: Polygon | MultiPolygon | Point) -> None:
    """Raise InvalidPremises unless the shape has coordinates and all can be longitude and latitude."""
    if shape.is_empty:
        raise InvalidPremises("the shape is empty")
    west, south, east, north = shape.bounds
    if not all(isfinite(bound) for bound in (west, south, east, north)):
        raise InvalidPremises("a coordinate is not a number")
    if west < -_TURN or east > _TURN or south < -90.0 or north > 90.0:  # noqa: PLR2004 - the poles
        raise InvalidPremises(
            f"({west:g}, {south:g}) to ({east:g}, {north:g}) are not degrees of longitude and latitude"
        )
