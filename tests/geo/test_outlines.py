from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, Polygon, STRtree

from geo.datum import Datum, all_to_wgs84, to_wgs84
from geo.outlines import outlines_of, same, square_metres
from geo.overlaps import overlaps_among, overlaps_between
from tests.geo.farmland import HOME, a_square, a_star

YARD = a_square(100.0, holes=[30.0])


def judged(shape: shapely.Geometry | None, radius_m: float | None = None) -> tuple[Any, str, str]:
    """The outline of one row, its notes and why it is refused."""
    found = outlines_of([shape], {} if radius_m is None else {0: radius_m})
    fault = found.faults.get(0)
    return found.shapes[0], "; ".join(found.notes.get(0, [])), fault.why if fault else ""


def test_a_good_outline_keeps_its_holes_and_gets_no_note() -> None:
    shape, notes, fault = judged(YARD)

    assert shape.equals(YARD)
    assert len(shape.interiors) == 1
    assert (notes, fault) == ("", "")


def test_the_same_ground_has_the_same_bytes_however_it_is_drawn() -> None:
    corners = list(YARD.exterior.coords)[:-1]
    turned = Polygon([*corners[2:], *corners[:2]][::-1], [ring.coords for ring in YARD.interiors])

    one, other = judged(YARD)[0], judged(turned)[0]

    assert shapely.to_wkb(one) == shapely.to_wkb(other)


def test_a_spike_is_cut_off_with_a_note() -> None:
    spike = Polygon(
        [
            (113, 28),
            (113.01, 28),
            (113.01, 28.01),
            (113.005, 28.01),
            (113.005, 28.02),
            (113.005, 28.01),
            (113, 28.01),
        ]
    )

    shape, notes, fault = judged(spike)

    assert shape.equals(shapely.box(113, 28, 113.01, 28.01))
    assert "outline mended, area changed by 0.00 %" in notes
    assert fault == ""


@pytest.mark.parametrize(
    ("shape", "why"),
    [
        (Polygon([(113, 28), (113.01, 28.01), (113.01, 28), (113, 28.01)]), "mending would take it from"),
        (Polygon([(113, 28), (113.01, 28.01), (113, 28)]), "encloses nothing"),
        (Polygon(), "the geometry is empty"),
        (shapely.LineString([HOME, (113, 28)]), "a LineString has no inside"),
        (shapely.GeometryCollection([Point(*HOME)]), "without a polygon"),
        (Polygon([(y, x) for x, y in YARD.exterior.coords]), "looks like latitude first"),
        (shapely.box(491_176, 6_086_060, 491_276, 6_086_160), "is not a longitude and latitude"),
        (Polygon([(113, 28), (113.01, np.inf), (113.01, 28.01)]), "is not a number"),
        (shapely.MultiPoint([HOME, (113, 28)]), "several points"),
    ],
)
def test_what_bounds_no_ground_is_refused_with_a_reason(shape: shapely.Geometry, why: str) -> None:
    outline, _, fault = judged(shape)

    assert outline is None
    assert why in fault


@pytest.mark.parametrize(
    ("shape", "note"),
    [
        (shapely.force_3d(YARD, 88.0), "altitudes dropped"),
        (Polygon([*YARD.exterior.coords[:2], *YARD.exterior.coords[1:]]), "1 repeated corner dropped"),
        (shapely.box(10.0, 56.0, 10.001, 56.001), "lies outside China, at 10.0000, 56.0000"),
        (shapely.box(113.0, 28.0, 113.000001, 28.000001), "an odd size for a farm"),
        (shapely.GeometryCollection([YARD, Point(*HOME)]), "left out"),
    ],
)
def test_what_is_mended_or_odd_is_noted(shape: shapely.Geometry, note: str) -> None:
    outline, notes, fault = judged(shape)

    assert outline.is_valid
    assert not outline.has_z
    assert note in notes
    assert fault == ""


def test_a_point_is_a_circle_with_a_radius_and_no_boundary_without() -> None:
    circle, told, _ = judged(Point(*HOME), 150.0)
    nothing, noted, fault = judged(Point(*HOME))

    assert square_metres(np.array([circle], dtype=object))[0] == pytest.approx(np.pi * 150.0**2, rel=0.01)
    assert "a circle of 150 m" in told
    assert nothing is None
    assert ("kept without a boundary" in noted, fault) == (True, "")
    assert "is not a length" in judged(Point(*HOME), -3.0)[2]


def test_a_row_without_a_shape_is_neither_refused_nor_noted() -> None:
    assert judged(None) == (None, "", "")


def test_outlines_that_differ_by_rounding_are_the_same_and_by_a_metre_are_not() -> None:
    rounded = shapely.set_precision(YARD, 1e-9)
    moved = shapely.transform(YARD, lambda places: places + np.array([1e-5, 0.0]))

    assert same(YARD, rounded)
    assert not same(YARD, moved)


def test_neighbours_share_an_edge_and_overlaps_are_found_once() -> None:
    west, east = shapely.box(113.0, 28.0, 113.01, 28.01), shapely.box(113.01, 28.0, 113.02, 28.01)
    across = shapely.box(113.008, 28.002, 113.012, 28.008)
    shapes = np.array([west, None, east, across, MultiPolygon([a_square(50.0, (114.0, 28.0))])], dtype=object)

    found = {(pair.one, pair.other) for pair in overlaps_among(shapes)}

    assert found == {(0, 3), (2, 3)}
    between = list(overlaps_between(STRtree(shapes[:1]), np.array([across], dtype=object)))
    assert [(pair.one, pair.other) for pair in between] == [(0, 0)]
    assert between[0].shared_m2 == pytest.approx(
        square_metres(np.array([shapely.box(113.008, 28.002, 113.01, 28.008)]))[0]
    )


@given(st.integers(0, 10_000), st.integers(5, 40))
def test_a_mended_outline_needs_no_mending(seed: int, corners: int) -> None:
    first = outlines_of([a_star(seed, corners)], {})
    again = outlines_of(list(first.shapes), {})

    assert shapely.to_wkb(again.shapes[0]) == shapely.to_wkb(first.shapes[0])
    assert dict(again.notes) == {}


@pytest.mark.parametrize("datum", Datum)
def test_many_places_are_converted_as_one_by_one(datum: Datum) -> None:
    places = np.array([HOME, (116.404, 39.915), (10.0, 56.0), (121.09, 30.61), (-170.0, -20.0)])

    together = all_to_wgs84(places, datum)

    assert together == pytest.approx(np.array([to_wgs84(*place, datum) for place in places]), abs=1e-10)
