"""Photos that cannot be used: refused at the door where the bytes are wrong, shown as a finding where they are."""

import hashlib
import io
import socket
import struct
import zlib
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from PIL import Image

from tests.backend.api.answers import problem
from tests.journeys.pictures import a_photo
from tests.journeys.world import World, key

# What is told of a photo's bytes, no engine keeps.
pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True, scope="session")


def a_png_bomb(side: int = 30_000) -> bytes:
    """A valid PNG head of *side* × *side* black pixels in a few hundred kilobytes."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    packing = zlib.compressobj(9)
    row = b"\0" + bytes(side // 8)
    rows = b"".join(packing.compress(row * 100) for _ in range(side // 100)) + packing.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def cut() -> bytes:
    photo = a_photo()
    return photo[: len(photo) // 2]


def announced(world: World, content: bytes) -> tuple[str, str]:
    """A reported claim that announces *content*: its id and where the bytes go."""
    policy = world.policy()
    with world.farmer(policy) as http:
        answer = http.post("/claims", json=world.report_body(policy, [content]), headers=key()).json()
    return str(answer["id"]), str(answer["photos"][0]["upload_url"])


def put(world: World, url: str, content: bytes | Iterator[bytes], **headers: str) -> httpx.Response:
    with world.farmer(world.policy()) as http:
        return http.put(url, content=content, headers=headers)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"this is a text, not a photo", "not-a-photo"),
        (cut(), "photo-truncated"),
        (a_png_bomb(), "photo-too-many-pixels"),
    ],
    ids=["text", "truncated-jpeg", "30000x30000-png"],
)
def test_a_photo_that_cannot_be_read_is_kept_and_shown_with_its_problem(
    world: World, content: bytes, code: str
) -> None:
    content += hashlib.sha256(a_photo()).digest()
    claim, url = announced(world, content)

    answer = put(world, url, content)
    shown = world.wait(claim, "JOINT_REVIEW")

    photo = shown["photos"][0]
    original = world.officer("insurer").http.get(f"/claims/{claim}/photos/{photo['sha256']}")
    assert problem(answer, answer.status_code, code)["next"] == photo["error"]["next"]
    assert photo["error"]["code"] == code
    assert set(photo["error"]) == {"code", "title", "next"}
    assert shown["path"] == "ASSISTED"
    assert {"EVIDENCE_MISSING", "COUNT_UNSURE"} <= {reason["code"] for reason in shown["reasons"]}
    assert original.content == content


def test_a_photo_whose_hash_was_not_announced_says_how_to_announce_it(world: World) -> None:
    claim, url = announced(world, a_photo())

    answer = put(world, url.rsplit("/", 1)[0] + "/" + "a" * 64, a_photo())

    assert "/evidence" in problem(answer, 404, "photo-not-announced")["next"]
    assert world.show(claim)["state"] == "REPORTED"


def test_bytes_that_are_not_the_announced_ones_are_refused_and_the_right_ones_still_taken(
    world: World,
) -> None:
    photo = a_photo()
    claim, url = announced(world, photo)

    wrong, empty, right = put(world, url, a_photo()), put(world, url, b""), put(world, url, photo)

    problem(wrong, 422, "photo-mismatch")
    problem(empty, 422, "photo-mismatch")
    assert right.status_code == 200
    assert world.events(claim).count("photo-received") == 1


def test_an_address_that_is_no_hash_is_refused(world: World) -> None:
    claim, _ = announced(world, a_photo())

    with world.farmer(world.policy()) as http:
        problem(http.put(f"/claims/{claim}/photos/zz", content=b"x"), 400, "bad-request")


@pytest.mark.parametrize("chunked", [False, True])
def test_twenty_five_megabytes_are_too_big_however_they_are_sent(world: World, *, chunked: bool) -> None:
    claim, url = announced(world, a_photo())
    megabyte = bytes(1_000_000)

    answer = put(world, url, (megabyte for _ in range(25)) if chunked else megabyte * 25)

    problem(answer, 413, "upload-too-big")
    assert world.show(claim)["photos"][0]["received"] is False


def test_a_length_that_promises_more_than_comes_changes_nothing(world: World) -> None:
    photo = a_photo()
    claim, url = announced(world, photo)
    parts, token = urlsplit(url), world.access_token(world.policy())

    with socket.create_connection((parts.hostname, parts.port or 0), timeout=5) as line:
        head = f"PUT {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAuthorization: Bearer {token}\r\n"
        line.sendall(f"{head}Content-Length: {len(photo) + 50}\r\n\r\n".encode() + photo)
    again = put(world, url, photo)

    assert again.status_code == 200
    assert world.events(claim).count("photo-received") == 1


def test_a_length_that_promises_less_than_comes_is_refused(world: World) -> None:
    photo = a_photo()
    claim, url = announced(world, photo)
    parts, token = urlsplit(url), world.access_token(world.policy())

    with socket.create_connection((parts.hostname, parts.port or 0), timeout=5) as line:
        head = f"PUT {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAuthorization: Bearer {token}\r\n"
        line.sendall(f"{head}Content-Length: {len(photo) // 2}\r\n\r\n".encode() + photo)
        status = line.recv(100).split(b"\r\n")[0]

    assert b"422" in status
    assert world.show(claim)["photos"][0]["received"] is False


def test_a_large_photo_below_the_limit_is_taken(world: World) -> None:
    written = io.BytesIO()
    Image.effect_noise((4000, 3000), 80).convert("RGB").save(written, "JPEG", quality=95)
    photo = written.getvalue() + bytes(19_000_000 - len(written.getvalue()))
    claim, url = announced(world, photo)

    answer = put(world, url, photo)

    assert answer.status_code == 200
    assert world.wait(claim, "JOINT_REVIEW")["photos"][0]["error"] is None


def test_an_original_is_never_served_as_something_a_browser_runs(world: World) -> None:
    page = b"<script>alert(1)</script>" + a_photo()
    claim, url = announced(world, page)
    put(world, url, page)

    answer = world.officer("veterinary").http.get(
        f"/claims/{claim}/photos/{hashlib.sha256(page).hexdigest()}"
    )

    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"
