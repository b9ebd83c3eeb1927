"""Children that read photos: what a photo does to one of them, and what is left of it afterwards."""

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from backend.bootstrap import assemble
from backend.domain.edges.problems import ServerBusy
from backend.evidence.photo import PhotoFacts, decode, inspect
from backend.evidence.reading.pool import ReaderPool
from backend.evidence.reading.reader import HERE, Here, Hurried
from backend.evidence.reduced import Side, reduced
from backend.evidence.refusals import MAX_BYTES, PhotoRefused, PhotoTooBig, PhotoTooCostly
from backend.settings import Settings
from backend.workflows.clock import utc_now
from tests.backend.evidence.hostile import hostile_photos
from tests.backend.evidence.samples import a_jpeg, a_png, exif, saved, scene, short, text
from tests.databases import put_migrated
from tests.journeys.world import FakeCounter, eventually

PIL = pytest.importorskip("PIL.Image")
HONEST = {
    "JPEG": a_jpeg(exif({0x010F: text("Jolla"), 0x0112: short(6)})),
    "PNG": a_png(),
    "WEBP": saved(PIL.fromarray(scene()), "WEBP"),
    "HEIF": saved(PIL.fromarray(scene()), "HEIF"),
}


@pytest.fixture(scope="module")
def pool() -> Iterator[ReaderPool]:
    pool = ReaderPool(1)
    yield pool
    pool.close()


def children_of(pool: ReaderPool) -> list[int]:
    return [child._process.pid for child in pool._free.queue if child]


@pytest.mark.parametrize("name", HONEST)
def test_a_child_reads_what_this_process_would(pool: ReaderPool, name: str) -> None:
    content = HONEST[name]

    there, here = pool.decode(content, target=640), decode(content, target=640)

    assert np.array_equal(there.image, here.image)
    assert there.image.flags.writeable
    assert (there.width, there.height, there.format) == (here.width, here.height, here.format)
    assert pool.inspect(content) == inspect(content)
    assert pool.reduced(content, Side.LIST) == reduced(content, Side.LIST)


def test_a_refusal_comes_back_as_it_was_raised(pool: ReaderPool) -> None:
    for hostile in hostile_photos():
        if hostile.is_costly:
            continue
        with_pool, here = _said(pool.inspect, hostile.content), _said(inspect, hostile.content)
        assert with_pool == here, hostile.name


def _said(read: Callable[[bytes], object], content: bytes) -> object:
    try:
        return read(content)
    except PhotoRefused as refused:
        return type(refused), refused.detail, {**vars(refused), "errors": ()}


def test_a_photo_that_kills_its_reader_is_refused_and_the_next_one_is_read() -> None:
    pool = ReaderPool(1)
    pool.inspect(HONEST["JPEG"])
    [first] = children_of(pool)
    os.kill(first, signal.SIGKILL)

    with pytest.raises(PhotoTooCostly):
        pool.inspect(HONEST["JPEG"])
    assert pool.inspect(HONEST["JPEG"]).format == "JPEG"

    assert children_of(pool) != [first]
    pool.close()


def test_a_photo_that_never_ends_is_given_up() -> None:
    pool = ReaderPool(1, most_wait_s=5)
    pool.inspect(HONEST["JPEG"])
    [child] = children_of(pool)
    os.kill(child, signal.SIGSTOP)

    with pytest.raises(PhotoTooCostly):
        pool.inspect(HONEST["JPEG"])

    pool.close()


def test_a_child_has_no_secret_and_can_open_nothing(pool: ReaderPool) -> None:
    pool.inspect(HONEST["JPEG"])
    [child] = children_of(pool)

    environment = Path(f"/proc/{child}/environ").read_bytes().split(b"\0")
    bounds = {
        line[:26].strip(): line[26:].split()[:2]
        for line in Path(f"/proc/{child}/limits").read_text().splitlines()
    }

    assert not [one for one in environment if one.startswith((b"FLASHCLAIM", b"AWS", b"HOME"))]
    assert bounds["Max open files"] == ["0", "0"]
    assert bounds["Max file size"] == ["0", "0"]
    assert bounds["Max core file size"] == ["0", "0"]
    assert int(bounds["Max address space"][0]) < 1_000_000_000


def test_children_end_with_their_pool() -> None:
    pool = ReaderPool(2)
    pool.warm()
    started = children_of(pool)

    pool.close()
    pool.close()

    assert len(started) == 2
    assert not [pid for pid in started if Path(f"/proc/{pid}").exists()]


def test_more_bytes_than_a_photo_may_have_go_to_no_child() -> None:
    pool = ReaderPool(1)

    with pytest.raises(PhotoTooBig):
        pool.inspect(bytes(MAX_BYTES + 1))

    assert children_of(pool) == []


class Stuck(Here):
    """A reader that takes as long as it is let."""

    def __init__(self) -> None:
        self.going_on = Event()
        self.inside = 0

    def inspect(self, content: bytes) -> "PhotoFacts":
        self.inside += 1
        assert self.going_on.wait(20)
        return HERE.inspect(content)


def test_people_are_told_to_come_back_when_too_many_photos_wait() -> None:
    stuck = Stuck()
    hurried = Hurried(stuck, most=2)
    with ThreadPoolExecutor(2) as phones:
        waiting = [phones.submit(hurried.inspect, HONEST["JPEG"]) for _ in range(2)]
        eventually(lambda: stuck.inside == 2, 10)

        with pytest.raises(ServerBusy) as refused:
            hurried.inspect(HONEST["JPEG"])
        stuck.going_on.set()

    assert refused.value.retry_after_s
    assert [one.result().format for one in waiting] == ["JPEG", "JPEG"]
    assert hurried.inspect(HONEST["JPEG"]).format == "JPEG"


def test_an_installation_reads_photos_in_children(tmp_path: Path) -> None:
    settings = Settings(data_folder=tmp_path)
    put_migrated(settings.database)

    with assemble(settings, counter=FakeCounter(), clock=utc_now) as parts:
        readers = {parts.uploads.reader, parts.pictures.reader}

        assert all(isinstance(one, Hurried) and isinstance(one._reader, ReaderPool) for one in readers)
