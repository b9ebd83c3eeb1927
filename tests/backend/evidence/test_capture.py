import pytest

from backend.evidence.capture import LocationGrade, grade_location
from backend.evidence.gps import Position

HERE = Position(lon=120.15, lat=30.26)
METRE_NORTH = 1 / 110_860  # degrees of latitude in a metre at 30° N


def metres_north(metres: float) -> Position:
    return Position(lon=HERE.lon, lat=HERE.lat + metres * METRE_NORTH)


def test_a_fix_and_exif_that_agree_are_grade_a() -> None:
    place = grade_location(device=HERE, accuracy_m=15, camera=metres_north(40))

    assert place.grade is LocationGrade.A
    assert place.distance_m == pytest.approx(40, abs=0.5)
    assert place.signals == ()


def test_a_fix_alone_is_grade_b_and_no_signal() -> None:
    place = grade_location(device=HERE, accuracy_m=15, camera=None)

    assert (place.grade, place.distance_m, place.signals) == (LocationGrade.B, None, ())


def test_exif_alone_is_grade_c() -> None:
    assert grade_location(device=None, accuracy_m=None, camera=HERE).grade is LocationGrade.C


def test_no_place_at_all_is_grade_d() -> None:
    assert grade_location(device=None, accuracy_m=None, camera=None).grade is LocationGrade.D


def test_exif_that_contradicts_the_fix_is_a_signal_with_its_distance() -> None:
    place = grade_location(device=HERE, accuracy_m=15, camera=metres_north(900))

    assert place.grade is LocationGrade.B
    assert place.signals == ("EXIF_CONTRADICTS_FIX (900 m)",)


@pytest.mark.parametrize(("accuracy_m", "agrees_at"), [(15.0, 115), (80.0, 180), (None, 200), (0.0, 200)])
def test_the_radius_of_both_witnesses_is_allowed_for(accuracy_m: float | None, agrees_at: int) -> None:
    near = grade_location(device=HERE, accuracy_m=accuracy_m, camera=metres_north(agrees_at - 2))
    far = grade_location(device=HERE, accuracy_m=accuracy_m, camera=metres_north(agrees_at + 2))

    assert near.grade is LocationGrade.A
    assert far.grade is LocationGrade.B


def test_a_contradiction_across_the_date_line_is_measured_the_short_way() -> None:
    east, west = Position(lon=179.9999, lat=0.5), Position(lon=-179.9999, lat=0.5)

    assert grade_location(device=east, accuracy_m=15, camera=west).grade is LocationGrade.A
