import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point

from geo.farms import Farms
from geo.fence import Decision, Fix, Neighbour, Premises, Signal
from tests.geo.farmland import HOME, a_farm, a_square, a_star, off


def a_fix(*, east_m: float = 0.0, north_m: float = 0.0) -> Fix:
    return Fix(*off(*HOME, east_m=east_m, north_m=north_m), 15.0)


def a_county(seed: int, count: int = 60, spread_m: float = 3_000.0) -> list[Premises]:
    rng = np.random.default_rng(seed)
    places = [
        off(*HOME, east_m=east, north_m=north) for east, north in rng.uniform(-1, 1, (count, 2)) * spread_m
    ]
    farms = [Premises(f"farm {i}", a_star(seed + i, 12, centre=place)) for i, place in enumerate(places)]
    farms[::7] = [
        Premises(each.name, Point(*place), radius_m=150.0)
        for each, place in zip(farms[::7], places[::7], strict=True)
    ]
    return farms


def test_a_point_on_a_shared_edge_belongs_to_both_farms() -> None:
    west, east = shapely.box(112.98, 28.21, 112.99, 28.22), shapely.box(112.99, 28.21, 113.0, 28.22)
    farms = Farms([Premises("west", west), Premises("east", east)])
    fix = Fix(112.99, 28.215, 10.0)

    assert [each.name for each in farms.at(fix)] == ["west", "east"]
    assert farms.decide(fix, ["east"]).decision is Decision.INSIDE
    assert farms.decide(fix, ["west"]).nearest == Neighbour("east", 0.0)


def test_without_names_the_farm_under_the_fix_is_decided_on() -> None:
    farms = Farms([a_farm("far", centre=off(*HOME, east_m=500.0)), a_farm("here")])

    decision = farms.decide(a_fix(east_m=10.0))

    assert decision.premises == "here"
    assert decision.nearest is not None
    assert decision.nearest.premises == "far"
    assert decision.nearest.distance_m == pytest.approx(390.0, abs=0.1)


def test_the_insured_farm_is_decided_on_even_when_the_photo_is_on_the_neighbours_ground() -> None:
    farms = Farms([a_farm("insured"), a_farm("neighbour", centre=off(*HOME, east_m=500.0))])

    decision = farms.decide(a_fix(east_m=500.0), ["insured"])

    assert decision.decision is Decision.OUTSIDE
    assert decision.premises == "insured"
    assert decision.nearest == Neighbour("neighbour", 0.0)


def test_of_several_premises_of_one_farm_the_best_speaks() -> None:
    farms = Farms([a_farm("barn"), a_farm("meadow", centre=off(*HOME, east_m=400.0))])

    decision = farms.decide(a_fix(east_m=505.0), ["barn", "meadow"])

    assert decision.premises == "meadow"
    assert decision.decision is Decision.INSIDE_WITHIN_UNCERTAINTY


def test_premises_of_one_name_are_asked_together() -> None:
    farms = Farms([a_farm("farm"), a_farm("farm", centre=off(*HOME, east_m=400.0))])

    assert farms.decide(a_fix(east_m=400.0), ["farm"]).decision is Decision.INSIDE
    assert farms.names == ("farm",)


def test_a_farm_without_a_boundary_is_unknown_and_says_who_is_near() -> None:
    decision = Farms([a_farm("other")]).decide(a_fix(), ["new farm"])

    assert decision.decision is Decision.UNKNOWN
    assert decision.signals == (Signal.NO_BOUNDARY,)
    assert decision.premises == "new farm"
    assert decision.nearest == Neighbour("other", 0.0)
    assert decision.as_json()["distance_m"] is None


def test_a_photo_without_a_fix_is_unknown() -> None:
    decision = Farms([a_farm("home")]).decide(None, ["home"])

    assert decision.decision is Decision.UNKNOWN
    assert decision.signals == (Signal.NO_FIX,)
    assert decision.premises == "home"


def test_an_empty_index_answers() -> None:
    farms = Farms([])

    assert farms.at(a_fix()) == ()
    assert farms.nearest(a_fix()) is None
    assert farms.decide(a_fix()).signals == (Signal.NO_BOUNDARY,)
    assert len(farms) == 0


def test_the_nearest_farm_is_found_half_a_world_away() -> None:
    farms = Farms([a_farm("home"), a_farm("further", centre=(113.5, 28.22))])

    decision = farms.decide(Fix(-0.5, 51.0, 15.0))

    assert decision.premises == "home"
    assert decision.distance_m == pytest.approx(-9_087_000.0, abs=5_000.0)


def test_the_nearest_farm_is_found_over_the_antimeridian() -> None:
    farms = Farms(
        [a_farm("west", centre=(179.99, -17.0)), a_farm("cape", centre=(-179.99, -17.0)), a_farm("home")]
    )

    decision = farms.decide(Fix(-179.999, -17.0, 15.0))

    assert decision.premises == "cape"
    assert decision.nearest is not None
    assert decision.nearest.premises == "west"
    assert decision.nearest.distance_m == pytest.approx(1_071.3, abs=1.0)


def test_a_farm_over_the_antimeridian_is_found_from_both_sides() -> None:
    farms = Farms([Premises("line", shapely.box(179.99, -17.0, 180.01, -16.99)), a_farm("home")])

    found = [farms.at(Fix(lon, -16.995, 15.0)) for lon in (179.995, -179.995)]

    assert [[each.name for each in at] for at in found] == [["line"], ["line"]]


@given(seed=st.integers(0, 500), east_m=st.floats(-9_000, 9_000), north_m=st.floats(-9_000, 9_000))
@settings(max_examples=30, deadline=None)
def test_the_index_agrees_with_asking_every_farm(seed: int, east_m: float, north_m: float) -> None:
    premises = a_county(seed)
    farms = Farms(premises)
    fix = a_fix(east_m=east_m, north_m=north_m)
    each = sorted((-farm.standing(fix.lon, fix.lat).distance_m, farm.name) for farm in premises)

    decision = farms.decide(fix)

    assert decision.distance_m == -each[0][0]
    assert decision.nearest is not None
    assert decision.nearest.distance_m == max(0.0, each[1][0])
    assert {farm.name for farm in farms.at(fix)} == {name for outside_m, name in each if outside_m <= 0.0}


@given(name=st.sampled_from(["farm 0", "farm 1", "farm 30"]), east_m=st.floats(-4_000, 4_000))
@settings(max_examples=20, deadline=None)
def test_asking_by_name_gives_the_metres_of_that_farm(name: str, east_m: float) -> None:
    premises = a_county(1)
    fix = a_fix(east_m=east_m)
    named = next(farm for farm in premises if farm.name == name)

    decision = Farms(premises).decide(fix, [name])

    assert decision.distance_m == named.standing(fix.lon, fix.lat).distance_m
    assert decision.nearest is not None
    assert decision.nearest.premises != name


def test_a_lake_in_the_farm_is_nobodys_ground() -> None:
    farms = Farms([Premises("ring", a_square(100.0, holes=[30.0]))])

    assert farms.at(a_fix()) == ()
    assert farms.at(a_fix(east_m=50.0)) != ()


def test_nearest_leaves_out_the_farm_that_asks() -> None:
    farms = Farms([a_farm("home"), a_farm("other", centre=off(*HOME, east_m=300.0))])

    found = farms.nearest(a_fix(), other_than="home")

    assert found is not None
    assert found.premises == "other"
    assert found.distance_m == pytest.approx(200.0, abs=0.05)
