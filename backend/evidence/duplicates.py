"""Whether one photo is a copy of another: recompressed, resized, cropped, lit otherwise, mirrored or turned.

Two photos of one pen have the same corners too, and lie over each other. What tells a copy is what is left once it lies
over its original to a fraction of a pixel: every part of a copy looks the same but for gain and offset; in a second
shot animals moved, or near things shifted before far ones. Figures: docs/decisions/0045.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from backend.domain.copies import Changed, Light
from backend.evidence.alignment import Aligned, Grey, Matrix, align
from backend.evidence.fingerprint import Fingerprint, Likeness, likenesses
from backend.evidence.photo import Decoded
from models.views import View

COMPARED_SIDE = 320
"""Longest side, pixels, at which two photos are laid over each other."""

_BLOCK = 16
_FEWEST_BLOCKS = 8
# Standard deviation in grey levels below which a block shows nothing to compare.
_PLAIN = 4.0
_WHITE = 250.0
# Correlation below which a block is another one, and grey levels that have to be left of it then.
_ANOTHER, _LEFT_OVER = 0.8, 8.0
# Of 230 pairs of real photos of one scene half a second apart or more the most alike was 0.12 off in the mean, and in
# 12 % of its blocks another picture (docs/decisions/0045).
_MOST_DISTANCE = 0.11
_MOST_ANOTHER = 0.06
# Of one of the two, the other has to show this share of its own picture.
_LEAST_SHARED = 0.4
_GRID = 192  # points a side of a picture that say how much of it the other one shows
# An affine map squeezes one way more than the other; nobody who copies a photo does so more than this.
_MOST_SQUEEZE = 1.25
_MOST_ZOOM = 4.0
_SHRUNK = 1.1
# What is told of a copy: less than this lies within the error of laying it.
_TOLD_DEGREES, _TOLD_PERCENT, _TOLD_LIGHT = 1, 2, 0.08


@dataclass(frozen=True, slots=True)
class Judged:
    """``distance``: 0 for the same picture, 1 for another one. ``changed`` is None where it is no copy."""

    distance: float
    changed: Changed | None


ANOTHER = Judged(1.0, None)


def judge_pair(first: Decoded, second: Decoded, likeness: Likeness | None) -> Judged:
    """Return whether one of two photos is a copy of the other.

    Args:
        first: A photo, decoded for ``COMPARED_SIDE``.
        second: Another, likewise; what was done is told as done to the first.
        likeness: How the first may have become the second, by their fingerprints.
    """
    if likeness is None:
        return ANOTHER
    one, other = _grey(first), _grey(second)
    if likeness.is_mirrored:
        one = one.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    try:
        laid = _laid(one, other, _matrix(likeness, one.size, other.size))
    except np.linalg.LinAlgError:
        # What they share is flat, or too white to be compared: no map is better than another.
        laid = None
    if laid is None:
        return ANOTHER
    aligned, matrix, is_back = laid
    shared = _shared(matrix, one.size, other.size)
    if max(shared) < _LEAST_SHARED or not _keeps_shape(matrix):
        return ANOTHER
    distance, another = _left_over(aligned)
    if distance > _MOST_DISTANCE or another > _MOST_ANOTHER:
        return Judged(distance, None)
    scale = (second.width / other.width) / (first.width / one.width)
    light = _light(aligned, is_back=is_back)
    return Judged(distance, _changed(matrix, min(shared), scale, light, is_mirrored=likeness.is_mirrored))


def _grey(photo: Decoded) -> Image.Image:
    picture = Image.fromarray(photo.image).convert("L")
    shrink = min(1.0, COMPARED_SIDE / max(picture.size))
    size = max(1, round(picture.width * shrink)), max(1, round(picture.height * shrink))
    return picture.resize(size, Image.Resampling.BOX) if shrink < 1 else picture


def _matrix(likeness: Likeness, one: tuple[int, int], other: tuple[int, int]) -> Matrix:
    turn, shift = likeness.way.turn, likeness.way.shift
    way = np.asarray([[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag], [0, 0, 1]])
    (seen_one, seen_other) = likeness.of
    down = np.diag([seen_one[0] / one[0], seen_one[1] / one[1], 1.0])
    up = np.diag([other[0] / seen_other[0], other[1] / seen_other[1], 1.0])
    return np.asarray(up @ way @ down)


def _laid(one: Image.Image, other: Image.Image, matrix: Matrix) -> tuple[Aligned, Matrix, bool] | None:
    """The picture that shows things larger laid over the other; the way from *one* to *other*, bettered.

    And whether *one* is what was laid.
    """
    is_back = _zoom(matrix) < 1
    if is_back:
        one, other, matrix = other, one, _inverse(matrix)
    zoom = _zoom(matrix)
    if zoom > _MOST_ZOOM:
        return None
    shrunk, scaling = other, np.eye(3)
    if zoom > _SHRUNK:
        size = max(1, round(other.width / zoom)), max(1, round(other.height / zoom))
        shrunk = other.resize(size, Image.Resampling.BOX)
        scaling = np.diag([size[0] / other.width, size[1] / other.height, 1.0])
    aligned = align(one, shrunk, scaling @ matrix)
    if aligned is None:
        return None
    found = np.asarray(_inverse(scaling) @ aligned.matrix)
    return aligned, _inverse(found) if is_back else found, is_back


def _inverse(matrix: Matrix) -> Matrix:
    return np.linalg.inv(matrix).astype(np.float64)


def _zoom(matrix: Matrix) -> float:
    return float(np.sqrt(abs(np.linalg.det(matrix))))


def _keeps_shape(matrix: Matrix) -> bool:
    along, across = np.linalg.svd(matrix[:2, :2], compute_uv=False)
    return bool(along < _MOST_SQUEEZE * across and np.linalg.det(matrix[:2, :2]) > 0)


def _shared(matrix: Matrix, one: tuple[int, int], other: tuple[int, int]) -> tuple[float, float]:
    """The share of each picture that the other one shows."""
    return _inside(matrix, one, other), _inside(_inverse(matrix), other, one)


def _inside(matrix: Matrix, one: tuple[int, int], other: tuple[int, int]) -> float:
    x, y = np.meshgrid((np.arange(_GRID) + 0.5) / _GRID * one[0], (np.arange(_GRID) + 0.5) / _GRID * one[1])
    to_x, to_y, _ = matrix @ np.stack([x.ravel(), y.ravel(), np.ones(x.size)])
    return float(((to_x >= 0) & (to_x <= other[0]) & (to_y >= 0) & (to_y <= other[1])).mean())


def _left_over(aligned: Aligned) -> tuple[float, float]:
    """How far the common ground is from looking the same in the mean, and the share of it that is another picture.

    Both pictures are smoothed first: recompressing and resampling change single pixels.
    """
    one, other = _blocks(_smoothed(aligned.ground)), _blocks(_smoothed(aligned.laid))
    seen = np.isfinite(other).all(1)
    one, other = one[seen], other[seen]
    lit = (one.max(1, initial=0) < _WHITE) & (other.max(1, initial=0) < _WHITE)
    one, other = one[lit], other[lit]
    one, other = one - one.mean(1, keepdims=True), other - other.mean(1, keepdims=True)
    spread = np.sqrt((one**2).mean(1)), np.sqrt((other**2).mean(1))
    most = np.maximum(*spread)
    shows = most > _PLAIN
    if shows.sum() < _FEWEST_BLOCKS:
        return 1.0, 1.0
    alike = (one * other).mean(1)[shows] / np.maximum(spread[0] * spread[1], 1e-6)[shows]
    left = np.sqrt(np.clip(1 - alike**2, 0, None)) * most[shows]
    another = (alike < _ANOTHER) & (left > _LEFT_OVER)
    return float(np.clip(1 - alike.mean(), 0, 1)), float(another.mean())


def _blocks(grey: Grey) -> Grey:
    """(blocks, pixels): the picture cut into squares; what is left over at the right and below is not looked at."""
    down, across = grey.shape[0] // _BLOCK, grey.shape[1] // _BLOCK
    whole = grey[: down * _BLOCK, : across * _BLOCK]
    return whole.reshape(down, _BLOCK, across, _BLOCK).swapaxes(1, 2).reshape(down * across, -1)


def _smoothed(grey: Grey) -> Grey:
    """Each pixel with a quarter of its neighbours', both ways; NaN spreads by one."""
    smooth = grey.copy()
    smooth[:, 1:-1] = grey[:, 1:-1] / 2 + (grey[:, 2:] + grey[:, :-2]) / 4
    both = smooth.copy()
    both[1:-1] = smooth[1:-1] / 2 + (smooth[2:] + smooth[:-2]) / 4
    return both


