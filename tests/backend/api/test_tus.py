"""tus 1.0 at a photo's address: core, checksum, expiration, termination."""

import hashlib
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx
import pytest
from PIL import Image

from tests.backend.api.answers import problem
from tests.backend.api.uploading import CHUNK, TUS, Upload, checksum
from tests.journeys.pictures import a_photo
from tests.journeys.world import PLAIN, World


@pytest.fixture
def upload(world: World) -> Iterator[Upload]:
    with Upload.announce(world, a_photo()) as announced:
        yield announced


def test_what_the_server_can_do_is_told_before_anyone_signs_in(upload: Upload) -> None:
    answer = httpx.options(upload.url, **PLAIN)

    assert answer.status_code == 204
    assert answer.headers["tus-resumable"] == answer.headers["tus-version"] == "1.0.0"
    assert answer.headers["tus-extension"] == "checksum,expiration,termination"
    assert answer.headers["tus-max-size"] == "20000000"
    assert answer.headers["tus-checksum-algorithm"] == "sha1,sha256"


def test_an_upload_begins_with_the_manifest(upload: Upload) -> None:
    answer = upload.head()

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["upload-offset"] == "0"
    assert answer.headers["upload-length"] == str(len(upload.photo))
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["tus-resumable"] == "1.0.0"
    assert "upload-expires" not in answer.headers


def test_a_photo_sent_in_parts_arrives_as_one_sent_whole(upload: Upload) -> None:
    size = len(upload.photo)

    answers = [upload.send(start, start + 10_000) for start in range(0, size, 10_000)]
    shown = upload.world.wait(upload.claim, "JOINT_REVIEW")

    assert {answer.status_code for answer in answers} == {204}
    assert [int(answer.headers["upload-offset"]) for answer in answers] == [
        min(end, size) for end in range(10_000, size + 10_000, 10_000)
    ]
    assert upload.original() == upload.photo
    assert shown["photos"][0]["received"]
    assert upload.world.events(upload.claim).count("photo-received") == 1


def test_each_answer_says_when_what_has_arrived_is_removed(upload: Upload) -> None:
    patched = upload.send(0, 100)
    seen = upload.head()

    for answer in (patched, seen):
        left = parsedate_to_datetime(answer.headers["upload-expires"]) - datetime.now(UTC)
        assert timedelta(hours=23, minutes=59) < left <= timedelta(hours=24)


def test_an_offset_that_is_not_where_the_part_ends_is_a_conflict(upload: Upload) -> None:
    upload.send(0, 100)

    early, late = upload.send(50, 200), upload.send(150, 200)

    assert "100 bytes have arrived" in problem(early, 409, "offset-mismatch")["detail"]
    problem(late, 409, "offset-mismatch")
    assert early.headers["tus-resumable"] == "1.0.0"
    assert upload.offset() == 100


@pytest.mark.parametrize("version", [None, "0.2.2", "2.0.0"])
@pytest.mark.parametrize("method", ["HEAD", "PATCH", "DELETE"])
def test_another_version_of_tus_is_refused_with_ours(
    upload: Upload, method: str, version: str | None
) -> None:
    headers = {"Tus-Resumable": version} if version else {}

    answer = upload.http.request(method, upload.url, headers=headers)

    assert (answer.status_code, answer.headers["tus-version"]) == (412, "1.0.0")
    assert method == "HEAD" or problem(answer, 412, "wrong-tus-version")


def test_a_body_that_is_not_declared_as_a_chunk_is_refused(upload: Upload) -> None:
    answer = upload.send(0, 100, Content_Type="image/jpeg")

    problem(answer, 415, "not-a-chunk")
    assert upload.offset() == 0


