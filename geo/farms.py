"""An index over all premises of a county: whose ground is this, and is it the insured farm's?"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from math import inf

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.fence import FenceDecision, Neighbour, check, unknown
from geo.fix import COARSE_OVER_M, STALE_OVER_S, Fix, Signal
from geo.metres import degrees_around
from geo.premises import EDGE_M, Premises, Standing

# How far to look for the nearest premises before all of them are ranked: most farms have a neighbour in the
# first ring, and each ring costs one look into the tree.
_REACHES_M = (1_000.0, 8_000.0, 64_000.0)

_EARTH_M = 6_378_137.0
_POLAR_M = 6_356_752.3
_WIDE_DEG = 90.0
_NEARLY_THE_POLE_DEG = 89.9999  # 11 m off, where a centimetre is 0.05° of longitude; no farm is nearer
_TURN = 360.0


class Farms:
    """An immutable index over premises: a tree of their boxes over prepared outlines.

    Nothing changes in place, so that readers need no lock: when premises change, build another and swap it
    whole (measured: docs/benchmarks.md). Order matters only between equals, where the first given wins.
    """

    def __init__(self, premises: Iterable[Premises]) -> None:
        self._premises = tuple(premises)
        shapely.prepare([each.shape for each in self._premises])
        boxes = _boxes_around(self._premises)
        self._tree = shapely.STRtree(shapely.box(*boxes.T))
        self._centres, self._radii_m = _spheres_around(boxes)
        self._named: dict[str, list[int]] = defaultdict(list)
        for index, each in enumerate(self._premises):
            self._named[each.name].append(index)
        # Without this, every look into the tree would have to be made thrice for the sake of the
        # antimeridian.
        self._runs_past_180 = bool(len(boxes)) and (boxes[:, 0].min() < -180.0 or boxes[:, 2].max() > 180.0)  # noqa: PLR2004

    def __len__(self) -> int:
        return len(self._premises)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name once, in the order given."""
        return tuple(self._named)

    def middle(self, name: str) -> tuple[float, float] | None:
        """Return longitude and latitude of the middle of the first premises called *name*; None for none."""
        held = self._named.get(name)
        if not held:
            return None
        middle = self._premises[held[0]].shape.centroid
        return float(middle.x), float(middle.y)

    def at(self, fix: Fix) -> tuple[Premises, ...]:
        """Return all premises that cover the fix: two where farms share an edge, none on the road."""
        return tuple(self._premises[index] for index in self._covering(*fix.wgs84()))

    def nearest(self, fix: Fix, *, other_than: str | None = None) -> Neighbour | None:
        """Return the premises nearest to the fix, 0.0 m when it lies inside; None for an empty index.

        Args:
            fix: From where.
            other_than: A name to leave out.
        """
        skip = self._named.get(other_than, ()) if other_than is not None else ()
        found = self._closest(*fix.wgs84(), skip=skip)
        return found and self._neighbour(*found)

    def decide(
        self,
        fix: Fix | None,
        names: Collection[str] | None = None,
        *,
        coarse_over_m: float = COARSE_OVER_M,
        stale_over_s: float = STALE_OVER_S,
    ) -> FenceDecision:
        """Decide whether *fix* was taken on the premises called *names*, by the one that speaks best for it.

        The best is that with the greatest signed distance: inside before outside, then the nearest.

        Args:
            fix: Where the device says it was; None gives UNKNOWN with NO_FIX.
            names: The insured farm's premises; None asks all. Names that the index does not hold have no
                boundary, and where none is held the answer is UNKNOWN with NO_BOUNDARY.
            coarse_over_m: A larger accuracy radius in metres gives UNKNOWN.
            stale_over_s: A greater age in seconds gives UNKNOWN.
        """
        asked = next(iter(names)) if names is not None and len(names) == 1 else None
        if fix is None:
            return unknown(Signal.NO_FIX, premises=asked)
        lon, lat = fix.wgs84()
        best = self._best(lon, lat, names)
        other = self._closest(lon, lat, skip=() if best is None else (best[0],))
        nearest = other and self._neighbour(*other)
        if best is None:
            signals = fix.signals(coarse_over_m=coarse_over_m, stale_over_s=stale_over_s)
            return unknown(Signal.NO_BOUNDARY, *signals, fix=fix, premises=asked, nearest=nearest)
        index, standing = best
        return check(
            fix,
            self._premises[index],
            nearest=nearest,
            standing=standing,
            coarse_over_m=coarse_over_m,
            stale_over_s=stale_over_s,
        )

    def _best(self, lon: float, lat: float, names: Collection[str] | None) -> tuple[int, Standing] | None:
        if names is None:
            held: Iterable[int] = self._covering(lon, lat)
            if not held:
                return self._closest(lon, lat, skip=())
        else:
            held = sorted(index for name in set(names) for index in self._named.get(name, ()))
        standings = ((index, self._premises[index].standing(lon, lat)) for index in held)
        return max(standings, key=lambda one: one[1].distance_m, default=None)

    def _neighbour(self, index: int, standing: Standing) -> Neighbour:
        return Neighbour(self._premises[index].name, max(0.0, -standing.distance_m))

    def _covering(self, lon: float, lat: float) -> list[int]:
        found = self._tree.query(shapely.Point(lon, lat))
        if self._runs_past_180:
            beyond = self._tree.query(shapely.points([lon - _TURN, lon + _TURN], lat))[1]
            found = np.union1d(found, beyond)
        return sorted(int(index) for index in found if self._premises[index].covers(lon, lat))

    def _closest(self, lon: float, lat: float, *, skip: Collection[int]) -> tuple[int, Standing] | None:
        """Return the premises nearest to a point, but for *skip*; all that cover it are equally near."""
        for reach_m in _REACHES_M:
            found = self._first(lon, lat, self._within(lon, lat, reach_m), skip)
            if found and -found[1].distance_m <= reach_m:
                return found
        return self._first(lon, lat, np.arange(len(self._premises)), skip)

    def _within(self, lon: float, lat: float, reach_m: float) -> NDArray[np.int64]:
        west, south, east, north = degrees_around(lon, lat, reach_m)
        box = shapely.box(west, south, east, north)
        found: NDArray[np.int64] = self._tree.query(box)
        if self._runs_past_180 or west < -180.0 or east > 180.0:  # noqa: PLR2004 - the antimeridian
            turned = shapely.box([west - _TURN, west + _TURN], south, [east - _TURN, east + _TURN], north)
            found = np.union1d(found, self._tree.query(turned)[1])
        return found

    def _first(
        self, lon: float, lat: float, among: NDArray[np.int64], skip: Collection[int]
    ) -> tuple[int, Standing] | None:
        """Return the nearest of *among*; bounding spheres say in which order to measure and when to stop."""
        at = _through_the_earth(np.array([lon]), np.array([lat]))
        at_least_m = np.linalg.norm(self._centres[among] - at, axis=1) - self._radii_m[among]
        best: tuple[int, Standing] | None = None
        least_m = inf
        for place in np.argsort(at_least_m, kind="stable"):
            if at_least_m[place] > least_m or least_m == 0.0:
                break
            index = int(among[place])
            if index in skip:
                continue
            standing = self._premises[index].standing(lon, lat)
            outside_m = max(0.0, -standing.distance_m)
            if outside_m < least_m:
                best, least_m = (index, standing), outside_m
        return best


