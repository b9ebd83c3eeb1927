"""Photos that show the same ground: every animal counts once, and what contradicts itself is unsure."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageEnhance

from models.overlap import lay_over
from models.scene import Shown, scene
from models.views import View
from tests.models.photos import FREE, read
from tests.models.sights import SIDE, a_count, a_ground, compressed, shown, window

WIDTH, HEIGHT = a_ground().size
HERD = ((120, 400), (330, 560), (520, 380), (700, 600), (900, 420))
WHOLE = (0, 0, WIDTH, HEIGHT)
LEFT, RIGHT = (0, 0, 620, HEIGHT), (400, 0, WIDTH, HEIGHT)


def test_two_ends_of_a_barn_add_up_and_the_animal_on_both_photos_counts_once() -> None:
    left, right = window(a_ground(), LEFT, *HERD), window(a_ground(), RIGHT, *HERD)

    together = scene([left, right])

    assert (left.count.count, right.count.count) == (3, 3)
    assert (together.count, together.low, together.high) == (5, 5, 5)
    assert not together.unsure
    assert together.overlapping == ((0, 1),)


def test_a_near_photo_of_one_animal_adds_nothing_to_the_overview() -> None:
    overview = window(a_ground(), WHOLE, *HERD)
    near = window(a_ground(), (420, 260, 640, 460), *HERD, zoom=2.5)

    together = scene([near, overview])

    assert near.count.count == 1
    assert (together.count, together.high, together.unsure) == (5, 5, False)


@pytest.mark.parametrize(
    "copy",
    [
        lambda photo: compressed(photo, 30),
        lambda photo: photo.resize((photo.width // 2, photo.height // 2)),
        lambda photo: ImageEnhance.Brightness(photo).enhance(1.4),
        lambda photo: ImageEnhance.Contrast(photo).enhance(0.7),
    ],
    ids=["recompressed", "resized", "brightened", "greyer"],
)
def test_a_copy_of_a_photo_adds_nothing(copy: object) -> None:
    photo = a_ground()
    boxes = [(x - 30, y - 30, x + 30, y + 30) for x, y in HERD]
    copied = copy(photo)  # type: ignore[operator]
    share = copied.width / photo.width

    together = scene(
        [shown(photo, *boxes), shown(copied, *[tuple(edge * share for edge in box) for box in boxes])]
    )

    assert (together.count, together.low, together.high, together.unsure) == (5, 5, 5, False)


def test_a_cropped_copy_adds_nothing() -> None:
    together = scene([window(a_ground(), WHOLE, *HERD), window(a_ground(), (60, 250, 960, 700), *HERD)])

    assert (together.count, together.high, together.unsure) == (5, 5, False)


def test_a_copy_turned_by_a_quarter_adds_nothing() -> None:
    photo = a_ground()
    straight = shown(photo, *[(x - 30, y - 20, x + 30, y + 20) for x, y in HERD])
    turned = [(y - 20, WIDTH - x - 30, y + 20, WIDTH - x + 30) for x, y in HERD]

    together = scene([straight, shown(photo.transpose(Image.Transpose.ROTATE_90), *turned)])

    assert (together.count, together.high, together.unsure) == (5, 5, False)


def test_doubtful_things_on_a_copy_are_the_same_doubtful_things() -> None:
    photo = window(a_ground(), WHOLE, *HERD, reasons=("LOW_CONFIDENCE",))
    doubtful = replace(photo, count=replace(photo.count, low=4, high=7))

    alone, twice = scene([doubtful]), scene([doubtful, doubtful])

    assert (alone.low, alone.high) == (twice.low, twice.high) == (4, 7)


def test_animals_that_lie_elsewhere_on_the_same_ground_contradict_one_another() -> None:
    moved = tuple((x + 90, y - 90) for x, y in HERD)

    together = scene([window(a_ground(), WHOLE, *HERD), window(a_ground(), WHOLE, *moved[:4])])

    assert together.unsure
    assert "CONTRADICTED" in together.reasons
    assert (together.count, together.low, together.high) == (5, 5, 9)


def test_an_animal_that_a_plain_photo_of_its_place_does_not_show_makes_the_scene_unsure() -> None:
    together = scene([window(a_ground(), WHOLE, *HERD), window(a_ground(), LEFT, *HERD[1:])])

    assert together.unsure
    assert together.reasons == ("CONTRADICTED",)
    assert (together.count, together.low, together.high) == (5, 5, 5)


def test_an_animal_that_stands_out_of_its_ground_is_not_surely_two() -> None:
    left, right = (compressed(a_ground().crop(part)) for part in (LEFT, RIGHT))
    far_off = shown(left, (505, 372, 535, 388))
    displaced = shown(right, (505 + 20 - RIGHT[0], 372, 535 + 20 - RIGHT[0], 388))

    together = scene([far_off, displaced])

    assert together.overlapping == ((0, 1),)
    assert (together.count, together.low, together.high) == (1, 1, 2)
    assert (together.unsure, together.reasons) == (True, ("CONTRADICTED",))


def test_a_blurred_photo_that_misses_an_animal_contradicts_nobody() -> None:
    blurred = window(a_ground(), LEFT, *HERD[1:], reasons=("BLURRED",))

    together = scene([window(a_ground(), WHOLE, *HERD), blurred])

    assert (together.count, together.unsure) == (5, False)


def test_an_animal_that_only_an_unsure_photo_shows_is_not_sure() -> None:
    together = scene([window(a_ground(), LEFT, *HERD), window(a_ground(), RIGHT, *HERD, reasons=("DARK",))])

    assert together.unsure
    assert together.reasons == ("DARK",)


def test_photos_of_other_places_are_not_added_up() -> None:
    here, there = (
        window(a_ground(), WHOLE, *HERD[:2]),
        window(a_ground("pig-1.jpg"), (0, 0, 700, 600), (300, 300)),
    )

    together = scene([here, there])

    assert (together.count, together.low, together.high, together.unsure) == (2, 2, 3, False)
    assert together.reasons == ("APART",)
    assert together.overlapping == ()


@pytest.mark.skipif(not FREE.is_dir(), reason="the shared photos are not here")
def test_real_photos_of_different_scenes_are_never_laid_over_one_another() -> None:
    views = [View.of(read(path)) for path in sorted(FREE.glob("*.jpg"))]

    assert [pair for pair in combinations(range(len(views)), 2) if lay_over(*(views[i] for i in pair))] == []


def test_photos_in_a_row_are_joined_through_the_one_between_them() -> None:
    row = [
        window(a_ground(), at, *HERD)
        for at in ((0, 0, 460, HEIGHT), (280, 0, 760, HEIGHT), (560, 0, WIDTH, HEIGHT))
    ]

    together = scene(row)

    assert together.count == 5
    assert together.overlapping == ((0, 1, 2),)


def test_the_order_of_photos_does_not_matter() -> None:
    photos = [
        window(a_ground(), LEFT, *HERD),
        window(a_ground(), RIGHT, *HERD[:-1]),
        window(a_ground(), (420, 260, 640, 460), *HERD, zoom=2.5),
        window(a_ground("pig-1.jpg"), (0, 0, 700, 600), (300, 300)),
    ]

    orders = (photos, photos[::-1], photos[2:] + photos[:2])
    answers = {
        (
            replace(scene(list(order)), overlapping=()),
            frozenset(order[i].count for i in scene(list(order)).overlapping[0]),
        )
        for order in orders
    }

    assert len(answers) == 1


def test_a_photo_whose_boxes_were_not_kept_is_of_unknown_ground() -> None:
    photo = window(a_ground(), WHOLE, *HERD)
    bare = replace(photo, count=replace(photo.count, boxes=()))

    assert scene([photo, bare]).reasons == ("APART",)


@pytest.mark.parametrize("size", [(1, 1), (3, 500), (320, 8)])
def test_a_picture_too_small_for_corners_is_of_unknown_ground(size: tuple[int, int]) -> None:
    tiny = Shown(a_count(1), size, View.of(np.full((size[1], size[0], 3), 90, np.uint8)))
    other = Shown(a_count(1), (64, 64), View.of(np.zeros((64, 64, 3), np.uint8)))

    assert scene([tiny, other]).high == 2


windows = st.tuples(st.integers(0, 400), st.integers(0, 200), st.integers(500, 620), st.integers(420, 560))
places = st.lists(st.tuples(st.integers(40, WIDTH - 40), st.integers(40, HEIGHT - 40)), max_size=4)


@settings(max_examples=15, deadline=None)
@given(windows, windows, places)
def test_two_windows_on_one_ground_never_count_more_than_lie_there(
    first: tuple[int, int, int, int], second: tuple[int, int, int, int], animals: list[tuple[int, int]]
) -> None:
    herd = [at for i, at in enumerate(animals) if all(_apart(at, other) for other in animals[:i])]
    photos = [
        window(a_ground(), (left, top, left + width, top + height), *herd)
        for left, top, width, height in (first, second)
    ]

    together = scene(photos)

    assert max(photo.count.count for photo in photos) <= together.count <= len(herd)
    assert together.low <= together.count <= together.high


def _apart(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return abs(one[0] - other[0]) > 2 * SIDE or abs(one[1] - other[1]) > 2 * SIDE