@pytest.mark.parametrize("offset", [None, "-1", "x", "1.5"])
def test_an_offset_that_is_none_is_refused(upload: Upload, offset: str | None) -> None:
    headers = CHUNK if offset is None else CHUNK | {"Upload-Offset": offset}

    answer = upload.http.patch(upload.url, headers=headers, content=b"x")

    problem(answer, 400, "bad-request")
    assert upload.offset() == 0


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_checksum_that_comes_true_is_taken(upload: Upload, algorithm: str) -> None:
    answer = upload.send(0, 1000, Upload_Checksum=checksum(upload.photo[:1000], algorithm))

    assert (answer.status_code, answer.headers["upload-offset"]) == (204, "1000")


def test_of_bytes_that_changed_on_the_way_nothing_is_kept(upload: Upload) -> None:
    upload.send(0, 1000)
    right = checksum(upload.photo[1000:2000])

    wrong = upload.patch(upload.photo[1001:2001], 1000, Upload_Checksum=right)
    offset = upload.offset()
    again = upload.send(1000, 2000, Upload_Checksum=right)

    problem(wrong, 460, "checksum-mismatch")
    assert offset == 1000
    assert again.headers["upload-offset"] == "2000"


@pytest.mark.parametrize("said", ["md5 rL0Y20zC+Fzt72VPzMSk2A==", "sha1 ???", "sha1", "", "sha256"])
def test_a_checksum_that_nobody_can_check_is_refused(upload: Upload, said: str) -> None:
    answer = upload.send(0, 100, Upload_Checksum=said)

    problem(answer, 400, "unknown-checksum")
    assert upload.offset() == 0


def test_an_unknown_algorithm_names_those_that_are_known(upload: Upload) -> None:
    answer = upload.send(0, 100, Upload_Checksum="crc32 AAAAAA==")

    assert "sha1, sha256" in problem(answer, 400, "unknown-checksum")["detail"]


@pytest.mark.parametrize("is_chunked", [False, True])
@pytest.mark.parametrize("is_checked", [False, True])
def test_more_bytes_than_announced_are_refused_and_none_of_them_kept(
    upload: Upload, *, is_chunked: bool, is_checked: bool
) -> None:
    upload.send(0, 1000)
    content = upload.photo[1000:] + b"!"
    headers = {"Upload_Checksum": checksum(content)} if is_checked else {}

    answer = upload.patch(iter([content[:5000], content[5000:]]) if is_chunked else content, 1000, **headers)

    problem(answer, 413, "upload-too-long")
    assert upload.offset() == 1000
    assert upload.send(1000).status_code == 204
    assert upload.original() == upload.photo


def test_a_whole_that_is_not_the_announced_photo_begins_anew(upload: Upload) -> None:
    changed = bytearray(upload.photo)
    changed[20_000] ^= 1

    answer = upload.patch(bytes(changed), 0)
    offset, received = upload.offset(), upload.is_received()
    again = upload.send(0)

    problem(answer, 422, "photo-mismatch")
    assert (offset, received) == (0, False)
    assert again.status_code == 204
    assert upload.original() == upload.photo


def test_a_client_that_lost_the_last_answer_gets_it_again(upload: Upload) -> None:
    upload.send(0)

    seen, again = upload.head(), upload.patch(b"", len(upload.photo))

    size = str(len(upload.photo))
    assert (seen.headers["upload-offset"], again.status_code) == (size, 204)
    assert again.headers["upload-offset"] == size
    assert "upload-expires" not in again.headers
    assert upload.world.events(upload.claim).count("photo-received") == 1


def test_nothing_is_added_to_a_photo_that_has_arrived(upload: Upload) -> None:
    upload.send(0)

    problem(upload.patch(b"more", len(upload.photo)), 413, "upload-too-long")
    problem(upload.send(0, 100), 409, "offset-mismatch")
    assert upload.original() == upload.photo


def test_a_photo_that_cannot_be_read_is_kept_recorded_and_refused_each_time(world: World) -> None:
    with Upload.announce(world, a_photo()[:-300]) as upload:
        first = upload.send(0)
        again = upload.patch(b"", len(upload.photo))

        problem(first, 422, "photo-truncated")
        assert again.json() == first.json()
        assert upload.offset() == len(upload.photo)
        assert upload.original() == upload.photo


