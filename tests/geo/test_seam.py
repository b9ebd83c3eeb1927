import pytest
import shapely
from shapely import MultiPolygon, Polygon

from geo.fence import Decision, Fix, Premises, check
from geo.seam import seamless

WEST = shapely.box(179.99, -17.0, 180.0, -16.99)
EAST = shapely.box(-180.0, -17.0, -179.99, -16.99)
JUMPING = Polygon([(179.99, -17.0), (-179.99, -17.0), (-179.99, -16.99), (179.99, -16.99)])
RUNNING_ON = shapely.box(179.99, -17.0, 180.01, -16.99)
FROM_THE_WEST = shapely.box(-180.01, -17.0, -179.99, -16.99)


@pytest.mark.parametrize("shape", [MultiPolygon([WEST, EAST]), JUMPING, RUNNING_ON, FROM_THE_WEST])
@pytest.mark.parametrize("lon", [179.9999, 180.0, -180.0, -179.9999])
def test_the_antimeridian_is_no_fence(shape: Polygon, lon: float) -> None:
    farm = Premises("Taveuni", shape)

    decision = check(Fix(lon, -16.995, 20.0), farm)

    assert decision.decision is Decision.INSIDE
    assert decision.distance_m == pytest.approx(553.3, abs=0.2)


def test_the_far_side_of_a_farm_on_the_antimeridian_is_still_outside() -> None:
    farm = Premises("Taveuni", MultiPolygon([WEST, EAST]))

    found = [check(Fix(lon, -16.995, 20.0), farm).decision for lon in (179.98, -179.98)]

    assert found == [Decision.OUTSIDE, Decision.OUTSIDE]


@pytest.mark.parametrize("shape", [WEST, shapely.box(-180, -10, 180, 10), shapely.box(100, 20, 120, 40)])
def test_other_shapes_come_back_as_they_are(shape: Polygon) -> None:
    assert seamless(shape) is shape
