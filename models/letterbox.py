"""Fit a picture into the network's square exactly as ultralytics does in training, in numpy alone.

Bilinear with half-pixel centres and **no** antialiasing, as OpenCV's INTER_LINEAR. One grey level off moves scores by
0.02, and Pillow's BILINEAR, which widens its filter when it shrinks, changes counts.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_GREY = 114


@dataclass(frozen=True, slots=True)
class Fitted:
    """A picture in the network's square.

    ``pixels``: (size, size, 3) uint8, grey around the picture. ``inner``: the picture's part of ``pixels``, from
    ``left``, ``top`` on. ``width``, ``height``: of the picture before it was scaled.
    """

    pixels: NDArray[np.uint8]
    inner: NDArray[np.uint8]
    left: int
    top: int
    width: int
    height: int

    def in_picture(self, xyxy: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take (N, 4) boxes of the square to the picture's own pixels; what reaches beyond its edges is cut off."""
        inner_height, inner_width = self.inner.shape[:2]
        # Each axis by itself: its length was rounded to whole pixels, which is 4 pixels off in a large photo.
        across, down = self.width / inner_width, self.height / inner_height
        boxes = (xyxy - np.asarray([self.left, self.top] * 2)) * np.asarray([across, down] * 2)
        return np.asarray(np.clip(boxes, 0, [self.width, self.height] * 2), np.float32)


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
    return Fitted(pixels, inner, left, top, width, height)


def resize(image: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """Resize (h, w, 3) to (*height*, *width*, 3), bilinear, in OpenCV's own fixed-point steps: equal to the bit."""
    columns, rows = _taps(image.shape[1], width), _taps(image.shape[0], height)
    upper, lower = _across(image[rows.first], columns), _across(image[rows.second], columns)
    above = (rows.share_of_first[:, None, None] * (upper >> 4)) >> 16
    below = (rows.share_of_second[:, None, None] * (lower >> 4)) >> 16
    return ((above + below + 2) >> 2).astype(np.uint8)


@dataclass(frozen=True, slots=True)
class _Taps:
    """For each target pixel its two source pixels and their shares, in 2048ths."""

    first: NDArray[np.intp]
    second: NDArray[np.intp]
    share_of_first: NDArray[np.int32]
    share_of_second: NDArray[np.int32]


def _taps(source: int, target: int) -> _Taps:
    centres = ((np.arange(target) + 0.5) * (source / target) - 0.5).astype(np.float32)
    floor = np.floor(centres)
    share = centres - floor
    first = floor.astype(np.intp)
    # Beyond the edge the outermost pixel stands on both sides: its two shares are rounded apart, as in OpenCV.
    return _Taps(
        np.clip(first, 0, source - 1), np.clip(first + 1, 0, source - 1), _fixed(1 - share), _fixed(share)
    )


def _fixed(share: NDArray[np.float32]) -> NDArray[np.int32]:
    return np.rint(share * 2048).astype(np.int32)


def _across(rows: NDArray[np.uint8], columns: _Taps) -> NDArray[np.int32]:
    first = rows[:, columns.first] * columns.share_of_first[None, :, None]
    return np.asarray(first + rows[:, columns.second] * columns.share_of_second[None, :, None], np.int32)
