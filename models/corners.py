"""Corners of a picture, each with a description by which it is found again in another picture.

A corner is described by the directions of the edges around it, turned with the corner itself, as in Lowe,
"Distinctive Image Features from Scale-Invariant Keypoints", International Journal of Computer Vision 60 (2004).
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Floats = NDArray[np.float32]
Plane = NDArray[np.complex64]
"""Points, directions or slopes of a picture as x + iy."""

STEP = 2**0.5
"""Each level is smaller than the one before by this."""

# Corners kept on the largest level; the smaller ones keep fewer.
_MOST_CORNERS = 220
_MARGIN = 8  # pixels of a level at its rim in which no corner is looked for
# Of the strongest corner's strength: weaker ones are noise.
_LEAST_STRENGTH = 0.002
_AROUND = 6  # pixels of a level around a corner that give it its direction
_BINS = 36
_REACH = 10.0  # pixels of a level from a corner to the edge of what describes it
_CELLS, _DIRECTIONS = 4, 8
_LENGTH = _CELLS**2 * _DIRECTIONS
# One edge, however strong, says no more than this of a description of length one.
_LOUDEST = 0.2


def corners(small: Image.Image, scale: float) -> tuple[Plane, Plane, Floats]:
    """Find the corners of a grey picture shrunk by *scale*.

    Returns:
        (N,) where they are, in pixels of the picture itself; (N,) their size and direction; (N, 128) descriptions of
        length one. None at all where the shrunk picture is too small.
    """
    size = max(1, round(small.width / scale)), max(1, round(small.height / scale))
    level = small if scale == 1 else small.resize(size, Image.Resampling.BILINEAR)
    if min(size) < 4 * _MARGIN:
        return np.empty(0, np.complex64), np.empty(0, np.complex64), np.empty((0, _LENGTH), np.float32)
    grey = _smoothed(np.asarray(level, np.float32))
    slopes = np.zeros(grey.shape, np.complex64)
    slopes.real[1:-1, 1:-1] = grey[1:-1, 2:] - grey[1:-1, :-2]
    slopes.imag[1:-1, 1:-1] = grey[2:, 1:-1] - grey[:-2, 1:-1]
    at = _strongest(slopes, most=round(_MOST_CORNERS / scale))
    facing = _directions(slopes, at)
    stretch = np.complex64(small.width / size[0])
    # From pixels' middles to the plane in which edges, and so boxes, are measured.
    return (
        (at + np.complex64(0.5 + 0.5j)) * stretch,
        facing * np.complex64(scale),
        _described(slopes, at, facing),
    )


def _strongest(slopes: Plane, *, most: int) -> Plane:
    """Where the picture changes in every direction (Shi and Tomasi, 1994), the strongest first."""
    across, down = slopes.real, slopes.imag
    xx, yy, xy = (_smoothed(_smoothed(part)) for part in (across * across, down * down, across * down))
    strength = (xx + yy) / 2 - np.sqrt((xx - yy) ** 2 / 4 + xy * xy)
    inner = strength[_MARGIN:-_MARGIN, _MARGIN:-_MARGIN]
    is_peak = inner > _LEAST_STRENGTH * inner.max(initial=0.0)
    for down_by in (-1, 0, 1):
        for across_by in (-1, 0, 1):
            if down_by or across_by:
                beside = np.roll(strength, (down_by, across_by), (0, 1))
                is_peak &= inner >= beside[_MARGIN:-_MARGIN, _MARGIN:-_MARGIN]
    down_at, across_at = np.nonzero(is_peak)
    order = np.argsort(-inner[down_at, across_at], kind="stable")[:most]
    at = (across_at[order] + _MARGIN) + 1j * (down_at[order] + _MARGIN)
    return at.astype(np.complex64)


_DISC = np.asarray(
    [
        x + 1j * y
        for y in range(-_AROUND, _AROUND + 1)
        for x in range(-_AROUND, _AROUND + 1)
        if abs(x + 1j * y) <= _AROUND
    ],
    np.complex64,
)
_DISC_WEIGHT = np.exp(-(np.abs(_DISC) ** 2) / (2 * (_AROUND / 2) ** 2)).astype(np.float32)
_BINS = 36


def _directions(slopes: Plane, at: Plane) -> Plane:
    """The direction in which most edges around each corner face, as complex numbers of length one."""
    around = _sampled(slopes, at[:, None] + _DISC)
    turn = np.angle(around) / (2 * np.pi) * _BINS
    bins = np.floor(turn).astype(np.int64) % _BINS
    own = np.arange(len(at))[:, None] * _BINS
    weight = (np.abs(around) * _DISC_WEIGHT).ravel()
    flat = np.bincount((own + bins).ravel(), weight, len(at) * _BINS)
    seen = np.asarray(flat.reshape(-1, _BINS), np.float64)
    for _ in range(3):
        seen = (np.roll(seen, 1, 1) + seen + np.roll(seen, -1, 1)) / 3
    best = seen.argmax(1)
    index = np.arange(len(at))
    left, peak, right = seen[index, best - 1], seen[index, best], seen[index, (best + 1) % _BINS]
    bend = left - 2 * peak + right
    within = np.where(bend < 0, (left - right) / (2 * np.where(bend < 0, bend, -1)), 0.0)
    turned = np.exp(2j * np.pi * (best + 0.5 + within) / _BINS)
    return np.asarray(turned, np.complex64)


_SIDE = (np.arange(16) + 0.5) / 8 - 1
_GRID = np.asarray([x + 1j * y for y in _SIDE for x in _SIDE], np.complex64)


def _cell_weights() -> Floats:
    """(16 cells, 256 samples): how much a sample adds to each cell near it, less toward the rim."""
    centres = (np.arange(_CELLS) + 0.5) / (_CELLS / 2) - 1
    near = np.clip(1 - np.abs(_SIDE[None] - centres[:, None]) * (_CELLS / 2), 0, None)
    rim = np.exp(-(np.abs(_GRID) ** 2) / 2)
    cells = np.einsum("ay,bx->abyx", near, near).reshape(_CELLS**2, -1)
    return np.asarray(cells * rim, np.float32)


_CELL_WEIGHTS = _cell_weights()


def _described(slopes: Plane, at: Plane, facing: Plane) -> Floats:
    """(N, 128): how strongly edges face each of eight directions in each of 4 x 4 cells, turned with the corner."""
    if not len(at):
        return np.empty((0, _LENGTH), np.float32)
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
    # Roots of the shares: Arandjelovic and Zisserman, CVPR 2012.
    shares = looks / np.maximum(looks.sum(1, keepdims=True), np.float32(1e-9))
    return np.asarray(np.sqrt(shares), np.float32)


def _of_length_one(looks: Floats) -> Floats:
    length = np.linalg.norm(looks, axis=1, keepdims=True).astype(np.float32)
    return np.asarray(looks / np.maximum(length, np.float32(1e-9)), np.float32)


def _sampled(slopes: Plane, at: Plane) -> Plane:
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