def test_an_ended_upload_begins_anew(upload: Upload) -> None:
    upload.send(0, 5000)

    ended = upload.http.delete(upload.url, headers=TUS)
    offset = upload.offset()

    assert (ended.status_code, ended.content, ended.headers["tus-resumable"]) == (204, b"", "1.0.0")
    assert offset == 0
    assert upload.send(0).status_code == 204


def test_a_photo_that_has_arrived_is_not_taken_back(upload: Upload) -> None:
    upload.send(0)

    problem(upload.http.delete(upload.url, headers=TUS), 409, "photo-stays")

    assert upload.original() == upload.photo


def test_a_whole_photo_wins_over_its_part(upload: Upload) -> None:
    upload.send(0, 5000)

    put = upload.http.put(upload.url, content=upload.photo)

    assert put.status_code == 200
    assert upload.offset() == len(upload.photo)
    assert parts_of(upload) == []


def test_a_finished_upload_leaves_no_part(upload: Upload) -> None:
    upload.send(0, 5000)
    before = parts_of(upload)

    upload.send(5000)

    assert (len(before), parts_of(upload)) == (1, [])


def test_a_part_that_no_longer_grows_is_removed_and_said_so(upload: Upload) -> None:
    upload.send(0, 5000)
    folder = upload.world.parts.resumable.folder

    swept = folder.sweep(datetime.now(UTC) + timedelta(seconds=1))

    assert f"{upload.claim}-{upload.sha256}" in swept
    assert upload.offset() == 0
    assert upload.send(0).status_code == 204


def test_only_who_may_see_the_claim_may_send_its_photos(upload: Upload) -> None:
    other = upload.world.policy("pig", 1)

    with upload.world.farmer(other) as stranger:
        refused = stranger.patch(upload.url, content=b"x", headers=CHUNK | {"Upload-Offset": "0"})
        looked = stranger.head(upload.url, headers=TUS)
    unknown = httpx.head(upload.url, headers=TUS, **PLAIN)

    assert problem(refused, 404, "not-found")
    assert (looked.status_code, unknown.status_code) == (404, 401)
    assert unknown.headers["tus-resumable"] == "1.0.0"
    assert upload.offset() == 0


def test_a_photo_that_nobody_announced_has_no_upload(upload: Upload) -> None:
    upload.url = upload.url.rsplit("/", 1)[0] + "/" + "a" * 64

    assert upload.head().status_code == 404
    problem(upload.send(0, 10), 404, "photo-not-announced")
    problem(upload.http.delete(upload.url, headers=TUS), 404, "photo-not-announced")


def test_twenty_megabytes_arrive_and_a_byte_more_is_never_announced(world: World) -> None:
    written = io.BytesIO()
    Image.new("RGB", (1200, 900), "brown").save(written, "JPEG")
    photo = written.getvalue() + bytes(20_000_000 - len(written.getvalue()))
    with Upload.announce(world, photo) as upload:
        half = upload.send(0, 10_000_000, Upload_Checksum=checksum(photo[:10_000_000]))
        rest = upload.send(10_000_000)

        assert (half.status_code, rest.status_code) == (204, 204)
        assert hashlib.sha256(upload.original()).hexdigest() == upload.sha256


def test_a_body_over_twenty_megabytes_is_refused(upload: Upload) -> None:
    answer = upload.patch(bytes(20_000_001), 0)

    problem(answer, 413, "upload-too-long")
    problem(upload.patch(iter([bytes(20_000_001)]), len(upload.photo)), 409, "offset-mismatch")
    assert upload.offset() == 0


def parts_of(upload: Upload) -> list[str]:
    """The names of this photo's unfinished files."""
    folder = upload.world.parts.settings.part_folder
    return [path.name for path in folder.iterdir() if upload.claim in path.name]
