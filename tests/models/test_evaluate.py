from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.counter import Box, Count
from models.evaluate import Figures, count_all, figures


class Brightness:
    """Counts as many animals as the first pixel is bright; odd ones are unsure."""

    name = "brightness@1"

    def count(self, image: NDArray[np.uint8]) -> Count:
        heads = int(image[0, 0, 0])
        boxes = tuple(Box((0, 0, 1, 1), "pig", 0.9) for _ in range(heads))
        odd = heads % 2 == 1
        return Count(heads, odd, ("LOW_CONFIDENCE",) * odd, boxes, 1.0, low=heads, high=heads)


def of_brightness(path: Path) -> NDArray[np.uint8]:
    return np.full((2, 2, 3), int(path.stem), np.uint8)


def test_photos_without_animals_stand_apart_from_the_mean_error() -> None:
    photos = [
        (Path("4.jpg"), 4),
        (Path("2.jpg"), 5),
        (Path("3.jpg"), 3),
        (Path("1.jpg"), 0),
        (Path("0.jpg"), 0),
    ]

    summed = figures(count_all(Brightness(), photos, of_brightness))

    assert summed == Figures(
        photos=3,
        heads=12,
        counted=9,
        mean_error=1.0,
        exact=2,
        empty_photos=2,
        false=1,
        answered=2,
        answered_wrong=1,
    )


def test_no_photos_have_no_error() -> None:
    assert figures([]).mean_error == 0.0
