"""A photo in parts, seen from inside: silence, stale parts, a store without room, a kill before the end."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from backend.adapters.blobs import BlobStoreFull, ObstoreBlobs, local_blobs
from backend.adapters.part_files import PartFolder
from backend.domain.commands import Withdraw
from backend.domain.ids import PhotoId
from backend.domain.problems import MoveNotAllowed, StorageFull
from backend.domain.upload_problems import OffsetMismatch, UploadInterrupted, UploadLocked
from backend.workflows.resumable import Chunk, Patience, Progress, ResumableUploads
from backend.workflows.uploads import Uploads
from tests.backend.store.county import County
from tests.builders import CLAIM_ID, FARMER, a_photo, a_report
from tests.journeys.pictures import a_photo as a_picture
from tests.journeys.world import eventually

PHOTO = a_picture()
PHOTO_ID = PhotoId(hashlib.sha256(PHOTO).hexdigest())
SIZE = len(PHOTO)
NAME = f"{CLAIM_ID}-{PHOTO_ID}"
# What happens on the line does not depend on the database; tests/backend/api/test_tus.py runs on both kinds.
pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True, scope="session")
SHORT = Patience(holding=0.05, waiting=0.2, listening=0.1)


@pytest.fixture(autouse=True)
def a_claim_that_announced_the_photo(county: County) -> None:
    county.report(replace(a_report(), photos=(replace(a_photo(), photo_id=PHOTO_ID, bytes=SIZE),)))


@pytest.fixture
def blobs(tmp_path: Path) -> ObstoreBlobs:
    return local_blobs(tmp_path / "photos")


@pytest.fixture
def folder(tmp_path: Path) -> PartFolder:
    return PartFolder(tmp_path / "uploads")


def resumable(county: County, blobs: Any, folder: PartFolder) -> ResumableUploads:
    uploads = Uploads(county.store, blobs, county.clock)
    return ResumableUploads(uploads, folder, timedelta(hours=24), SHORT)


async def bytes_of(*pieces: bytes | asyncio.Event) -> AsyncIterator[bytes]:
    """Pieces as a line brings them; an event in between is waited for."""
    for piece in pieces:
        if isinstance(piece, bytes):
            yield piece
        else:
            await piece.wait()


async def send(uploads: ResumableUploads, start: int, *pieces: bytes | asyncio.Event) -> Progress:
    return await uploads.append(CLAIM_ID, PHOTO_ID, Chunk(start, bytes_of(*pieces)), FARMER)


def sent(uploads: ResumableUploads, start: int, *pieces: bytes) -> Progress:
    return asyncio.run(send(uploads, start, *pieces))


def offset(uploads: ResumableUploads) -> int:
    return asyncio.run(uploads.progress(CLAIM_ID, PHOTO_ID)).offset


def test_a_line_that_stays_silent_is_given_up_and_its_bytes_stay(
    county: County, blobs: ObstoreBlobs, folder: PartFolder
) -> None:
    uploads = resumable(county, blobs, folder)

    with pytest.raises(UploadInterrupted, match=r"no byte came for 0\.1 seconds"):
        asyncio.run(send(uploads, 0, PHOTO[:100], asyncio.Event(), PHOTO[100:]))

    assert offset(uploads) == 100
    assert sent(uploads, 100, PHOTO[100:]).offset == SIZE


def test_a_line_that_falls_silent_and_comes_back_goes_on_when_nobody_else_has(
    county: County, blobs: ObstoreBlobs, folder: PartFolder
) -> None:
    async def pausing() -> Progress:
        back = asyncio.Event()
        asyncio.get_running_loop().call_later(0.1, back.set)
        return await send(resumable(county, blobs, folder), 0, PHOTO[:100], back, PHOTO[100:])

    assert asyncio.run(pausing()).offset == SIZE
    assert blobs.get(PHOTO_ID) == PHOTO


@pytest.mark.parametrize("others", [(), (b"",), (PHOTO[100:200],), (PHOTO[100:],)], ids=len)
def test_of_two_lines_the_one_that_fell_silent_writes_only_where_the_other_did_not(
    county: County, blobs: ObstoreBlobs, folder: PartFolder, others: Sequence[bytes]
) -> None:
    uploads = resumable(county, blobs, folder)
    uploads = replace(uploads, patience=replace(SHORT, listening=5.0))

    async def both() -> tuple[Progress | BaseException, int]:
        back = asyncio.Event()
        silent = asyncio.create_task(send(uploads, 0, PHOTO[:100], back, PHOTO[100:]))
        await asyncio.to_thread(eventually, lambda: (found := folder.find(NAME)) and found.size, 5.0)
        moved = [(await send(uploads, 100, *others)).offset] if others else [100]
        back.set()
        (ended,) = await asyncio.gather(silent, return_exceptions=True)
        return ended, moved[-1]

    ended, moved = asyncio.run(both())

    if moved == 100:
        assert ended == Progress(SIZE, SIZE)
    else:
        assert isinstance(ended, OffsetMismatch)
        assert ended.current == moved == offset(uploads)


def test_a_line_that_keeps_talking_keeps_the_photo(
    county: County, blobs: ObstoreBlobs, folder: PartFolder
) -> None:
    uploads = resumable(county, blobs, folder)
    part = folder.open(NAME)

    with pytest.raises(UploadLocked):
        sent(uploads, 0, PHOTO)
    with pytest.raises(UploadLocked):
        asyncio.run(uploads.end(CLAIM_ID, PHOTO_ID))

    part.close()
    assert sent(uploads, 0, PHOTO).offset == SIZE


class FullStore:
    """Originals find no room."""

    def put(self, _digest: str, _content: bytes) -> None:
        raise BlobStoreFull("no room")


def test_a_whole_that_finds_no_room_asks_for_its_last_byte_again(
    county: County, blobs: ObstoreBlobs, folder: PartFolder
) -> None:
    full, roomy = resumable(county, FullStore(), folder), resumable(county, blobs, folder)

    with pytest.raises(StorageFull):
        sent(full, 0, PHOTO)
    told = offset(full)
    with pytest.raises(StorageFull):
        sent(full, told, PHOTO[told:])

    assert told == SIZE - 1
    assert sent(roomy, told, PHOTO[told:]) == Progress(SIZE, SIZE)
    assert blobs.get(PHOTO_ID) == PHOTO


def test_a_whole_that_was_not_recorded_before_a_kill_is_not_told_as_arrived(
    county: County, blobs: ObstoreBlobs, folder: PartFolder
) -> None:
    part = folder.open(NAME)
    part.append(PHOTO)
    part.close()
    uploads = resumable(county, blobs, folder)

    told = offset(uploads)
    with pytest.raises(OffsetMismatch):
        sent(uploads, SIZE)

    assert told == SIZE - 1
    assert sent(uploads, told, PHOTO[told:]) == Progress(SIZE, SIZE)


def test_a_claim_that_has_ended_takes_no_photo_and_no_client_sends_it_in_circles(
    county: County, blobs: ObstoreBlobs, folder: PartFolder
) -> None:
    uploads = resumable(county, blobs, folder)
    county.give(Withdraw(by=FARMER))

    with pytest.raises(MoveNotAllowed):
        sent(uploads, 0, PHOTO)

    assert offset(uploads) == SIZE - 1
    assert blobs.get(PHOTO_ID) == PHOTO


def test_stale_parts_are_removed_at_the_start_and_while_running(
    county: County, blobs: ObstoreBlobs, folder: PartFolder, tmp_path: Path
) -> None:
    uploads = replace(resumable(county, blobs, folder), expiry=timedelta(seconds=0.2))
    old = county.clock().timestamp() - 1

    async def a_stale_part() -> None:
        await send(uploads, 0, PHOTO[:100])
        (file,) = (tmp_path / "uploads").iterdir()
        os.utime(file, (old, old))

    async def swept_twice() -> None:
        await a_stale_part()
        async with uploads.sweeping():
            await asyncio.to_thread(eventually, lambda: folder.find(NAME) is None, 5.0)
            await a_stale_part()
            await asyncio.to_thread(eventually, lambda: folder.find(NAME) is None, 5.0)

    asyncio.run(swept_twice())

    assert list((tmp_path / "uploads").iterdir()) == []
    assert sent(uploads, 0, PHOTO).offset == SIZE
