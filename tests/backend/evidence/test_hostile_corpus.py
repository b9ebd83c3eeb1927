"""Hundreds of files that are no honest photo: each is answered, by a child that lives on, within its bounds."""

import sys
from collections.abc import Sequence

import pytest

from tests.backend.evidence.hostile import hostile_photos
from tests.backend.evidence.measured import DEMO, Reading, mutants, readings

MOST_BYTES = 400_000_000
MOST_PROCESSOR_S = 2.0

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="measures children through /proc"),
]


def hold_to_bounds(found: Sequence[Reading]) -> None:
    assert [one for one in found if one.crashed] == []
    assert [one for one in found if one.peak_bytes > MOST_BYTES] == []
    assert [one for one in found if one.processor_s > MOST_PROCESSOR_S] == []


def test_every_hostile_file_is_answered_within_400_megabytes_and_two_seconds() -> None:
    files = hostile_photos()

    found = [*readings((one.name, one.content) for one in files)]

    assert len({one.name for one in files}) == len(files) >= 200
    assert len(found) == len(files)
    hold_to_bounds(found)


def test_photos_with_bytes_changed_everywhere_are_answered_within_the_same_bounds() -> None:
    found = [*readings(mutants(sorted(DEMO.glob("*.jpg")), 300, seed=1))]

    assert len(found) == 300
    hold_to_bounds(found)
