"""Pictures that a count is not to be relied on: each says why, and a good photo says nothing."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from models.counter import Reason
from models.letterbox import fit
from models.onnx_counter import OnnxCounter
from models.quality import doubts
from tests.models.photos import ROOT, SHARED, read

COUNTER = OnnxCounter.load()
CATTLE = ROOT / "demo" / "photos" / "cattle-3.jpg"
PHOTOS = sorted((ROOT / "demo" / "photos").glob("*.jpg"))

Photo = NDArray[np.uint8]


def doubts_about(photo: Photo) -> tuple[Reason, ...]:
    return doubts(photo, fit(photo, COUNTER.manifest.image_size).inner)


def on_a_screen(photo: Photo, *, per_pixel: float = 1.55, turned: float = 0.04) -> Photo:
    """What a camera sees of a screen that shows *photo*: red, green and blue side by side, *per_pixel* of its own."""
    height, width = photo.shape[:2]
    seen = np.zeros((int(height * per_pixel), int(width * per_pixel), 3), np.float32)
    for offset in (0.25, 0.75):  # a camera's pixel gathers light from all of its square
        x, y = np.meshgrid(np.arange(seen.shape[1]) + offset, np.arange(seen.shape[0]) + offset)
        across, down = (x + turned * y) / per_pixel, (y - turned * x) / per_pixel
        third = np.floor(across % 1 * 3)
        lit = (third[..., None] == np.arange(3)) & ((across * 3 % 1 < 0.85) & (down % 1 < 0.85))[..., None]
        shown = photo[np.clip(down.astype(int), 0, height - 1), np.clip(across.astype(int), 0, width - 1)]
        seen += (shown / 255.0) ** 2.2 * lit * 2
    return np.asarray(255 * np.clip(seen, 0, 1) ** (1 / 2.2), np.uint8)


def a_drawn_pig() -> Photo:
    picture = Image.new("RGB", (800, 600), (150, 200, 240))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 380, 800, 600), fill=(110, 180, 80))
    for shape in ((200, 220, 560, 460), (500, 180, 660, 340)):
        pen.ellipse(shape, fill=(245, 170, 180), outline=(40, 20, 20), width=6)
    for left in (260, 330, 440, 500):
        pen.rectangle((left, 440, left + 30, 520), fill=(245, 170, 180), outline=(40, 20, 20), width=6)
    return np.asarray(picture)


def shaken_sideways(photo: Photo, over: int) -> Photo:
    return np.asarray(np.mean([np.roll(photo, way, 1) for way in range(over)], axis=0), np.uint8)


@pytest.mark.parametrize("path", PHOTOS, ids=lambda path: path.stem)
def test_a_good_photo_gives_no_cause_for_doubt(path: Path) -> None:
    assert doubts_about(read(path)) == ()


def test_a_photo_of_a_screen_is_unsure_and_says_why() -> None:
    count = COUNTER.count(on_a_screen(read(CATTLE)))

    assert count.unsure
    assert Reason.SCREEN in count.reasons


def test_a_drawing_is_unsure_and_says_why() -> None:
    count = COUNTER.count(a_drawn_pig())

    assert count.unsure
    assert Reason.DRAWN in count.reasons


def test_a_photo_shaken_in_one_direction_is_blurred_though_the_other_is_sharp() -> None:
    assert doubts_about(shaken_sideways(read(CATTLE), over=36)) == (Reason.BLURRED,)


@pytest.mark.parametrize("level", [0, 128, 255])
def test_one_colour_all_over_is_blurred_and_no_drawing(level: int) -> None:
    reasons = doubts_about(np.full((480, 640, 3), level, np.uint8))

    assert Reason.BLURRED in reasons
    assert Reason.DRAWN not in reasons


def test_black_around_a_lit_animal_at_night_is_no_drawing() -> None:
    photo = read(CATTLE).copy()
    photo[:, : photo.shape[1] * 2 // 3] = 2

    assert Reason.DRAWN not in doubts_about(photo)


def test_railings_are_not_taken_for_a_shaken_hand() -> None:
    photo = read(CATTLE).copy()
    photo[:, ::24] = 30
    photo[:, 1::24] = 30

    assert doubts_about(photo) == ()


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared photos are not here")
def test_of_fifty_real_photos_at_most_one_is_doubted() -> None:
    paths = sorted(SHARED.glob("livestock*/images/*/*.jpg"))[::2]

    doubted = {path.stem: reasons for path in paths if (reasons := doubts_about(read(path)))}

    assert len(paths) > 50
    assert len(doubted) <= len(paths) // 50, doubted


@given(height=st.integers(1, 200), width=st.integers(1, 200), seed=st.integers(0, 99))
@settings(deadline=None, max_examples=30)
def test_any_shape_gets_an_answer_and_the_same_one_twice(height: int, width: int, seed: int) -> None:
    noise = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)

    assert doubts_about(noise) == doubts_about(noise.copy())
