from math import erf, sqrt

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from shapely import Polygon

from geo.likelihood import share_inside


def phi(z: float) -> float:
    return 0.5 * (1.0 + erf(z / sqrt(2.0)))


def edges_of(shape: Polygon) -> NDArray[np.float64]:
    rings = shapely.get_rings(shapely.get_parts(shapely.orient_polygons(shape)))
    pairs = [np.stack((c[:-1], c[1:]), axis=1) for c in (np.asarray(ring.coords) for ring in rings)]
    return np.concatenate(pairs)


def half_plane(depth: float) -> NDArray[np.float64]:
    return edges_of(shapely.box(-1e4, -1e4, depth, 1e4))


@given(depth=st.floats(-60.0, 60.0), sigma=st.floats(0.5, 66.0))
def test_a_straight_fence_gives_the_normal_distribution(depth: float, sigma: float) -> None:
    assert share_inside(half_plane(depth), sigma) == pytest.approx(phi(depth / sigma), abs=1e-6)


def test_a_square_corner_under_the_fix_holds_a_quarter() -> None:
    assert share_inside(edges_of(shapely.box(0, 0, 1e4, 1e4)), 10.0) == pytest.approx(0.25, abs=1e-6)


@given(west=st.floats(-50, 50), south=st.floats(-50, 50), wide=st.floats(0.1, 400), tall=st.floats(0.1, 400))
def test_a_rectangle_is_the_product_of_its_two_sides(
    west: float, south: float, wide: float, tall: float
) -> None:
    sigma = 10.0
    exact = (phi((west + wide) / sigma) - phi(west / sigma)) * (
        phi((south + tall) / sigma) - phi(south / sigma)
    )

    found = share_inside(edges_of(shapely.box(west, south, west + wide, south + tall)), sigma)

    assert found == pytest.approx(exact, abs=1e-6)


def test_corners_holes_and_islands_agree_with_a_million_throws() -> None:
    yard = Polygon([(-30, -12), (25, -20), (9, 4), (28, 26), (-14, 22), (-3, 6)], [[(0, 0), (6, 1), (2, 9)]])
    island = shapely.box(-40, -40, -18, -22)
    ground = shapely.multipolygons([yard, island])
    shapely.prepare(ground)
    throws = np.random.default_rng(20260301).normal(scale=12.0, size=(1_000_000, 2))

    thrown = float(np.mean(shapely.contains_xy(ground, throws[:, 0], throws[:, 1])))

    assert share_inside(edges_of(ground), 12.0) == pytest.approx(thrown, abs=0.002)


def test_an_edge_that_repeats_a_corner_changes_nothing() -> None:
    square = edges_of(shapely.box(-5, -5, 5, 5))
    doubled = np.concatenate((square, [[[5.0, 5.0], [5.0, 5.0]]]))

    assert share_inside(doubled, 10.0) == share_inside(square, 10.0)
