import json
from math import inf, nan

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, Polygon

from geo.datum import from_wgs84
from geo.fence import (
    Datum,
    Decision,
    FenceDecision,
    Fix,
    InvalidFix,
    InvalidPremises,
    Neighbour,
    Premises,
    Signal,
    check,
)
from tests.geo.farmland import GEOD, HOME, a_farm, a_square, a_star, off


def a_fix_east(of_m: float, accuracy_m: float | None = 15.0, **facts: object) -> Fix:
    """A fix so many metres east of the middle of the farm."""
    return Fix(*off(*HOME, east_m=of_m), accuracy_m=accuracy_m, **facts)  # type: ignore[arg-type]


def test_eight_metres_outside_at_fifteen_is_inside_within_uncertainty_with_21_percent() -> None:
    decision = check(a_fix_east(108.0), a_farm(half_m=100.0))

    assert decision.as_json() == {
        "decision": "INSIDE_WITHIN_UNCERTAINTY",
        "distance_m": -8.0,
        "probability_inside": 0.21,
        "accuracy_m": 15.0,
        "premises": "home",
        "nearest": None,
        "signals": [],
    }


@pytest.mark.parametrize(
    ("east_m", "decision", "distance_m"),
    [
        (0.0, Decision.INSIDE, 100.0),
        (60.0, Decision.INSIDE, 40.0),
        (100.0, Decision.INSIDE, 0.0),
        (115.0, Decision.INSIDE_WITHIN_UNCERTAINTY, -15.0),
        (115.1, Decision.OUTSIDE, -15.1),
        (1_000.0, Decision.OUTSIDE, -900.0),
    ],
)
def test_metres_from_the_edge_decide(east_m: float, decision: Decision, distance_m: float) -> None:
    found = check(a_fix_east(east_m), a_farm(half_m=100.0))

    assert found.decision is decision
    assert found.distance_m == pytest.approx(distance_m, abs=0.01)


@pytest.mark.parametrize("seed", range(5))
def test_a_photo_on_a_vertex_or_on_an_edge_counts_as_inside(seed: int) -> None:
    farm = Premises("home", a_star(seed))
    corners = np.asarray(farm.shape.exterior.coords)
    middles = (corners[1:] + corners[:-1]) / 2.0
    sevenths = np.round((3 * corners[1:] + 4 * corners[:-1]) / 7.0, 7)

    found = [check(Fix(lon, lat, 5.0), farm) for lon, lat in (*corners, *middles, *sevenths)]

    assert {one.decision for one in found} == {Decision.INSIDE}
    assert all(one.distance_m is not None and 0.0 <= one.distance_m <= 0.01 for one in found)


def test_a_hole_is_outside_and_its_rim_is_the_nearest_edge() -> None:
    farm = Premises("ring", a_square(100.0, holes=[30.0]))

    pond, path = check(a_fix_east(0.0), farm), check(a_fix_east(40.0), farm)

    assert pond.decision is Decision.OUTSIDE
    assert pond.distance_m == pytest.approx(-30.0, abs=0.01)
    assert path.decision is Decision.INSIDE
    assert path.distance_m == pytest.approx(10.0, abs=0.01)


def test_a_farm_of_two_yards_is_inside_in_both_and_outside_between() -> None:
    second = off(*HOME, east_m=400.0)
    farm = Premises("yards", MultiPolygon([a_square(100.0), a_square(50.0, second)]))

    found = [check(a_fix_east(east_m), farm) for east_m in (0.0, 400.0, 300.0)]

    assert [one.decision for one in found] == [Decision.INSIDE, Decision.INSIDE, Decision.OUTSIDE]
    assert [one.distance_m for one in found] == pytest.approx([100.0, 50.0, -50.0], abs=0.02)


@pytest.mark.parametrize("east_m", [0.0, 499.0, 500.0, 508.0, 900.0])
def test_a_point_with_a_radius_is_a_circle_exact_to_its_edge(east_m: float) -> None:
    farm = Premises("circle", Point(*HOME), radius_m=500.0)

    found = check(a_fix_east(east_m), farm)

    assert found.distance_m == pytest.approx(500.0 - east_m, abs=0.01)
    assert (found.decision is Decision.INSIDE) == (east_m <= 500.0)


def test_the_chance_in_a_circle_is_that_of_its_edge_when_the_circle_is_large() -> None:
    farm = Premises("circle", Point(*HOME), radius_m=5_000.0)

    found = check(a_fix_east(5_008.0), farm)

    assert found.probability_inside == pytest.approx(0.21, abs=0.005)


