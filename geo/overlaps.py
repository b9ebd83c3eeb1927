"""Farms whose grounds overlap; neighbours that share an edge do not."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import shapely
from shapely import STRtree

from geo.outlines import Shapes, square_metres

SLIVER_SHARE = 0.005
"""An overlap below this share of the smaller farm is one edge drawn twice, never quite alike."""

_PAIRS_AT_ONCE = 20_000


class Overlap(NamedTuple):
    """Two outlines by their indices, and the ground they share in square metres."""

    one: int
    other: int
    shared_m2: float


def overlaps_among(shapes: Shapes) -> Iterator[Overlap]:
    """Every pair of outlines that share ground, each once."""
    one, other = _meeting(STRtree(shapes), shapes)
    once = one < other
    yield from _sharing(shapes, shapes, one[once], other[once])


def overlaps_between(tree: STRtree, others: Shapes) -> Iterator[Overlap]:
    """Every pair of an outline in the tree and one of the others that share ground."""
    other, one = _meeting(tree, others)
    yield from _sharing(tree.geometries, others, one, other)


def _meeting(tree: STRtree, shapes: Shapes) -> tuple[np.ndarray, np.ndarray]:
    found = tree.query(shapes, predicate="intersects")
    return found[0], found[1]


def _sharing(ones: Shapes, others: Shapes, one: np.ndarray, other: np.ndarray) -> Iterator[Overlap]:
    for start in range(0, len(one), _PAIRS_AT_ONCE):
        left, right = one[start : start + _PAIRS_AT_ONCE], other[start : start + _PAIRS_AT_ONCE]
        shared_m2 = square_metres(shapely.intersection(ones[left], others[right]))
        smaller_m2 = np.minimum(square_metres(ones[left]), square_metres(others[right]))
        for place in np.flatnonzero(shared_m2 > SLIVER_SHARE * smaller_m2):
            yield Overlap(int(left[place]), int(right[place]), float(shared_m2[place]))
