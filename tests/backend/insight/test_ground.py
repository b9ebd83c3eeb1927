"""The drawing of a claim's place: fixes outside of the premises are joined to the nearest edge, in metres."""

from dataclasses import replace
from decimal import Decimal

import shapely

from backend.domain.photos import Capture, Position
from backend.insight.printed.ground import HEIGHT, WIDTH, Ground, ground
from tests.builders import a_photo, a_report
from tests.stories import a_story

# About 220 m by 180 m, with a pond of 20 m in its middle.
YARD = shapely.Polygon(
    [(112.998, 28.199), (113.0, 28.199), (113.0, 28.201), (112.998, 28.201)],
    [[(112.9989, 28.1999), (112.9991, 28.1999), (112.9991, 28.2001), (112.9989, 28.2001)]],
)


def drawn(lon: str, lat: str, boundary: shapely.Geometry | None = YARD) -> Ground:
    photo = replace(a_photo(), capture=Capture(Position(Decimal(lon), Decimal(lat), Decimal(8))))
    claim = a_story(report=replace(a_report(), photos=(photo,)), verified=False).claim
    found = ground(claim, None if boundary is None else shapely.to_wkb(boundary))
    assert found is not None
    return found


def test_a_fix_inside_has_no_gap_and_its_circle() -> None:
    found = drawn("112.9985", "28.2000")

    assert found.gaps == ()
    assert found.spots[0].radius > 0


def test_a_fix_outside_is_joined_to_the_nearest_edge() -> None:
    [gap] = drawn("112.999", "28.2100").gaps

    assert abs(gap.metres - 997) <= 2
    assert gap.x == gap.edge_x
    assert 0 <= gap.edge_y <= HEIGHT
    assert 0 <= gap.x <= WIDTH


def test_a_pond_in_the_premises_is_outside_and_its_shore_is_near() -> None:
    [gap] = drawn("112.999", "28.2000").gaps

    assert 9 <= gap.metres <= 12


def test_without_a_boundary_there_is_a_fix_and_nothing_to_measure() -> None:
    found = drawn("112.999", "28.2000", None)

    assert (found.boundary, found.gaps, len(found.spots)) == ("", (), 1)