def test_the_chance_near_a_corner_agrees_with_a_million_throws() -> None:
    farm = Premises("star", a_star(seed=3, corners=12, size_m=60.0))
    fix = a_fix_east(20.0, 30.0)
    metres = np.random.default_rng(1).normal(scale=0.662 * 30.0, size=(1_000_000, 2))
    count = len(metres)
    lon, lat, _ = GEOD.fwd(
        np.full(count, fix.lon),
        np.full(count, fix.lat),
        np.degrees(np.arctan2(metres[:, 0], metres[:, 1])),
        np.hypot(metres[:, 0], metres[:, 1]),
    )
    shapely.prepare(farm.shape)

    thrown = float(np.mean(shapely.contains_xy(farm.shape, lon, lat)))

    assert check(fix, farm).probability_inside == pytest.approx(thrown, abs=0.002)


@pytest.mark.parametrize(
    ("fix", "signals"),
    [
        (a_fix_east(108.0, 15.0, mock=True), [Signal.MOCK]),
        (a_fix_east(108.0, None), [Signal.NO_ACCURACY]),
        (a_fix_east(108.0, 0.0), [Signal.NO_ACCURACY]),
        (a_fix_east(108.0, 100.1), [Signal.COARSE_FIX]),
        (a_fix_east(108.0, 15.0, age_s=120.5), [Signal.STALE_FIX]),
        (
            a_fix_east(108.0, 300.0, age_s=999.0, mock=True),
            [Signal.MOCK, Signal.COARSE_FIX, Signal.STALE_FIX],
        ),
    ],
)
def test_a_fix_that_cannot_be_trusted_is_unknown_and_still_says_the_metres(
    fix: Fix, signals: list[Signal]
) -> None:
    decision = check(fix, a_farm(half_m=100.0))

    assert decision.decision is Decision.UNKNOWN
    assert list(decision.signals) == signals
    assert decision.distance_m == pytest.approx(-8.0, abs=0.01)
    assert decision.probability_inside is None


def test_a_radius_of_100_metres_and_an_age_of_120_seconds_are_still_good() -> None:
    decision = check(a_fix_east(0.0, 100.0, age_s=120.0), a_farm())

    assert decision.decision is Decision.INSIDE
    assert decision.signals == ()


def test_thresholds_are_the_callers() -> None:
    fix = a_fix_east(0.0, 40.0, age_s=10.0)

    strict = check(fix, a_farm(), coarse_over_m=30.0, stale_over_s=5.0)

    assert strict.signals == (Signal.COARSE_FIX, Signal.STALE_FIX)


@pytest.mark.parametrize("datum", Datum)
def test_a_fix_in_a_chinese_datum_falls_on_the_same_metre(datum: Datum) -> None:
    lon, lat = from_wgs84(*off(*HOME, east_m=108.0), datum)

    decision = check(Fix(lon, lat, 15.0, datum=datum), a_farm())

    assert decision.distance_m == pytest.approx(-8.0, abs=0.02)


@pytest.mark.parametrize(
    ("east_m", "north_m", "direction"), [(500, 0, "E"), (-300, -300, "SW"), (0, 200, "N"), (50, 0, None)]
)
def test_the_direction_says_where_a_photo_outside_was_taken(
    east_m: float, north_m: float, direction: str | None
) -> None:
    fix = Fix(*off(*HOME, east_m=east_m, north_m=north_m), 10.0)

    assert check(fix, a_farm()).direction == direction


def test_every_wrong_part_of_a_fix_is_named_at_once() -> None:
    with pytest.raises(InvalidFix) as caught:
        Fix(181.0, nan, accuracy_m=-1.0, age_s=inf)

    assert set(caught.value.faults) == {"lon", "lat", "accuracy_m", "age_s"}


@pytest.mark.parametrize(
    ("shape", "radius_m"),
    [
        (Polygon(), None),
        (Point(*HOME), None),
        (Point(*HOME), -5.0),
        (Point(*HOME), nan),
        (a_square(10.0), 5.0),
        (shapely.LineString([(0, 0), (1, 1)]), None),
        (Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), None),
        (Polygon([(491_176, 6_086_060), (491_276, 6_086_060), (491_276, 6_086_160)]), None),
    ],
)
def test_a_shape_that_bounds_no_ground_is_refused(shape: Polygon, radius_m: float | None) -> None:
    with pytest.raises(InvalidPremises):
        Premises("nowhere", shape, radius_m)


@pytest.mark.parametrize(
    ("distance_m", "accuracy_m", "shown"),
    [
        (-0.04, 15.0, -0.04),
        (-0.0, 15.0, 0.0),
        (0.04, 15.0, 0.0),
        (-15.03, 15.0, -15.03),
        (-15.004, 15.0, -15.0),
        (-8.0449, 15.0, -8.0),
        (812.26, 15.0, 812.3),
    ],
)
def test_shown_metres_never_contradict_the_decision(
    distance_m: float, accuracy_m: float, shown: float
) -> None:
    decision = FenceDecision(Decision.OUTSIDE, distance_m, None, accuracy_m, "home", Neighbour("b", 0.02))

    document = json.dumps(decision.as_json())

    assert f'"distance_m": {shown},' in document
    assert '"distance_m": 0.02}' in document


