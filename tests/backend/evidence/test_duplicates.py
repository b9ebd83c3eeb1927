"""A copy of a photo is told from another photo of the same scene, whatever was done to the copy."""

from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PIL.Image import Transpose

from backend.domain.copies import Changed
from backend.evidence.duplicates import compare, judge_pair
from backend.evidence.fingerprint import (
    FEWEST_CORNERS,
    Fingerprint,
    Likeness,
    NotAFingerprint,
    likenesses,
)
from backend.evidence.photo import Decoded, decode
from models.proposals import Proposal
from models.views import View
from tests.backend.evidence.copies import CHANGES, as_decoded, cropped, recompressed, sent, tilted

ROOT = Path(__file__).resolve().parents[3]
SHIPPED = sorted((ROOT / "demo" / "photos").glob("*.jpg"))
SCENES = (ROOT / ".." / "shared" / "data" / "livestock2" / "images").resolve()
needs_scenes = pytest.mark.skipif(not SCENES.is_dir(), reason="the shared photos are not here")


def a_picture(path: Path = SHIPPED[0]) -> Image.Image:
    picture = Image.open(path).convert("RGB")
    picture.thumbnail((800, 800))
    return picture


def a_print(picture: Image.Image) -> Fingerprint:
    return Fingerprint.of(View.of(np.asarray(picture)))


def received(picture: Image.Image) -> Decoded:
    return decode(sent(picture))


def scene(name: str) -> list[tuple[str, Image.Image]]:
    """Shared photos of one place from different moments."""
    return [(path.name, a_picture(path)) for path in sorted(SCENES.rglob(f"{name}*.jpg"))]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_whatever_people_do_to_a_photo_the_copy_is_found(path: Path) -> None:
    original = a_picture(path)

    missed = {
        name: judged.distance
        for name, change in CHANGES.items()
        if not (judged := compare(as_decoded(original), received(change(original)))).changed
    }

    assert missed == {}


def test_photos_that_share_nothing_but_a_flat_ground_are_no_copies() -> None:
    ground = as_decoded(Image.new("RGB", (320, 240), (100, 100, 100)))
    size = (ground.width, ground.height)

    judged = judge_pair(ground, ground, Likeness(Proposal(1, 0, FEWEST_CORNERS), False, (size, size)))

    assert judged.changed is None


def test_what_was_done_is_told_in_words() -> None:
    original = a_picture()
    copies = {
        "recompress": recompressed(original, 30),
        "mirror": original.transpose(Transpose.FLIP_LEFT_RIGHT),
        "turn 90°": original.transpose(Transpose.ROTATE_270),
        "crop 20 %": cropped(original, 0.2),
        "resize 50 %": original.resize((original.width // 2, original.height // 2)),
        "darker": CHANGES["darkened by 40 %"](original),
        "brighter": CHANGES["brightened by 40 %"](original),
    }

    told = {name: str(compare(as_decoded(original), received(copy)).changed) for name, copy in copies.items()}

    assert told == {name: name for name in copies}
    leaning = compare(as_decoded(original), received(tilted(original, 4))).changed
    assert leaning is not None
    assert leaning.tilted == 4


def test_a_copy_is_found_from_either_side_and_told_the_other_way_round() -> None:
    original = a_picture()
    copy = tilted(original.transpose(Transpose.FLIP_LEFT_RIGHT).transpose(Transpose.ROTATE_270), 3)
    prints = a_print(original), a_print(copy)
    (likeness,) = likenesses(prints[0], [prints[1]])
    assert likeness is not None

    there = judge_pair(as_decoded(original), as_decoded(copy), likeness)
    back = judge_pair(as_decoded(copy), as_decoded(original), likeness.back())

    assert there.changed is not None
    assert back.changed is not None
    assert (there.changed.mirrored, there.changed.turned, there.changed.tilted) == (True, 90, 3)
    assert (back.changed.mirrored, back.changed.turned) == (True, 90)
    assert back.changed.cropped == pytest.approx(there.changed.cropped, abs=2)


def test_photos_of_different_things_are_no_copies() -> None:
    pictures = [as_decoded(a_picture(path)) for path in SHIPPED]

    judged = [compare(one, other) for one, other in combinations(pictures, 2)]

    assert [one.changed for one in judged] == [None] * 3


@needs_scenes
@pytest.mark.parametrize("name", ["pig_pen_v0", "goat_davis_", "goat_field_"])
def test_other_moments_of_the_same_pen_are_no_copies(name: str) -> None:
    pictures = scene(name)

    taken = [
        (one, other)
        for (one, first), (other, second) in pairwise(pictures)
        if compare(as_decoded(first), as_decoded(second)).changed
    ]

    assert len(pictures) >= 3
    assert taken == []


def test_an_animal_that_was_moved_makes_another_photo_of_the_same_frame() -> None:
    frame = a_picture()
    animal = a_picture(SHIPPED[1]).resize((frame.width // 4, frame.height // 3))
    one, other = frame.copy(), frame.copy()
    one.paste(animal, (20, frame.height // 2))
    other.paste(animal, (frame.width // 2, frame.height // 2))

    assert compare(as_decoded(one), received(other)).changed is None


def test_a_fingerprint_comes_back_as_it_was_packed() -> None:
    made = a_print(a_picture())

    again = Fingerprint.unpacked(made.packed())

    assert again.packed() == made.packed()
    assert len(made.packed()) <= 6 + 22 * 128
    np.testing.assert_allclose(again.at, made.at, atol=1 / 64)
    np.testing.assert_array_equal(again.bits, made.bits)


def test_a_mirrored_fingerprint_is_that_of_the_mirrored_photo() -> None:
    picture = a_picture()

    mirrored = a_print(picture).mirrored()

    (likeness,) = likenesses(mirrored, [a_print(picture.transpose(Transpose.FLIP_LEFT_RIGHT))])
    assert likeness is not None
    assert not likeness.is_mirrored
    assert likeness.way.followed > 0.8 * len(mirrored.at)


@pytest.mark.parametrize("content", [b"", b"\x01", b"\x07" + bytes(5), bytes(6), b"\x01\x02" + bytes(20)])
def test_bytes_of_another_form_are_no_fingerprint(content: bytes) -> None:
    with pytest.raises(NotAFingerprint):
        Fingerprint.unpacked(content)


@pytest.mark.parametrize("size", [(1, 1), (40, 30), (800, 20), (320, 320)])
def test_a_picture_that_shows_nothing_is_like_no_other(size: tuple[int, int]) -> None:
    blank = as_decoded(Image.new("RGB", size, "brown"))

    judged = compare(blank, as_decoded(a_picture()))

    assert (judged.distance, judged.changed) == (1.0, None)
    assert compare(blank, blank).changed is None


def test_words_for_a_copy_that_only_was_written_anew() -> None:
    assert str(Changed()) == "recompress"
    assert Changed().parts == {}
