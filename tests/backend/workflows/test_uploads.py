"""A photo's bytes: kept before they are recorded, and neither when something is wrong."""

import asyncio
import hashlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from backend.adapters.blobs import BlobStoreFull, ObstoreBlobs, local_blobs
from backend.domain.commands import Withdraw
from backend.domain.ids import ClaimId, PhotoId
from backend.domain.problems import MoveNotAllowed, NotFound, PhotoMismatch, PhotoNotAnnounced, StorageFull
from backend.domain.words import State
from backend.store.run import Outcome
from backend.workflows.uploads import Uploads
from tests.backend.store.county import County
from tests.builders import CLAIM_ID, FARMER, a_photo, a_report

PHOTO = b"the bytes of a photo"
PHOTO_ID = PhotoId(hashlib.sha256(PHOTO).hexdigest())


@pytest.fixture
def blobs(tmp_path: Path) -> ObstoreBlobs:
    return local_blobs(tmp_path / "photos")


@pytest.fixture(autouse=True)
def a_claim_that_announced_the_photo(county: County) -> None:
    announced = replace(a_photo(), photo_id=PHOTO_ID, bytes=len(PHOTO))
    county.report(replace(a_report(), photos=(announced, a_photo("photo-2"))))


def send(
    county: County,
    blobs: object,
    content: bytes = PHOTO,
    photo_id: PhotoId = PHOTO_ID,
    claim_id: ClaimId = CLAIM_ID,
) -> Outcome:
    uploads = Uploads(county.store, blobs, county.clock)  # type: ignore[arg-type]
    return asyncio.run(uploads.receive(claim_id, photo_id, content, FARMER))


def test_a_photo_is_kept_and_recorded(county: County, blobs: ObstoreBlobs) -> None:
    outcome = send(county, blobs)

    assert outcome.claim.state is State.VERIFYING
    assert blobs.get(PHOTO_ID) == PHOTO
    photo = outcome.claim.photo(PHOTO_ID)
    assert photo is not None
    assert photo.received_at == county.clock()


def test_the_same_photo_again_changes_nothing(county: County, blobs: ObstoreBlobs) -> None:
    first = send(county, blobs)
    county.clock.move(timedelta(minutes=1))

    again = send(county, blobs)

    assert again == Outcome(first.claim, ())


def test_the_same_photo_from_two_phones_at_once_is_received_once(county: County, blobs: ObstoreBlobs) -> None:
    uploads = Uploads(county.store, blobs, county.clock)

    async def both() -> list[Outcome]:
        return list(
            await asyncio.gather(*(uploads.receive(CLAIM_ID, PHOTO_ID, PHOTO, FARMER) for _ in range(8)))
        )

    outcomes = asyncio.run(both())

    assert sum(bool(outcome.recorded) for outcome in outcomes) == 1
    assert county.claim().version == 2


def test_a_photo_that_nobody_announced_is_refused(county: County, blobs: ObstoreBlobs) -> None:
    other = b"another photo"
    other_id = PhotoId(hashlib.sha256(other).hexdigest())

    with pytest.raises(PhotoNotAnnounced):
        send(county, blobs, other, other_id)

    assert not blobs.has(other_id)
    assert county.claim().version == 1


@pytest.mark.parametrize("content", [PHOTO[:-1], PHOTO + b"\n", b""])
def test_bytes_that_are_not_the_announced_photo_are_refused(
    county: County, blobs: ObstoreBlobs, content: bytes
) -> None:
    with pytest.raises(PhotoMismatch):
        send(county, blobs, content)

    assert not blobs.has(PHOTO_ID)
    assert county.claim().version == 1
    assert send(county, blobs).recorded


def test_a_photo_for_no_claim_is_refused(county: County, blobs: ObstoreBlobs) -> None:
    with pytest.raises(NotFound):
        send(county, blobs, claim_id=ClaimId(uuid4()))


class FullStore:
    """A disk without room."""

    def put(self, _digest: str, _content: bytes) -> None:
        raise BlobStoreFull("no room")


def test_a_full_store_is_said_and_nothing_is_recorded(county: County, blobs: ObstoreBlobs) -> None:
    with pytest.raises(StorageFull, match="no room for 20 bytes"):
        send(county, FullStore())
    assert county.claim().version == 1

    assert send(county, blobs).claim.state is State.VERIFYING


def test_what_arrives_after_the_end_is_kept_but_not_recorded(county: County, blobs: ObstoreBlobs) -> None:
    county.give(Withdraw(by=FARMER))

    with pytest.raises(MoveNotAllowed):
        send(county, blobs)

    assert blobs.get(PHOTO_ID) == PHOTO
    assert county.claim().missing_photos == (PHOTO_ID, a_photo("photo-2").photo_id)
