import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from obstore.store import MemoryStore

from backend.adapters.blobs import (
    BlobCorrupt,
    BlobMissing,
    Blobs,
    BlobStoreFull,
    BlobStoreUnusable,
    ObstoreBlobs,
    local_blobs,
)
from backend.adapters.s3 import bucket_store
from backend.domain.problems import PhotoStoreUnavailable

PHOTO = b"\xff\xd8\xff" + bytes(1000)


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def on_disk(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture(params=["folder", "memory", "s3"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    made: dict[str, Callable[[], Blobs]] = {
        "folder": lambda: local_blobs(tmp_path / "originals"),
        "memory": lambda: ObstoreBlobs(MemoryStore()),
        "s3": lambda: ObstoreBlobs(
            bucket_store(request.getfixturevalue("s3").bucket(prefix="a/b"), "photos")
        ),
    }
    return made[request.param]()


def test_what_was_put_is_got_back(blobs: Blobs) -> None:
    blobs.put(digest(PHOTO), PHOTO)

    assert blobs.get(digest(PHOTO)) == PHOTO
    assert blobs.has(digest(PHOTO))


def test_what_was_never_put_is_missing(blobs: Blobs) -> None:
    assert not blobs.has(digest(PHOTO))
    with pytest.raises(BlobMissing):
        blobs.get(digest(PHOTO))


def test_putting_the_same_photo_again_is_fine(blobs: Blobs) -> None:
    blobs.put(digest(PHOTO), PHOTO)
    blobs.put(digest(PHOTO), PHOTO)

    assert blobs.get(digest(PHOTO)) == PHOTO


def test_bytes_that_are_not_the_announced_ones_are_refused(blobs: Blobs) -> None:
    with pytest.raises(ValueError, match="are not"):
        blobs.put(digest(PHOTO), PHOTO[:-1])

    assert not blobs.has(digest(PHOTO))


def test_a_check_of_a_store_that_takes_photos_leaves_nothing_behind(blobs: Blobs, tmp_path: Path) -> None:
    blobs.check()

    assert on_disk(tmp_path) == []


def test_a_store_that_cannot_be_written_says_so_without_its_path(tmp_path: Path) -> None:
    blobs = local_blobs(tmp_path / "originals")
    shutil.rmtree(tmp_path / "originals")
    (tmp_path / "originals").write_text("in the way")

    with pytest.raises(BlobStoreUnusable, match=r"^Not a directory$"):
        blobs.check()


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + "\n"])
def test_a_name_that_is_no_digest_is_refused(blobs: Blobs, name: str) -> None:
    for use in (lambda: blobs.put(name, PHOTO), lambda: blobs.get(name), lambda: blobs.has(name)):
        with pytest.raises(ValueError, match="sha-256"):
            use()


@given(st.binary(max_size=200))
@settings(deadline=None, max_examples=20)
def test_any_content_comes_back_unchanged(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    blobs = local_blobs(tmp_path_factory.mktemp("originals"))

    blobs.put(digest(content), content)

    assert blobs.get(digest(content)) == content


def test_a_photo_lies_under_its_digest_and_nothing_beside_it(tmp_path: Path) -> None:
    local_blobs(tmp_path).put(digest(PHOTO), PHOTO)

    name = digest(PHOTO)
    assert on_disk(tmp_path) == [tmp_path / name[:2] / name[2:4] / name]


def test_a_store_is_empty_until_the_first_photo(blobs: Blobs) -> None:
    assert blobs.is_empty()

    blobs.put(digest(PHOTO), PHOTO)

    assert not blobs.is_empty()


def test_the_same_photo_from_many_threads_at_once_comes_back(blobs: Blobs) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: blobs.put(digest(PHOTO), PHOTO), range(20)))

    assert blobs.get(digest(PHOTO)) == PHOTO


def test_the_same_photo_from_many_threads_is_kept_once(tmp_path: Path) -> None:
    blobs = local_blobs(tmp_path)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: blobs.put(digest(PHOTO), PHOTO), range(40)))

    assert blobs.get(digest(PHOTO)) == PHOTO
    assert len(on_disk(tmp_path)) == 1


def test_a_photo_changed_on_disk_is_reported_not_returned(tmp_path: Path) -> None:
    blobs = local_blobs(tmp_path)
    blobs.put(digest(PHOTO), PHOTO)
    on_disk(tmp_path)[0].write_bytes(PHOTO[:10])

    with pytest.raises(BlobCorrupt):
        blobs.get(digest(PHOTO))


def test_a_photo_lost_by_a_power_cut_is_healed_when_it_is_sent_again(tmp_path: Path) -> None:
    blobs = local_blobs(tmp_path)
    blobs.put(digest(PHOTO), PHOTO)
    on_disk(tmp_path)[0].write_bytes(b"")

    blobs.put(digest(PHOTO), PHOTO)

    assert blobs.get(digest(PHOTO)) == PHOTO


FULL_DISK = """
import hashlib, resource, signal, sys
from pathlib import Path
from backend.adapters.blobs import BlobStoreFull, local_blobs

blobs = local_blobs(Path(sys.argv[1]))
blobs.put(hashlib.sha256(b"first").hexdigest(), b"first")
if sys.argv[2] == "limit":
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
content = bytes(2_000_000)
digest = hashlib.sha256(content).hexdigest()
try:
    blobs.put(digest, content)
except BlobStoreFull:
    print("full, kept:", blobs.has(digest))
print(blobs.get(hashlib.sha256(b"first").hexdigest()).decode())
"""


def told_by_a_full_disk(folder: Path, kind: str) -> list[str]:
    command = [sys.executable, "-W", "error", "-c", FULL_DISK, str(folder), kind]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.mark.skipif(sys.platform == "win32", reason="limits the size of files through setrlimit")
def test_a_limit_reached_while_writing_leaves_nothing_behind(tmp_path: Path) -> None:
    told = told_by_a_full_disk(tmp_path, "limit")

    assert told == ["full, kept: False", "first"]
    assert [path.read_bytes() for path in on_disk(tmp_path)] == [b"first"]


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    if not shutil.which("mount") or not shutil.which("umount"):
        pytest.skip("there is no mount command here")
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(tmp_path)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk, and not in every container")
    try:
        told = told_by_a_full_disk(tmp_path, "disk")

        assert told == ["full, kept: False", "first"]
        assert [path.read_bytes() for path in on_disk(tmp_path)] == [b"first"]
    finally:
        subprocess.run(["umount", tmp_path], check=True)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_disk_that_turns_out_full_when_settling_is_full_too() -> None:
    def settle(_: str) -> None:
        with Path("/dev/full").open("wb", buffering=0) as device:
            device.write(b"x")

    with pytest.raises(BlobStoreFull):
        ObstoreBlobs(MemoryStore(), settle=settle).put(digest(PHOTO), PHOTO)


@pytest.mark.skipif(os.name == "nt", reason="a file in place of a folder reads otherwise there")
def test_another_fault_of_the_disk_is_not_taken_for_a_full_one(tmp_path: Path) -> None:
    blobs = local_blobs(tmp_path)
    (tmp_path / digest(PHOTO)[:2]).write_bytes(b"a file where a folder should be")

    with pytest.raises(PhotoStoreUnavailable, match="Not a directory"):
        blobs.put(digest(PHOTO), PHOTO)
