"""A network that may come is counted with on past claims: how far off it is, and who would have gone another way."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from backend.adapters.blobs import local_blobs
from backend.domain.problems import PhotoStoreUnavailable
from backend.store import tables
from backend.workflows.comparing import Comparison, compare
from backend.workflows.photo_views import PhotoViews
from backend.workflows.premises import PremisesIndex
from backend.workflows.verify import DECODED_SIDE, FenceLimits, Verification
from models.counter import Box, Count
from tests.backend.store.county import County
from tests.backend.workflows.labelled import Archive, a_picture, digest


@dataclass
class Sees:
    """Sees so many pigs on every picture."""

    heads: int
    unsure: bool = False
    name: str = "fake@1"

    def count(self, image: NDArray[np.uint8]) -> Count:  # noqa: ARG002 - it sees what it is told to see
        boxes = tuple(
            Box((10.0 * head, 1.0, 10.0 * head + 8, 30.0), "pig", 0.9) for head in range(self.heads)
        )
        low, reasons = (0, ("DARK",)) if self.unsure else (self.heads, ())
        return Count(self.heads, self.unsure, reasons, boxes, 1.0, low, self.heads)


@pytest.fixture
def archive(county: County, tmp_path: Path) -> Archive:
    return Archive(county, local_blobs(tmp_path / "photos"))


def compared(archive: Archive, new: Sees, old: Sees, most: int = 100, blobs: Any = None) -> Comparison:
    store, clock = archive.county.store, archive.county.clock
    limits = FenceLimits(100.0, timedelta(seconds=120))
    photos = blobs or archive.blobs
    by_new, by_old = (
        Verification(
            store, photos, one, PremisesIndex(store), limits, clock, PhotoViews(photos, DECODED_SIDE)
        )
        for one in (new, old)
    )
    return compare(store.engine, by_new, by_old, most, lambda _done, _of: None)


def test_labels_come_before_approved_heads_and_both_networks_answer_the_same_cases(archive: Archive) -> None:
    labelled, agreed, open_one = a_picture(1), a_picture(2), a_picture(3)
    first, second = archive.claim(labelled), archive.claim(agreed)
    archive.label(first, labelled, heads=3)
    archive.pay(first)
    archive.pay(second)
    archive.claim(open_one)
    stood = [archive.county.claim(one) for one in (first, second)]

    found = compared(archive, Sees(2), Sees(4, unsure=True)).as_json()

    assert (found["claims"], found["photos"], found["unreadable"]) == (2, 2, 0)
    assert found["labels"] == {
        "cases": 1,
        "heads": 3,
        "model": {"heads_off": 1.0, "exact": 0.0, "sure": 1.0, "wrong_among_sure": 1.0},
        "against": {"heads_off": 1.0, "exact": 0.0, "sure": 0.0, "wrong_among_sure": None},
    }
    assert found["approved_heads"] == {
        "cases": 1,
        "heads": 2,
        "model": {"heads_off": 0.0, "exact": 1.0, "sure": 1.0, "wrong_among_sure": 0.0},
        "against": {"heads_off": 2.0, "exact": 0.0, "sure": 0.0, "wrong_among_sure": None},
    }
    (worst,) = found["worst"]  # type: ignore[misc] - a JSON list
    assert worst["photo"] == digest(labelled)
    assert (worst["heads"], worst["model"], worst["against"], worst["unsure"]) == (3, 2, 4, False)
    assert [archive.county.claim(one) for one in (first, second)] == stood


def test_claims_that_would_have_taken_another_path_are_named(archive: Archive) -> None:
    photo = a_picture(4)
    claim = archive.claim(photo)
    archive.pay(claim)
    before = len(archive.county.rows(tables.events))

    found = compared(archive, Sees(3), Sees(2)).as_json()

    number = archive.county.claim(claim).report.number
    assert found["paths"] == {
        "changed": 1,
        "ways": {"FAST → ASSISTED": 1},
        "claims": [{"claim": number, "from": "FAST", "to": "ASSISTED"}],
    }
    assert len(archive.county.rows(tables.events)) == before


def test_at_most_so_many_claims_the_newest_first(archive: Archive) -> None:
    for shade in (5, 6, 7):
        archive.pay(archive.claim(a_picture(shade)))

    found = compared(archive, Sees(9), Sees(2), most=2)

    numbers = [case.claim for case in found.agreed]
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) == 2


def test_photos_that_are_lost_are_counted_as_such(archive: Archive, tmp_path: Path) -> None:
    photo, kept = a_picture(8), a_picture(9)
    archive.pay(archive.claim(photo, kept))
    (tmp_path / "photos" / digest(photo)[:2] / digest(photo)[2:4] / digest(photo)).unlink()

    found = compared(archive, Sees(2), Sees(2))

    assert (found.photos, found.unreadable, found.claims) == (1, 1, 1)
    assert found.agreed == []


def test_without_claims_there_is_nothing_to_say(archive: Archive) -> None:
    found = compared(archive, Sees(1), Sees(1)).as_json()

    assert (found["claims"], found["worst"]) == (0, [])
    assert found["labels"]["model"]["exact"] is None  # type: ignore[index] - a JSON object


def test_a_photo_store_that_is_away_ends_the_comparison(archive: Archive) -> None:
    archive.pay(archive.claim(a_picture(10)))

    class Away:
        def get(self, _digest: str) -> bytes:
            raise PhotoStoreUnavailable("the bucket does not answer")

    with pytest.raises(PhotoStoreUnavailable):
        compared(archive, Sees(1), Sees(1), blobs=Away())
