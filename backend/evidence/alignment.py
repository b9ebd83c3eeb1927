"""One grey picture laid over another to a fraction of a pixel: what is left between them is what differs.

Gauss and Newton's way on an affine map with gain and offset, from small pictures to large ones (Baker and Matthews,
"Lucas-Kanade 20 Years On", International Journal of Computer Vision 56, 2004). A copy is an affine map of its
original, whatever else was done to it; a second shot of the same scene is not, unless the camera stood still.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Grey = NDArray[np.float32]
"""(height, width) levels of 255."""
Matrix = NDArray[np.float64]
"""(3, 3): takes (x, y, 1) to (x, y, 1), the middle of the first pixel being (0.5, 0.5)."""

# Each is a share of the full size, and how often the map is bettered there.
_LEVELS = ((0.25, 8), (0.5, 5), (1.0, 4))
_SMALLEST = 24  # pixels of a level's shorter side
# Where light was cut off, brighter and darker do not follow each other.
_WHITE = 250.0
_FEWEST_PIXELS = 400
_STILL = 1e-3
_OUTSIDE = -1000.0


@dataclass(frozen=True, slots=True, eq=False)
class Aligned:
    """``ground`` and ``laid`` are of one size, NaN in ``laid`` where the other picture shows nothing.

    ``matrix`` takes a pixel of the ground to one of the other picture.
    """

    ground: Grey
    laid: Grey
    matrix: Matrix


def align(ground: Image.Image, other: Image.Image, matrix: Matrix) -> Aligned | None:
    """Better *matrix*, which takes a pixel of *ground* to one of *other*; None where it runs away.

    Both are grey. *other* should show things no smaller than *ground* does, and not twice as large.
    """
    for share, often in _LEVELS:
        small, reduced = (_reduced(picture, share) for picture in (ground, other))
        if share < 1 and min(small.size + reduced.size) < _SMALLEST:
            continue
        down, up = (_scaling(one, picture) for one, picture in ((small, ground), (reduced, other)))
        found = _bettered(small, reduced, up @ matrix @ np.linalg.inv(down), often)
        if found is None:
            return None
        matrix = np.linalg.inv(up) @ found @ down
    laid = _warped(other, ground.size, matrix, Image.Resampling.BICUBIC)
    laid[laid < _OUTSIDE / 2] = np.nan
    return Aligned(np.asarray(ground, np.float32), laid, matrix)


def _bettered(ground: Image.Image, other: Image.Image, matrix: Matrix, often: int) -> Matrix | None:
    still = np.asarray(ground, np.float32)
    source = other.convert("F")
    steps = _steps(still)
    for _ in range(often):
        laid = _warped(source, ground.size, matrix, Image.Resampling.BILINEAR)
        seen = ((laid > _OUTSIDE / 2) & (laid < _WHITE) & (still < _WHITE)).ravel()
        if seen.sum() < _FEWEST_PIXELS:
            return None
        known, wanted = steps[:, seen], laid.ravel()[seen]
        square = (known @ known.T).astype(np.float64)
        square[np.diag_indices(8)] *= 1 + 1e-6
        solved = np.linalg.solve(square, (known @ wanted).astype(np.float64))
        gain = solved[6]
        if gain < _STILL:
            return None
        change = solved[:6] / gain
        matrix = matrix @ np.linalg.inv(_step(change, ground.size))
        if not np.isfinite(matrix).all() or abs(np.linalg.det(matrix)) < _STILL:
            return None
        if np.abs(change).max() < _STILL:
            break
    return matrix


def _steps(ground: Grey) -> Grey:
    """(8, pixels): how each pixel changes with the six numbers of an affine map about the middle, gain and offset."""
    across, down = np.zeros_like(ground), np.zeros_like(ground)
    across[:, 1:-1] = (ground[:, 2:] - ground[:, :-2]) / 2
    down[1:-1] = (ground[2:] - ground[:-2]) / 2
    height, width = ground.shape
    half = max(width, height) / 2
    x = ((np.arange(width, dtype=np.float32) + 0.5 - width / 2) / half)[None]
    y = ((np.arange(height, dtype=np.float32) + 0.5 - height / 2) / half)[:, None]
    rows = (across * x, across * y, across, down * x, down * y, down, ground, np.ones_like(ground))
    return np.stack([row.ravel() for row in rows])


def _step(change: NDArray[np.float64], size: tuple[int, int]) -> Matrix:
    """Six numbers, in pixels by which the picture's rim moves, as a map of pixels."""
    half = max(size) / 2
    step = np.eye(3)
    step[:2] += change.reshape(2, 3) / half
    frame = np.asarray([[1 / half, 0, -size[0] / 2 / half], [0, 1 / half, -size[1] / 2 / half], [0, 0, 1]])
    return np.asarray(np.linalg.inv(frame) @ step @ frame)


def _warped(other: Image.Image, size: tuple[int, int], matrix: Matrix, way: Image.Resampling) -> Grey:
    picture = other if other.mode == "F" else other.convert("F")
    coefficients = (matrix / matrix[2, 2]).ravel()[:6].tolist()
    laid = picture.transform(size, Image.Transform.AFFINE, coefficients, way, fillcolor=_OUTSIDE)
    return np.array(laid, np.float32)


def _reduced(picture: Image.Image, share: float) -> Image.Image:
    if share == 1:
        return picture
    size = max(1, round(picture.width * share)), max(1, round(picture.height * share))
    return picture.resize(size, Image.Resampling.BOX)


def _scaling(small: Image.Image, whole: Image.Image) -> Matrix:
    return np.diag([small.width / whole.width, small.height / whole.height, 1.0])
