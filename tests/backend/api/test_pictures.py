"""Photos as officers see them: the original or a small picture, and what is said when the store has lost them."""

import hashlib
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from PIL import Image

from tests.backend.api.answers import problem
from tests.journeys.pictures import a_photo
from tests.journeys.world import World

# Pictures are files.
pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True, scope="session")


def look(world: World, claim: str, photo: bytes, **query: int) -> httpx.Response:
    sha256 = hashlib.sha256(photo).hexdigest()
    return world.officer("veterinary").http.get(f"/claims/{claim}/photos/{sha256}", params=query)


def kept(world: World, folder: str, photo: bytes) -> list[Path]:
    """Files that the store holds for a photo."""
    sha256 = hashlib.sha256(photo).hexdigest()
    found = world.parts.settings.data_folder.joinpath(folder).rglob("*")
    return [path for path in found if path.is_file() and sha256 in path.as_posix()]


def test_a_small_picture_is_made_once_and_served_as_a_jpeg(world: World) -> None:
    photo = a_photo()
    claim = world.report(world.policy(), [photo])

    before = kept(world, "derived", photo)
    first, again = look(world, claim, photo, side=160), look(world, claim, photo, side=160)

    assert before == []
    assert len(kept(world, "derived", photo)) == 1
    assert first.content == again.content
    assert first.headers["content-type"] == "image/jpeg"
    assert first.headers["x-content-type-options"] == "nosniff"
    assert max(Image.open(BytesIO(first.content)).size) <= 160
    assert look(world, claim, photo).content == photo


@pytest.mark.parametrize("side", ["0", "641", "-1", "big", "1e9"])
def test_a_size_that_is_not_made_is_refused(world: World, side: str) -> None:
    photo = a_photo()
    claim = world.report(world.policy(), [photo])

    answer = look(world, claim, photo, side=side)  # type: ignore[arg-type]

    assert "side" in problem(answer, 400, "bad-request")["errors"][0]["pointer"]


def test_another_policys_token_sees_neither(world: World) -> None:
    photo = a_photo()
    claim = world.report(world.policy(), [photo])

    with world.farmer(world.policy(place=1)) as http:
        answer = http.get(f"/claims/{claim}/photos/{hashlib.sha256(photo).hexdigest()}?side=160")

    problem(answer, 404, "not-found")


@pytest.mark.parametrize("left", [None, b"", b"another file"])
def test_an_original_that_is_gone_or_damaged_is_said_and_healed_by_sending_it_again(
    world: World, left: bytes | None
) -> None:
    photo, policy = a_photo(), world.policy()
    claim = world.report(policy, [photo])
    world.wait(claim, "JOINT_REVIEW")
    [original] = kept(world, "photos", photo)
    original.unlink() if left is None else original.write_bytes(left)

    lost, small = look(world, claim, photo), look(world, claim, photo, side=640)
    with world.farmer(policy) as http:
        http.put(f"/claims/{claim}/photos/{hashlib.sha256(photo).hexdigest()}", content=photo)

    problem(lost, 404, "photo-lost")
    problem(small, 404, "photo-lost")
    assert look(world, claim, photo).content == photo


def test_a_store_that_is_away_is_answered_503(world: World) -> None:
    photo = a_photo()
    claim = world.report(world.policy(), [photo])
    world.wait(claim, "JOINT_REVIEW")
    [original] = kept(world, "photos", photo)
    folder = original.parent
    # A file in a folder's place is a fault of the disk, not a missing photo.
    folder.rename(folder.with_suffix(".away"))
    folder.write_bytes(b"")

    answer = look(world, claim, photo)

    folder.unlink()
    folder.with_suffix(".away").rename(folder)
    problem(answer, 503, "photo-store-unavailable")
    assert look(world, claim, photo).content == photo