def _changed(
    matrix: Matrix, shared: float, scale: float, light: Light | None, *, is_mirrored: bool
) -> Changed:
    degrees = float(np.degrees(np.arctan2(matrix[1, 0] - matrix[0, 1], matrix[0, 0] + matrix[1, 1])))
    quarter = round(degrees / 90) * 90
    tilted = round(degrees - quarter)
    percent = round(100 * _zoom(matrix) * scale)
    cropped = round(100 * (1 - shared))
    return Changed(
        mirrored=is_mirrored,
        turned=quarter % 360,
        tilted=tilted if abs(tilted) >= _TOLD_DEGREES else 0,
        cropped=cropped if cropped >= _TOLD_PERCENT else 0,
        resized=percent if abs(percent - 100) > _TOLD_PERCENT else None,
        light=light,
    )


def _light(aligned: Aligned, *, is_back: bool) -> Light | None:
    seen = np.isfinite(aligned.laid)
    one, other = float(aligned.ground[seen].mean()), float(aligned.laid[seen].mean())
    if is_back:
        one, other = other, one
    change = (other - one) / max(1.0, one)
    if abs(change) < _TOLD_LIGHT:
        return None
    return Light.BRIGHTER if change > 0 else Light.DARKER


def compare(first: Decoded, second: Decoded) -> Judged:
    """Judge two photos of which nothing is known yet: *second* as a copy of *first*, or the other way round."""
    one, other = (Fingerprint.of(View.of(photo.image)) for photo in (first, second))
    return judge_pair(first, second, likenesses(one, [other])[0])
