from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.counter import Count, Reason
from models.onnx_counter import OnnxCounter
from models.species import SPECIES
from tests.models.photos import FREE, ROOT, heads_in, read

COUNTER = OnnxCounter.load()

# Photos that the network never saw in training. Its weak sides: two of five horses are missed, and cat, dog and owl are
# taken for livestock; each of them in doubt.
RIGHT = ("cattle-3.jpg", "pig-1.jpg", "sheep-1.jpg", "poultry-4.jpg", "duck-1.jpg")
SURE = ("cattle-3.jpg",)
DEMO = sorted((ROOT / "demo" / "photos").glob("*-[0-9].jpg"))

shared = pytest.mark.skipif(not FREE.is_dir(), reason="the shared photos are not here")


def without_time(count: Count) -> tuple[object, ...]:
    return count.count, count.unsure, count.reasons, count.boxes, count.low, count.high


def noise(height: int, width: int, seed: int = 7) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


@shared
@pytest.mark.parametrize("name", RIGHT)
def test_the_animals_on_a_real_photo_are_counted(name: str) -> None:
    count = COUNTER.count(read(FREE / name))

    assert count.count == heads_in(FREE / name)


@shared
@pytest.mark.parametrize("name", SURE)
def test_a_clear_photo_is_counted_without_doubt(name: str) -> None:
    count = COUNTER.count(read(FREE / name))

    assert (count.count, count.unsure, count.reasons) == (heads_in(FREE / name), False, ())
    assert set(count.by_species) == {name.split("-", maxsplit=1)[0]}


@pytest.mark.parametrize("path", DEMO, ids=lambda path: path.name)
def test_a_shipped_photo_is_counted_right_or_in_doubt(path: Path) -> None:
    count = COUNTER.count(read(path))

    assert count.unsure or count.count == heads_in(path)


@shared
@pytest.mark.parametrize("path", sorted(FREE.glob("*.jpg")), ids=lambda path: path.name)
def test_a_wrong_count_is_never_a_sure_one(path: Path) -> None:
    count = COUNTER.count(read(path))

    assert count.unsure or count.count == heads_in(path)
    assert count.low <= count.count <= count.high


@shared
def test_birds_are_never_sure() -> None:
    count = COUNTER.count(read(FREE / "poultry-4.jpg"))

    assert count.unsure


@shared
@pytest.mark.parametrize("path", sorted(FREE.glob("*.jpg")), ids=lambda path: path.name)
def test_boxes_lie_in_the_photo_best_first_and_as_many_as_counted(path: Path) -> None:
    image = read(path)

    count = COUNTER.count(image)

    assert len(count.boxes) == count.count == sum(count.by_species.values())
    assert all(one.confidence >= next_.confidence for one, next_ in pairwise(count.boxes))
    for box in count.boxes:
        left, top, right, bottom = box.xyxy
        assert 0 <= left < right <= image.shape[1]
        assert 0 <= top < bottom <= image.shape[0]
        assert box.species in SPECIES


@shared
def test_boxes_follow_the_size_of_the_photo() -> None:
    image = read(FREE / "cattle-3.jpg")

    count, larger = COUNTER.count(image), COUNTER.count(image.repeat(2, axis=0).repeat(2, axis=1))

    assert larger.count == count.count
    for box, twice in zip(count.boxes, larger.boxes, strict=True):
        assert twice.xyxy == pytest.approx([2 * edge for edge in box.xyxy], abs=40)


@shared
def test_a_photo_counts_the_same_every_time_and_in_every_thread() -> None:
    photos = [read(FREE / name) for name in ("cattle-3.jpg", "horse-5.jpg")] * 3
    alone = [without_time(COUNTER.count(photo)) for photo in photos]

    with ThreadPoolExecutor(2) as pool:
        together = [without_time(count) for count in pool.map(COUNTER.count, photos)]

    assert together == alone


@shared
def test_a_photo_taken_at_night_is_unsure() -> None:
    image = (read(FREE / "cattle-3.jpg") * 0.1).astype(np.uint8)

    assert Reason.DARK in COUNTER.count(image).reasons


@shared
def test_a_photo_out_of_focus_is_unsure() -> None:
    image = read(FREE / "cattle-3.jpg")
    coarse = image[::40, ::40].repeat(40, axis=0).repeat(40, axis=1).astype(np.float32)
    for axis in (0, 1):  # two passes of a wide box blur leave no edge
        for _ in range(2):
            coarse = sum(np.roll(coarse, shift, axis) for shift in range(-30, 31)) / 61

    assert Reason.BLURRED in COUNTER.count(coarse.astype(np.uint8)).reasons


@pytest.mark.parametrize(
    "image",
    [
        pytest.param(np.zeros((1, 1, 3), np.uint8), id="one pixel"),
        pytest.param(np.zeros((480, 640, 3), np.uint8), id="black"),
        pytest.param(np.full((480, 640, 3), 255, np.uint8), id="white"),
        pytest.param(noise(50, 8000), id="a strip"),
        pytest.param(noise(8000, 50), id="a column"),
    ],
)
def test_what_is_no_photo_is_never_sure(image: NDArray[np.uint8]) -> None:
    assert COUNTER.count(image).unsure


def test_noise_shows_no_animal() -> None:
    count = COUNTER.count(noise(480, 640))

    assert count.count == 0
    assert Reason.NO_ANIMAL in count.reasons


@given(height=st.integers(1, 700), width=st.integers(1, 700), seed=st.integers(0, 99))
@settings(deadline=None, max_examples=15)
def test_any_shape_is_counted_within_its_bounds(height: int, width: int, seed: int) -> None:
    count = COUNTER.count(noise(height, width, seed))

    assert count.unsure == bool(count.reasons)
    for box in count.boxes:
        assert 0 <= box.xyxy[0] <= box.xyxy[2] <= width
        assert 0 <= box.xyxy[1] <= box.xyxy[3] <= height