@given(
    seed=st.integers(0, 10_000),
    turn=st.integers(0, 39),
    backwards=st.booleans(),
    east_m=st.floats(-300, 300),
    north_m=st.floats(-300, 300),
)
@settings(max_examples=60, deadline=None)
def test_where_a_ring_starts_and_which_way_it_runs_changes_nothing(
    seed: int, turn: int, *, backwards: bool, east_m: float, north_m: float
) -> None:
    corners = list(a_star(seed).exterior.coords)[:-1]
    turned = corners[turn:] + corners[:turn]
    fix = Fix(*off(*HOME, east_m=east_m, north_m=north_m), 20.0)

    one = check(fix, Premises("a", Polygon(corners)))
    other = check(fix, Premises("a", Polygon(turned[::-1] if backwards else turned)))

    assert one.decision is other.decision
    assert one.distance_m == pytest.approx(other.distance_m, abs=1e-6)
    assert one.probability_inside == pytest.approx(other.probability_inside, abs=1e-6)


@given(seed=st.integers(0, 10_000), turns=st.floats(-90, 90), east_m=st.floats(-300, 300))
@settings(max_examples=60, deadline=None)
def test_the_same_farm_further_along_the_parallel_gives_the_same_answer(
    seed: int, turns: float, east_m: float
) -> None:
    farm = a_star(seed)
    fix = a_fix_east(east_m, 20.0)
    moved_lon = (fix.lon + turns + 180.0) % 360.0 - 180.0

    here = check(fix, Premises("a", farm)).distance_m
    there = check(
        Fix(moved_lon, fix.lat, 20.0), Premises("a", shapely.affinity.translate(farm, xoff=turns))
    ).distance_m

    assert there == pytest.approx(here, abs=0.011)


@given(seed=st.integers(0, 10_000), east_m=st.floats(-300, 300), north_m=st.floats(-300, 300))
@settings(max_examples=60, deadline=None)
def test_inside_and_only_inside_the_metres_are_not_negative(seed: int, east_m: float, north_m: float) -> None:
    farm = Premises("a", a_star(seed))
    fix = Fix(*off(*HOME, east_m=east_m, north_m=north_m), 20.0)

    decision = check(fix, farm)

    assert decision.distance_m is not None
    assert (decision.decision is Decision.INSIDE) == (decision.distance_m >= 0.0)
    assert farm.covers(fix.lon, fix.lat) == (decision.distance_m >= 0.0)


@given(
    east_m=st.floats(-300, 300),
    larger=st.floats(0.1, 100.0),
    share=st.floats(0.01, 1.0),
)
@settings(max_examples=60, deadline=None)
def test_a_sharper_fix_never_turns_outside_into_inside_within_uncertainty(
    east_m: float, larger: float, share: float
) -> None:
    farm = a_farm()

    coarse = check(a_fix_east(east_m, larger), farm)
    sharp = check(a_fix_east(east_m, larger * share), farm)

    assert sharp.distance_m == coarse.distance_m
    assert (coarse.decision, sharp.decision) != (Decision.OUTSIDE, Decision.INSIDE_WITHIN_UNCERTAINTY)


@pytest.mark.parametrize(
    "fix",
    [
        Fix(0.0, 90.0, 20.0),
        Fix(123.0, -90.0, 20.0),
        Fix(180.0, 0.0, 20.0),
        Fix(-180.0, 0.0, 20.0),
        Fix(-67.01, -28.22, 20.0),
        Fix(179.9, -89.9, 20.0, datum=Datum.BD09),
        Fix(-180.0, 90.0, 20.0, datum=Datum.BD09),
    ],
)
@pytest.mark.parametrize(
    "premises",
    [
        a_farm(),
        Premises("cap", Polygon([(-180, 80), (180, 80), (180, 90), (-180, 90)])),
        Premises("earth", shapely.box(-180, -90, 180, 90)),
        Premises("pole", Point(0.0, 90.0), radius_m=5_000.0),
        Premises("half the earth", Point(0.0, 0.0), radius_m=1e7),
    ],
)
def test_the_ends_of_the_earth_get_an_answer(fix: Fix, premises: Premises) -> None:
    decision = check(fix, premises)

    assert decision.decision in {Decision.INSIDE, Decision.OUTSIDE}
    assert decision.distance_m is not None
    assert abs(decision.distance_m) < 2.1e7
    assert decision.probability_inside is not None