def _through_the_earth(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (N, 3) metres from the Earth's centre; straight lines are never longer than the way by land."""
    phi, lam = np.radians(lat), np.radians(lon)
    squeeze = (_POLAR_M / _EARTH_M) ** 2
    normal = _EARTH_M / np.sqrt(np.cos(phi) ** 2 + squeeze * np.sin(phi) ** 2)
    across = normal * np.cos(phi)
    return np.column_stack((across * np.cos(lam), across * np.sin(lam), squeeze * normal * np.sin(phi)))


def _boxes_around(premises: Sequence[Premises]) -> NDArray[np.float64]:
    """Return (N, 4) west, south, east, north in degrees, with the edge's tolerance; may run past ±180°."""
    boxes: NDArray[np.float64] = shapely.bounds([each.shape for each in premises]).reshape(-1, 4)
    highest = np.minimum(np.maximum(np.abs(boxes[:, 1]), np.abs(boxes[:, 3])), _NEARLY_THE_POLE_DEG)
    tall = np.full(len(boxes), degrees_around(0.0, 0.0, EDGE_M)[3])
    wide = tall / np.cos(np.radians(highest))
    boxes += np.column_stack((-wide, -tall, wide, tall))
    for index, each in enumerate(premises):
        if each.radius_m is not None:
            boxes[index] = degrees_around(each.shape.x, each.shape.y, each.radius_m + EDGE_M)
    return boxes


def _spheres_around(boxes: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return centres (N, 3) and radii (N,) in metres of spheres that hold everything in boxes of degrees."""
    west, south, east, north = boxes.T
    centres = _through_the_earth((west + east) / 2.0, (south + north) / 2.0)
    corners = [_through_the_earth(lon, lat) for lon in (west, east) for lat in (south, north)]
    radii_m = np.max([np.linalg.norm(corner - centres, axis=1) for corner in corners], axis=0, initial=0.0)
    # The middle of a box's long side bulges past its corners' sphere by less than 1 % below this width.
    radii_m = np.where(np.maximum(east - west, north - south) > _WIDE_DEG, np.inf, radii_m * 1.01 + 1.0)
    return centres, radii_m
