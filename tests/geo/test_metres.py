import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely import Polygon

from geo.metres import (
    between,
    circle_around,
    compass_point,
    degrees_around,
    nearest_on_boundary,
    plane_around,
)
from tests.geo.farmland import HOME, a_square, a_star, measured_m, off


@pytest.mark.parametrize("away_m", [3.0, 150.0, 3_000.0, 30_000.0])
def test_metres_to_an_edge_agree_with_geodesics_at_any_distance(away_m: float) -> None:
    farm = a_star(seed=7)
    place = off(*HOME, north_m=away_m * 0.6, east_m=away_m * 0.8)

    found = nearest_on_boundary(*place, farm)

    assert found.distance_m == pytest.approx(measured_m(*place, farm), abs=0.02)


@given(seed=st.integers(0, 999), east_m=st.floats(-3_000, 3_000), north_m=st.floats(-3_000, 3_000))
@settings(max_examples=30, deadline=None)
def test_metres_to_an_edge_agree_with_geodesics_within_three_kilometres(
    seed: int, east_m: float, north_m: float
) -> None:
    farm = a_star(seed, corners=9)
    place = off(*HOME, north_m=north_m, east_m=east_m)

    found = nearest_on_boundary(*place, farm)

    assert found.distance_m == pytest.approx(measured_m(*place, farm, step_deg=1e-6), abs=0.02)


def test_a_long_edge_is_straight_in_degrees_as_geojson_says() -> None:
    county = Polygon([(112.0, 60.0), (113.0, 60.0), (113.0, 60.5), (112.0, 60.5)])
    on_the_parallel = (112.5, 60.0)

    found = nearest_on_boundary(*on_the_parallel, county)

    assert found.distance_m < 0.01


def test_the_bearing_says_where_the_point_lies_as_seen_from_the_farm() -> None:
    farm = a_square(100.0)

    found = nearest_on_boundary(*off(*HOME, east_m=500.0), farm)

    assert compass_point(found.bearing_deg) == "E"
    assert found.distance_m == pytest.approx(400.0, abs=0.01)


def test_the_eight_winds_meet_half_way() -> None:
    names = [compass_point(bearing) for bearing in (0, 22, 23, 90, 180, -90, -46, 359, -180)]

    assert names == ["N", "N", "NE", "E", "S", "W", "NW", "N", "S"]


def test_the_plane_keeps_metres_and_directions_from_its_centre() -> None:
    places = np.array([off(*HOME, north_m=3_000.0), off(*HOME, east_m=2_000.0)])

    plane = plane_around(*HOME, places)

    assert plane == pytest.approx(np.array([[0.0, 3_000.0], [2_000.0, 0.0]]), abs=1e-4)


@given(
    lon=st.floats(-180, 180),
    lat=st.floats(-90, 90),
    reach_m=st.floats(0.01, 5e6),
    azimuth=st.floats(-180, 180),
    share=st.floats(0, 1),
)
def test_a_box_of_degrees_holds_all_that_is_within_reach(
    lon: float, lat: float, reach_m: float, azimuth: float, share: float
) -> None:
    west, south, east, north = degrees_around(lon, lat, reach_m)

    there_lon, there_lat, _ = Geod(ellps="WGS84").fwd(lon, lat, azimuth, reach_m * share)

    assert south - 1e-12 <= there_lat <= north + 1e-12
    assert any(west - 1e-9 <= there_lon + turn <= east + 1e-9 for turn in (-360.0, 0.0, 360.0))


def test_a_circle_keeps_its_radius_over_the_antimeridian() -> None:
    ring = np.asarray(circle_around(179.999, -17.0, 500.0).exterior.coords)

    radii = [between(179.999, -17.0, lon, lat).distance_m for lon, lat in ring]

    assert radii == pytest.approx([500.0] * len(ring), abs=1e-6)
    assert ring[:, 0].max() > 180.0
