"""A harmless change leaves what is on a photo."""

import numpy as np
import pytest
from numpy.typing import NDArray

from models.harmless import CHANGES
from models.letterbox import fit


@pytest.fixture
def photo() -> NDArray[np.uint8]:
    """A dark ground with one white animal in its left upper part."""
    picture = np.full((120, 180, 3), (40, 60, 50), np.uint8)
    picture[20:50, 30:90] = (220, 210, 200)
    return picture


@pytest.mark.parametrize("name", CHANGES)
def test_the_animal_is_still_there_and_as_large_a_share_of_the_photo(
    name: str, photo: NDArray[np.uint8]
) -> None:
    changed = CHANGES[name](photo)

    assert changed.dtype == np.uint8
    assert changed.shape[2] == 3
    assert (changed[..., 0] > 120).mean() == pytest.approx((photo[..., 0] > 120).mean(), rel=0.1)
    assert not np.array_equal(changed, photo)


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_photo_can_be_looked_at(name: str, photo: NDArray[np.uint8]) -> None:
    assert fit(CHANGES[name](photo), 96).pixels.shape == (96, 96, 3)


def test_a_photo_turned_left_and_right_is_the_photo(photo: NDArray[np.uint8]) -> None:
    assert np.array_equal(CHANGES["turned right"](CHANGES["turned left"](photo)), photo)
