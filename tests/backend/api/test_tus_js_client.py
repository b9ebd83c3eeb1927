"""The client that phones use, unchanged from npm, against a real server over good and bad lines."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.backend.api.uploading import Upload
from tests.journeys.pictures import a_photo
from tests.journeys.world import World
from tests.lines import a_bad_line

FOLDER = Path(__file__).resolve().parents[2] / "clients" / "tus_js"
NODE = shutil.which("node")
IS_INSTALLED = bool(NODE) and (FOLDER / "node_modules" / "tus-js-client").exists()

pytestmark = [
    pytest.mark.skipif(
        not IS_INSTALLED, reason="needs Node.js and tus-js-client: npm ci --prefix tests/clients/tus_js"
    ),
    # What happens on the line does not depend on the database; test_tus.py runs on both kinds.
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True, scope="session"),
]


@pytest.fixture
def upload(world: World) -> Iterator[Upload]:
    with Upload.announce(world, a_photo()) as announced:
        yield announced


def run(upload: Upload, folder: Path, *, url: str = "", **options: Any) -> dict[str, Any]:
    """Send the photo with tus-js-client; returns what it was answered and how it ended."""
    file = folder / "photo.jpg"
    file.write_bytes(upload.photo)
    token = upload.http.headers["Authorization"].removeprefix("Bearer ")
    asked = {"url": url or upload.url, "token": token, "file": str(file), "retryDelays": [0] * 20} | options
    ran = subprocess.run(
        [str(NODE), "upload.mjs"],
        cwd=FOLDER,
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    told: dict[str, Any] = json.loads(ran.stdout)
    return told


def test_a_photo_is_sent_whole(upload: Upload, tmp_path: Path) -> None:
    told = run(upload, tmp_path)

    assert (told["done"], told["requests"]) == (True, [["HEAD", 200], ["PATCH", 204]])
    assert upload.original() == upload.photo


def test_a_photo_is_sent_in_chunks(upload: Upload, tmp_path: Path) -> None:
    told = run(upload, tmp_path, chunkSize=10_000)

    assert told["done"]
    assert told["requests"].count(["PATCH", 204]) == -(-len(upload.photo) // 10_000)
    assert upload.original() == upload.photo


def test_a_photo_that_has_arrived_is_not_sent_again(upload: Upload, tmp_path: Path) -> None:
    upload.send(0)

    assert run(upload, tmp_path)["requests"] == [["HEAD", 200]]


def test_what_has_arrived_is_not_sent_again(upload: Upload, tmp_path: Path) -> None:
    upload.send(0, 20_000)

    with a_bad_line(upload.url, []) as line:
        told = run(upload, tmp_path, url=line.through(upload.url))

    assert told["requests"] == [["HEAD", 200], ["PATCH", 204]]
    assert len(upload.photo) - 20_000 < line.carried < len(upload.photo) - 18_000
    assert upload.original() == upload.photo


@pytest.mark.parametrize("chunk", [8_192, 1_000_000])
def test_a_line_that_breaks_again_and_again_brings_the_photo(
    upload: Upload, tmp_path: Path, chunk: int
) -> None:
    with a_bad_line(upload.url, [100, 2000, 9000, 8192, 600, 10_000]) as line:
        told = run(upload, tmp_path, url=line.through(upload.url), chunkSize=chunk)

    assert told["done"], told
    assert line.made > 6
    assert upload.original() == upload.photo
    assert upload.world.events(upload.claim).count("photo-received") == 1


def test_an_aborted_upload_is_ended_on_the_server(upload: Upload, tmp_path: Path) -> None:
    told = run(upload, tmp_path, chunkSize=5000, ending=10_000)

    assert (told["ended"], told["requests"][-1]) == (True, ["DELETE", 204])
    assert upload.offset() == 0


def test_a_refusal_reaches_the_phone_in_words(world: World, tmp_path: Path) -> None:
    with Upload.announce(world, b"no photo" + a_photo()) as upload:
        told = run(upload, tmp_path)

    assert (told["done"], told["status"], json.loads(told["body"])["code"]) == (False, 415, "not-a-photo")
