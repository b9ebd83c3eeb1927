"""Fit a picture into the network's square exactly as ultralytics does in training, in numpy alone.

Bilinear with half-pixel centres and **no** antialiasing, as OpenCV's INTER_LINEAR: at most one grey level off it.
Pillow's BILINEAR widens its filter when it shrinks, which changes counts.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_GREY = 114


@dataclass(frozen=True, slots=True)
class Fitted:
    """A picture in the network's square.

    ``pixels``: (size, size, 3) uint8, grey around the picture. ``scale`` and ``left``, ``top`` take a point of the
    picture to the square: ``square = picture * scale + offset``. ``inner``: the picture's part of ``pixels``.
    """

    pixels: NDArray[np.uint8]
    scale: float
    left: int
    top: int
    inner: NDArray[np.uint8]


def fit(image: NDArray[np.uint8], size: int) -> Fitted:
    """Scale *image* (height, width, 3) so that its longer side is *size* pixels and centre it on grey."""
    height, width = image.shape[:2]
    scale = min(size / height, size / width)
    inner_width, inner_height = max(1, round(width * scale)), max(1, round(height * scale))
    inner = (
        image if (inner_width, inner_height) == (width, height) else resize(image, inner_width, inner_height)
    )
    # The 0.1 decides who gets the odd pixel, as in ultralytics' LetterBox.
    left, top = round((size - inner_width) / 2 - 0.1), round((size - inner_height) / 2 - 0.1)
    pixels = np.full((size, size, 3), _GREY, np.uint8)
    pixels[top : top + inner_height, left : left + inner_width] = inner
    return Fitted(pixels, scale, left, top, inner)


def resize(image: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """Resize (h, w, 3) to (*height*, *width*, 3), bilinear, rounded to the nearest grey level."""
    left, right, across = _taps(image.shape[1], width)
    above, below, down = _taps(image.shape[0], height)
    across, down = across[None, :, None], down[:, None, None]
    upper, lower = image[above], image[below]
    top = _mix(upper[:, left], upper[:, right], across)
    bottom = _mix(lower[:, left], lower[:, right], across)
    return (top + (bottom - top) * down + np.float32(0.5)).astype(np.uint8)


def _mix(near: NDArray[np.uint8], far: NDArray[np.uint8], share: NDArray[np.float32]) -> NDArray[np.float32]:
    start = near.astype(np.float32)
    return start + (far.astype(np.float32) - start) * share


def _taps(source: int, target: int) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float32]]:
    """For each target pixel: its two source pixels and the share of the second."""
    centres = np.clip((np.arange(target) + 0.5) * (source / target) - 0.5, 0, source - 1)
    first = np.floor(centres).astype(np.intp)
    return first, np.minimum(first + 1, source - 1), (centres - first).astype(np.float32)
