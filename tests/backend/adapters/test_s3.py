"""What goes wrong between us and an S3-compatible store, on a real one: said in words, and nothing is lost."""

import hashlib
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Thread

import pytest

from backend.adapters.blobs import BlobCorrupt, BlobStoreFull, ObstoreBlobs
from backend.adapters.derivatives import ObstoreDerivatives
from backend.adapters.s3 import bucket_store
from backend.bootstrap import photo_stores
from backend.domain.problems import PhotoStoreUnavailable
from backend.settings import Settings
from tests.s3 import S3Server, a_bucket

PHOTO = b"\xff\xd8\xff" + bytes(1000)
DIGEST = hashlib.sha256(PHOTO).hexdigest()
KEY = f"{DIGEST[:2]}/{DIGEST[2:4]}/{DIGEST}"
IMPATIENT = timedelta(seconds=0.5)


def every_verb(blobs: ObstoreBlobs) -> list[str]:
    """What each verb says when it fails."""
    said = []
    for verb in (
        lambda: blobs.put(DIGEST, PHOTO),
        lambda: blobs.get(DIGEST),
        lambda: blobs.has(DIGEST),
        blobs.is_empty,
    ):
        with pytest.raises(PhotoStoreUnavailable) as refused:
            verb()
        said.append(refused.value.detail)
    return said


def test_originals_and_pictures_lie_apart_under_the_prefix(s3: S3Server) -> None:
    bucket = s3.bucket(prefix="county/430121")

    ObstoreBlobs(bucket_store(bucket, "photos")).put(DIGEST, PHOTO)
    ObstoreDerivatives(bucket_store(bucket, "derived")).keep(DIGEST, "fit-640.jpg", b"small")

    assert s3.keys(replace(bucket, prefix="")) == [
        f"county/430121/derived/{KEY}/fit-640.jpg",
        f"county/430121/photos/{KEY}",
    ]


def test_an_original_changed_in_the_bucket_is_reported_and_healed_by_the_next_phone(s3: S3Server) -> None:
    bucket = s3.bucket()
    blobs = ObstoreBlobs(bucket_store(bucket, "photos"))
    blobs.put(DIGEST, PHOTO)
    s3.write(bucket, f"photos/{KEY}", PHOTO[:-1])

    with pytest.raises(BlobCorrupt):
        blobs.get(DIGEST)
    blobs.put(DIGEST, PHOTO)

    assert blobs.get(DIGEST) == PHOTO


def test_a_missing_bucket_is_not_a_missing_photo(s3: S3Server) -> None:
    blobs = ObstoreBlobs(bucket_store(s3.bucket(name="no-such-bucket"), "photos"))

    assert {*every_verb(blobs)} == {
        "the photo store does not serve: no such bucket, check FLASHCLAIM_PHOTOS_URL",
    }


def test_a_key_that_the_store_does_not_know_is_said(s3: S3Server) -> None:
    blobs = ObstoreBlobs(bucket_store(s3.bucket(), "photos"))

    with s3.asking_for_keys():
        said = every_verb(blobs)

    assert {*said} == {"the photo store does not serve: access denied, check the key and its rights"}


def test_a_store_that_nobody_runs_is_said_within_seconds() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    blobs = ObstoreBlobs(bucket_store(a_bucket(f"http://127.0.0.1:{port}", "photos"), "photos"))
    began = time.monotonic()

    said = every_verb(blobs)

    assert {*said} == {"the photo store does not serve: no answer"}
    assert time.monotonic() - began < 15


def test_a_store_that_takes_the_call_and_stays_silent_is_given_up_in_time() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(16)
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        blobs = ObstoreBlobs(bucket_store(a_bucket(url, "photos", timeout=IMPATIENT), "photos"))
        began = time.monotonic()

        said = every_verb(blobs)

    assert {*said} == {"the photo store does not serve: no answer"}
    assert time.monotonic() - began < 8


@contextmanager
def answering(*answers: str) -> Iterator[str]:
    """A store that gives these answers in turn, the last one ever after."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(16)

        def serve() -> None:
            left = list(answers)
            while True:
                try:
                    line, _ = listening.accept()
                except OSError:
                    return
                with line:
                    _read_request(line)
                    answer = left.pop(0) if len(left) > 1 else left[0]
                    line.sendall(answer.encode())

        thread = Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def _read_request(line: socket.socket) -> None:
    got = b""
    while b"\r\n\r\n" not in got:
        got += line.recv(65536)
    head, _, body = got.partition(b"\r\n\r\n")
    length = next(
        (int(one.split(b":")[1]) for one in head.split(b"\r\n") if one.lower().startswith(b"content-length")),
        0,
    )
    while len(body) < length:
        body += line.recv(65536)


def answer(status: str, body: str = "") -> str:
    head = f'HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\nETag: "x"\r\n\r\n'
    return head + body


def test_a_store_that_stumbles_once_is_asked_again() -> None:
    with answering(answer("503 Slow Down"), answer("200 OK")) as url:
        ObstoreBlobs(bucket_store(a_bucket(url, "photos"), "photos")).put(DIGEST, PHOTO)


def test_a_store_that_keeps_failing_is_named_by_its_answer() -> None:
    with answering(answer("500 Internal Server Error")) as url:
        blobs = ObstoreBlobs(bucket_store(a_bucket(url, "photos", timeout=IMPATIENT), "photos"))

        with pytest.raises(PhotoStoreUnavailable, match="answered 500 Internal Server Error"):
            blobs.put(DIGEST, PHOTO)


@pytest.mark.parametrize(
    "said",
    [
        answer("507 Insufficient Storage", "<Error><Code>XMinioStorageFull</Code></Error>"),
        answer("403 Forbidden", "<Error><Code>QuotaExceeded</Code></Error>"),
    ],
    ids=["minio", "ceph"],
)
def test_a_bucket_without_room_is_full(said: str) -> None:
    with answering(said) as url:
        blobs = ObstoreBlobs(bucket_store(a_bucket(url, "photos", timeout=IMPATIENT), "photos"))

        with pytest.raises(BlobStoreFull):
            blobs.put(DIGEST, PHOTO)


def test_the_usual_variables_of_other_tools_are_understood(
    s3: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket = s3.bucket()
    usual = {
        "FLASHCLAIM_PHOTOS_URL": f"s3://{bucket.name}/x",
        "AWS_ENDPOINT_URL": s3.url,
        "AWS_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "ours",
        "AWS_SECRET_ACCESS_KEY": "secret",
    }
    for name, value in usual.items():
        monkeypatch.setenv(name, value)

    blobs, _ = photo_stores(Settings.from_environment(usual))

    assert blobs.is_empty()
