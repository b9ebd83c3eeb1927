"""What phones do to a photo, seen by its boxes: they stay inside, follow what they frame, and follow the seed."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.random import Generator
from PIL import Image, ImageDraw

from models.bystanders import person
from models.cover import covered, straw, tarpaulin
from models.labelled import Target
from models.phone import Targets, degraded, forwarded, shaken, taken, tilted, turned
from models.weather import by_flash, in_low_light, in_rain, under_lamps

PIG = Target(1, 0.45, 0.5, 0.3, 0.4)
Change = Callable[[Generator, Image.Image], Image.Image]


def a_photo(size: tuple[int, int] = (160, 120), *, animal: Target | None = PIG) -> Image.Image:
    """Grey ground of soft noise; the animal, if any, is a white ellipse that fills its box."""
    rows = np.random.default_rng(3).integers(60, 100, (size[1] // 8, size[0] // 8, 3), dtype=np.uint8)
    photo = Image.fromarray(rows).resize(size, Image.Resampling.BICUBIC)
    if animal:
        left, top = (animal.x - animal.width / 2) * size[0], (animal.y - animal.height / 2) * size[1]
        right, bottom = left + animal.width * size[0] - 1, top + animal.height * size[1] - 1
        ImageDraw.Draw(photo).ellipse((left, top, right, bottom), fill=(255, 255, 255))
    return photo


def extent(photo: Image.Image) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what is white."""
    box = photo.convert("L").point(lambda level: 255 * (level > 200)).getbbox()
    assert box is not None
    return box


def pixels(target: Target, size: tuple[int, int]) -> tuple[float, float, float, float]:
    width, height = size
    return (
        (target.x - target.width / 2) * width,
        (target.y - target.height / 2) * height,
        (target.x + target.width / 2) * width,
        (target.y + target.height / 2) * height,
    )


boxes = st.builds(
    lambda x, y, width, height: Target(1, x, y, width * min(x, 1 - x) * 2, height * min(y, 1 - y) * 2),
    *[st.floats(0.05, 0.95)] * 2,
    *[st.floats(0.1, 1)] * 2,
)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32), targets=st.lists(boxes, max_size=4).map(tuple))
def test_whatever_a_phone_does_boxes_have_an_area_and_stay_in_the_photo(seed: int, targets: Targets) -> None:
    after, left = taken(np.random.default_rng(seed), a_photo((64, 48), animal=None), targets)

    assert sorted(after.size) == [48, 64]
    assert len(left) <= len(targets)
    for target in left:
        assert target.width > 0
        assert target.height > 0
        assert min(pixels(target, (1, 1))) >= -1e-9
        assert max(pixels(target, (1, 1))) <= 1 + 1e-9


@pytest.mark.parametrize("seed", range(3))
def test_the_same_seed_takes_the_same_photo(seed: int) -> None:
    one, other = (taken(np.random.default_rng(seed), a_photo(), (PIG,)) for _ in range(2))

    assert one[0].tobytes() == other[0].tobytes()
    assert one[1] == other[1]


@pytest.mark.parametrize("seed", range(12))
def test_quarter_turns_and_mirrors_keep_the_box_to_the_pixel(seed: int) -> None:
    after, (box,) = turned(np.random.default_rng(seed), a_photo(), (PIG,))

    assert pixels(box, after.size) == pytest.approx(extent(after))


@pytest.mark.parametrize("seed", range(6))
def test_a_tilted_animal_is_framed_to_two_pixels(seed: int) -> None:
    after, (box,) = tilted(np.random.default_rng(seed), a_photo(), (PIG,))

    assert pixels(box, after.size) == pytest.approx(extent(after), abs=2)


@pytest.mark.parametrize("seed", range(6))
def test_a_tilted_photo_has_no_empty_corner(seed: int) -> None:
    after, _ = tilted(np.random.default_rng(seed), a_photo(animal=None), ())

    assert np.asarray(after).min() > 20


@pytest.mark.parametrize(
    "change", [by_flash, in_low_light, under_lamps, in_rain, shaken, forwarded, degraded]
)
def test_every_degraded_photo_keeps_its_size_and_is_not_black(change: Change) -> None:
    after = change(np.random.default_rng(1), a_photo())

    assert after.size == (160, 120)
    assert after.mode == "RGB"
    assert np.asarray(after).mean() > 25


def test_a_flash_lights_the_middle_and_leaves_the_corners_dark() -> None:
    lit = np.asarray(by_flash(np.random.default_rng(2), a_photo((320, 240), animal=None)), np.float32)

    assert lit[90:180, 120:200].mean() > 2 * lit[:40, :40].mean()


@pytest.mark.parametrize("cover", [straw, tarpaulin, person])
def test_a_cover_is_drawn_where_it_is_asked_for(cover: Callable[..., Image.Image]) -> None:
    layer = cover(np.random.default_rng(4), (160, 120), (80.0, 60.0))

    share = (np.asarray(layer.getchannel("A")) > 127).mean()
    assert 0.01 < share < 0.7


def test_a_covered_animal_keeps_the_box_of_what_is_seen_or_loses_it() -> None:
    outcomes = [
        covered(np.random.default_rng(seed), a_photo(), (PIG, replace(PIG, x=0.8))) for seed in range(40)
    ]

    left = [pixels(target, (160, 120)) for _, targets in outcomes for target in targets if target.x < 0.6]
    whole = pixels(PIG, (160, 120))
    assert any(box == pytest.approx(whole) for box in left)
    assert any(box != pytest.approx(whole) for box in left)
    for box in left:
        assert min(box[0] - whole[0], box[1] - whole[1], whole[2] - box[2], whole[3] - box[3]) >= -1e-6
