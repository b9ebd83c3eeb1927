from math import cos, hypot, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.datum import (
    Datum,
    bd09_to_gcj02,
    from_wgs84,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    to_wgs84,
    wgs84_to_gcj02,
)

# A degree inside the published rectangle: at its very rim a shifted point may land on the other side.
IN_CHINA = {"lon": st.floats(73.0, 136.8), "lat": st.floats(1.9, 54.8)}
FAR_FROM_CHINA = {"lon": st.floats(-180.0, 71.0), "lat": st.floats(-90.0, 90.0)}


def metres_apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    return hypot((one[0] - other[0]) * cos(radians(one[1])), one[1] - other[1]) * 111_320.0


def test_wgs84_becomes_gcj02_as_published() -> None:
    shifted = wgs84_to_gcj02(116.404, 39.915)

    assert shifted == pytest.approx((116.41024449916938, 39.91640428150164), abs=1e-12)


def test_gcj02_becomes_bd09_as_published() -> None:
    shifted = gcj02_to_bd09(116.404, 39.915)

    assert shifted == pytest.approx((116.41036949371029, 39.92133699351021), abs=1e-12)


def test_wgs84_becomes_bd09_as_published() -> None:
    shifted = from_wgs84(121.0917077, 30.6107779, Datum.BD09)

    # This vector was made with rounded constants: its own library compares at 1e-6 degrees, we at a centimetre.
    assert metres_apart(shifted, (121.10271732371203, 30.61484572185035)) < 0.012


@pytest.mark.parametrize("datum", Datum)
@given(**IN_CHINA)
def test_a_place_in_china_comes_back_from_every_datum_to_a_millimetre(
    datum: Datum, lon: float, lat: float
) -> None:
    back = to_wgs84(*from_wgs84(lon, lat, datum), datum)

    assert metres_apart(back, (lon, lat)) < 0.001


@given(**IN_CHINA)
def test_a_gcj02_place_comes_back_from_wgs84(lon: float, lat: float) -> None:
    back = wgs84_to_gcj02(*gcj02_to_wgs84(lon, lat))

    assert metres_apart(back, (lon, lat)) < 0.001


@given(**IN_CHINA)
def test_gcj02_moves_a_place_in_china_by_less_than_1500_metres(lon: float, lat: float) -> None:
    moved_m = metres_apart(wgs84_to_gcj02(lon, lat), (lon, lat))

    assert moved_m < 1_500.0


@given(**FAR_FROM_CHINA)
def test_gcj02_leaves_places_outside_china_alone(lon: float, lat: float) -> None:
    assert wgs84_to_gcj02(lon, lat) == (lon, lat)
    assert gcj02_to_wgs84(lon, lat) == (lon, lat)


@given(lon=st.floats(-180.0, 180.0), lat=st.floats(-90.0, 90.0))
def test_bd09_is_undone_anywhere_but_at_the_null_island(lon: float, lat: float) -> None:
    back = gcj02_to_bd09(*bd09_to_gcj02(lon, lat))

    assert abs(back[0] - lon) < 1e-4
    assert abs(back[1] - lat) < 1e-4
