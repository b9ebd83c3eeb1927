"""The map of who is on the way: true in direction and distance, and nothing is drawn over the scale."""

import pytest
import shapely

from backend.insight.approach import HEIGHT, WIDTH, approach_to

FARM = shapely.box(112.999, 27.999, 113.001, 28.001)
BOUNDARY = shapely.to_wkb(FARM)
KM_LAT, KM_LON = 1 / 110.8, 1 / 98.4
"""Degrees a kilometre at 28° north."""


@pytest.mark.parametrize(
    ("east_km", "north_km", "direction"),
    [(0.0, 3.0, "N"), (3.0, 0.0, "E"), (-2.0, -2.0, "SW"), (40.0, 40.0, "NE"), (-0.3, -0.3, "SW")],
)
def test_the_dot_lies_where_the_words_say_and_above_the_scale(
    east_km: float, north_km: float, direction: str
) -> None:
    near = approach_to(BOUNDARY, (113.0 + east_km * KM_LON, 28.0 + north_km * KM_LAT))

    assert near is not None
    drawn = {name: float(str(value)) for name, value in near.drawing.items() if name != "boundary"}
    right, down = drawn["x"] - drawn["farm_x"], drawn["y"] - drawn["farm_y"]
    assert near.direction == direction
    assert (right > 1) == (east_km > 0)
    assert (down < -1) == (north_km > 0)
    metres = (right**2 + down**2) ** 0.5 * drawn["bar_m"] / drawn["bar"]
    assert metres == pytest.approx(near.distance_m, abs=max(60, near.distance_m * 0.02))
    assert 0 < drawn["x"] < WIDTH
    assert 0 < drawn["y"] < HEIGHT - 40
    assert drawn["bar"] <= WIDTH * 0.3 + 0.1


def test_on_the_farm_there_is_no_way_left_and_without_a_boundary_nothing_is_drawn() -> None:
    there = approach_to(BOUNDARY, (113.0, 28.0))

    assert there is not None
    assert (there.distance_m, there.direction) == (0, None)
    assert approach_to(None, (113.0, 28.0)) is None
