"""Nobody is in two places at once; and nobody is held to more than the fixes say."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from backend.evidence.travel import Stop, impossible

BARN = Stop(113.0, 28.0, 8.0, datetime(2026, 11, 26, 4, 0, tzinfo=UTC))


def north(metres: float, seconds: float, accuracy_m: float = 8.0) -> Stop:
    return replace(
        BARN, lat=28.0 + metres / 110_800, accuracy_m=accuracy_m, at=BARN.at + timedelta(seconds=seconds)
    )


@pytest.mark.parametrize(
    ("metres", "seconds", "accuracy_m"),
    [(0, 0, 8.0), (30, 0, 8.0), (1_000, 60, 8.0), (5_000, 3_600, 8.0), (900, 1, 500.0)],
    ids=["the same place", "within the radii", "walking fast", "driving", "a coarse fix"],
)
def test_who_can_get_there_is_believed(metres: float, seconds: float, accuracy_m: float) -> None:
    assert impossible(BARN, north(metres, seconds, accuracy_m)) is None


@pytest.mark.parametrize("seconds", [0, 60, -60])
def test_fifty_kilometres_in_a_minute_are_not(seconds: float) -> None:
    said = impossible(BARN, north(50_000, seconds))

    assert said is not None
    assert said.startswith("CAPTURE_SPEED_IMPOSSIBLE (")
