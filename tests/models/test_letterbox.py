import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.letterbox import fit, resize

sizes = st.integers(1, 90)


def noise(height: int, width: int) -> NDArray[np.uint8]:
    return np.random.default_rng(height * 1000 + width).integers(0, 256, (height, width, 3), np.uint8)


def by_the_book(image: NDArray[np.uint8], width: int, height: int) -> NDArray[np.float64]:
    """Bilinear with half-pixel centres, pixel by pixel, as its definition says."""
    resized = np.empty((height, width, 3))
    for row, column in np.ndindex(height, width):
        y = min(max((row + 0.5) * image.shape[0] / height - 0.5, 0), image.shape[0] - 1)
        x = min(max((column + 0.5) * image.shape[1] / width - 0.5, 0), image.shape[1] - 1)
        top, left = int(y), int(x)
        bottom, right = min(top + 1, image.shape[0] - 1), min(left + 1, image.shape[1] - 1)
        upper = image[top, left] * (1 - (x - left)) + image[top, right] * (x - left)
        lower = image[bottom, left] * (1 - (x - left)) + image[bottom, right] * (x - left)
        resized[row, column] = upper * (1 - (y - top)) + lower * (y - top)
    return resized


@pytest.mark.parametrize(
    ("source", "target"), [((40, 30), (17, 23)), ((7, 5), (32, 9)), ((1, 1), (8, 8)), ((50, 2), (3, 12))]
)
def test_resizing_is_bilinear_by_the_book(source: tuple[int, int], target: tuple[int, int]) -> None:
    image = noise(*source)

    resized = resize(image, *target)

    assert np.abs(resized - by_the_book(image, *target)).max() <= 1


@pytest.mark.vision
@pytest.mark.parametrize(
    ("source", "target"), [((683, 1024), (480, 320)), ((240, 320), (480, 360)), ((1931, 1287), (320, 480))]
)
def test_resizing_is_opencv_to_the_bit(source: tuple[int, int], target: tuple[int, int]) -> None:
    cv2 = pytest.importorskip("cv2", reason="needs the vision extra: make test VISION=1")
    image = noise(*source)

    resized = resize(image, *target)

    assert np.array_equal(resized, cv2.resize(image, target, interpolation=cv2.INTER_LINEAR))


@given(height=sizes, width=sizes, size=st.sampled_from([32, 64, 96]))
@settings(deadline=None)
def test_the_picture_lies_in_a_grey_square_and_touches_two_of_its_edges(
    height: int, width: int, size: int
) -> None:
    fitted = fit(noise(height, width), size)

    inner_height, inner_width = fitted.inner.shape[:2]
    around = fitted.pixels.copy()
    around[fitted.top : fitted.top + inner_height, fitted.left : fitted.left + inner_width] = 114
    assert fitted.pixels.shape == (size, size, 3)
    assert size in {inner_height, inner_width}
    assert (around == 114).all()


def test_a_picture_of_the_right_size_is_not_touched() -> None:
    image = noise(64, 64)

    assert np.array_equal(fit(image, 64).pixels, image)
