"""What a photo's ground looks like: its corners with a description each, to be found again in another photo.

Corners at six sizes (a near and a far photo of one place meet at different ones) are described by the directions of
the edges around them, as in Lowe, "Distinctive Image Features from Scale-Invariant Keypoints", IJCV 60 (2004).
"""

import hashlib
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Floats = NDArray[np.float32]

LONGEST_SIDE = 320
"""Pixels of the small grey picture: enough to know a place by, and cheap."""

# Each level is smaller than the one before by the square root of two.
_LEVELS = 6
_STEP = 2**0.5
# Corners kept on the largest level; the smaller ones keep fewer, as their area does.
_MOST_CORNERS = 220
_CELLS, _DIRECTIONS = 4, 8
_REACH = 10.0  # pixels of a level from a corner to the edge of what describes it
_MARGIN = 8
# Of the strongest corner's strength: weaker ones are noise.
_LEAST_STRENGTH = 0.002
# One edge, however strong, says no more than this of a description of length one.
_LOUDEST = 0.2


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A photo as it is compared with others.

    ``grey``: (height, width) levels of 255, its longer side at most LONGEST_SIDE. ``at``: (N,) corners, x + iy in
    its pixels. ``facing``: (N,) complex numbers that hold a corner's size (pixels) and direction. ``looks``: (N, 128)
    descriptions of length one. ``key``: sha-256 of the grey picture: the same for the same picture.
    """

    grey: Floats
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
            Image.Resampling.BOX if shrink <= 0.5 else Image.Resampling.BILINEAR,
            reducing_gap=2.0,
        )
        found = [_corners(small, _STEP**level) for level in range(_LEVELS)]
        grey = np.asarray(small, np.float32)
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


_Corners = tuple[NDArray[np.complex64], NDArray[np.complex64], Floats]


def _corners(small: Image.Image, scale: float) -> _Corners:
    """Corners of the picture shrunk by *scale*, in pixels of the picture itself."""
    size = max(1, round(small.width / scale)), max(1, round(small.height / scale))
    level = small if scale == 1 else small.resize(size, Image.Resampling.BILINEAR)
    if min(size) < 4 * _MARGIN:
        return np.empty(0, np.complex64), np.empty(0, np.complex64), np.empty((0, 128), np.float32)
    grey = _smoothed(np.asarray(level, np.float32))
    slopes = np.zeros(grey.shape, np.complex64)
    slopes.real[1:-1, 1:-1] = grey[1:-1, 2:] - grey[1:-1, :-2]
    slopes.imag[1:-1, 1:-1] = grey[2:, 1:-1] - grey[:-2, 1:-1]
    at = _strongest(slopes, most=round(_MOST_CORNERS / scale))
    facing = _directions(slopes, at)
    stretch = np.complex64(small.width / size[0])
    # From pixels' middles to the plane in which edges, and so boxes, are measured.
    return (at + np.complex64(0.5 + 0.5j)) * stretch, facing * np.complex64(scale), _described(slopes, at, facing)


def _strongest(slopes: NDArray[np.complex64], *, most: int) -> NDArray[np.complex64]:
    """Where the picture changes in every direction (Shi and Tomasi, 1994), the strongest first."""
    across, down = slopes.real, slopes.imag
    xx, yy, xy = (_smoothed(_smoothed(part)) for part in (across * across, down * down, across * down))
    strength = (xx + yy) / 2 - np.sqrt((xx - yy) ** 2 / 4 + xy * xy)
    inner = strength[_MARGIN:-_MARGIN, _MARGIN:-_MARGIN]
    is_peak = inner > _LEAST_STRENGTH * inner.max(initial=0.0)
    for down_by in (-1, 0, 1):
        for across_by in (-1, 0, 1):
            if down_by or across_by:
                rows = slice(_MARGIN + down_by, strength.shape[0] - _MARGIN + down_by)
                columns = slice(_MARGIN + across_by, strength.shape[1] - _MARGIN + across_by)
                is_peak &= inner >= strength[rows, columns]
    rows, columns = np.nonzero(is_peak)
    order = np.argsort(-inner[rows, columns], kind="stable")[:most]
    at = (columns[order] + _MARGIN) + 1j * (rows[order] + _MARGIN)
    return at.astype(np.complex64)


_NEAR = np.arange(-6, 7)
_DISC = np.asarray([x + 1j * y for y in _NEAR for x in _NEAR if x * x + y * y <= 36], np.complex64)
_DISC_WEIGHT = np.exp(-(np.abs(_DISC) ** 2) / (2 * 3.0**2)).astype(np.float32)
_BINS = 36


def _directions(slopes: NDArray[np.complex64], at: NDArray[np.complex64]) -> NDArray[np.complex64]:
    """The direction in which most edges around each corner face, as complex numbers of length one."""
    around = _sampled(slopes, at[:, None] + _DISC)
    turn = np.angle(around) / (2 * np.pi) * _BINS
    bins = np.floor(turn).astype(np.int64) % _BINS
    rows = np.arange(len(at))[:, None] * _BINS
    weight = (np.abs(around) * _DISC_WEIGHT).ravel()
    seen = np.bincount((rows + bins).ravel(), weight, len(at) * _BINS).reshape(-1, _BINS)
    for _ in range(3):
        seen = (np.roll(seen, 1, 1) + seen + np.roll(seen, -1, 1)) / 3
    best = seen.argmax(1)
    index = np.arange(len(at))
    left, peak, right = seen[index, best - 1], seen[index, best], seen[index, (best + 1) % _BINS]
    bend = left - 2 * peak + right
    within = np.where(bend < 0, (left - right) / (2 * np.where(bend < 0, bend, -1)), 0.0)
    return np.exp(2j * np.pi * (best + 0.5 + within) / _BINS).astype(np.complex64)


_SIDE = (np.arange(16) + 0.5) / 8 - 1
_GRID = np.asarray([x + 1j * y for y in _SIDE for x in _SIDE], np.complex64)


def _cell_weights() -> Floats:
    """(16 cells, 256 samples): how much a sample adds to each cell near it, less toward the rim."""
    centres = (np.arange(_CELLS) + 0.5) / (_CELLS / 2) - 1
    near = np.clip(1 - np.abs(_SIDE[None] - centres[:, None]) * (_CELLS / 2), 0, None)
    rim = np.exp(-(np.abs(_GRID) ** 2) / 2)
    return (np.einsum("ay,bx->abyx", near, near).reshape(_CELLS**2, -1) * rim).astype(np.float32)


_CELL_WEIGHTS = _cell_weights()


def _described(
    slopes: NDArray[np.complex64], at: NDArray[np.complex64], facing: NDArray[np.complex64]
) -> Floats:
    """(N, 128): how strongly edges face each of eight directions in each of 4 x 4 cells, turned with the corner."""
    if not len(at):
        return np.empty((0, _CELLS**2 * _DIRECTIONS), np.float32)
    around = _sampled(slopes, at[:, None] + facing[:, None] * (_GRID * np.float32(_REACH)))
    around *= facing.conj()[:, None]
    turn = np.angle(around) * np.float32(_DIRECTIONS / (2 * np.pi))
    first = np.floor(turn)
    share = turn - first
    length = np.abs(around)
    bins = first.astype(np.int64) % _DIRECTIONS
    spread = np.zeros((*around.shape, _DIRECTIONS), np.float32)
    np.put_along_axis(spread, bins[..., None], (length * (1 - share))[..., None], 2)
    np.put_along_axis(spread, ((bins + 1) % _DIRECTIONS)[..., None], (length * share)[..., None], 2)
    looks = (_CELL_WEIGHTS @ spread).reshape(len(at), -1)
    looks = _of_length_one(np.minimum(_of_length_one(looks), _LOUDEST))
    return np.sqrt(looks / np.maximum(looks.sum(1, keepdims=True), 1e-9))


def _of_length_one(looks: Floats) -> Floats:
    return looks / np.maximum(np.linalg.norm(looks, axis=1, keepdims=True), np.float32(1e-9))


def _sampled(slopes: NDArray[np.complex64], at: NDArray[np.complex64]) -> NDArray[np.complex64]:
    """The slopes at the pixels nearest to *at*; beyond the edge, those of the edge."""
    height, width = slopes.shape
    columns = np.clip(np.rint(at.real).astype(np.int64), 0, width - 1)
    rows = np.clip(np.rint(at.imag).astype(np.int64), 0, height - 1)
    return slopes[rows, columns]


def _smoothed(values: Floats) -> Floats:
    """Each value with a quarter of its neighbours', both ways; the rim stays as it is."""
    smooth = values.copy()
    smooth[:, 1:-1] = values[:, 1:-1] / 2 + (values[:, 2:] + values[:, :-2]) / 4
    values = smooth.copy()
    smooth[1:-1] = values[1:-1] / 2 + (values[2:] + values[:-2]) / 4
    return smooth
