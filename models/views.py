"""What a photo's ground looks like: a small grey picture and its corners, to be found again in another photo."""

import hashlib
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.corners import STEP, Floats, corners

LONGEST_SIDE = 320
"""Pixels of the small grey picture: enough to know a place by, and cheap."""

# A near and a far photo of one place meet at different sizes.
_LEVELS = 6


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A photo as it is compared with others.

    ``grey``: (height, width) levels of 255, its longer side at most LONGEST_SIDE. ``at``: (N,) corners, x + iy in
    its pixels. ``facing``: (N,) complex numbers that hold a corner's size (pixels) and direction. ``looks``: (N, 128)
    descriptions of length one. ``key``: sha-256 of the grey picture: the same for the same picture.
    """

    grey: NDArray[np.uint8]
    at: NDArray[np.complex64]
    facing: NDArray[np.complex64]
    looks: Floats
    key: str

    @classmethod
    def of(cls, image: NDArray[np.uint8]) -> Self:
        """See *image*: (height, width, 3), RGB, upright."""
        picture = Image.fromarray(image).convert("L")
        shrink = min(1.0, LONGEST_SIDE / max(picture.size))
        small = picture.resize(
            (max(1, round(picture.width * shrink)), max(1, round(picture.height * shrink))),
            Image.Resampling.BILINEAR,
            reducing_gap=2.0,
        )
        found = [corners(small, STEP**level) for level in range(_LEVELS)]
        grey = np.asarray(small)
        return cls(
            grey=grey,
            at=np.concatenate([at for at, _, _ in found]),
            facing=np.concatenate([facing for _, facing, _ in found]),
            looks=np.concatenate([looks for _, _, looks in found]),
            key=hashlib.sha256(repr(grey.shape).encode() + grey.tobytes()).hexdigest(),
        )

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the small picture, pixels."""
        height, width = self.grey.shape
        return width, height
