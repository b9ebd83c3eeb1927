"""How one photo's small picture lies over another's: a plane seen in perspective, fitted to corners that match."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from models.views import View

Points = NDArray[np.float64]
"""(N, 2): x and y."""
Matrix = NDArray[np.float64]
"""(3, 3): takes (x, y, 1) of the first photo to (x, y, 1) of the second, but for a factor."""

# A photo may show the ground this much larger than the other, and this much nearer at one edge than in its middle.
MOST_ZOOM, _MOST_DEPTH = 5.0, 4.0
_MOST_SQUEEZE = 3.0
# Pixels of the small pictures within which a corner has to land, fit after fit.
FIRST_NEAR = 8.0
_NEAR = (8.0, 8.0, 6.0, 5.0, 4.0, 4.0)
_FEWEST, _FEWEST_FOR_PERSPECTIVE = 6, 16
# Perspective is held near none with this share of the corners' weight: a few in a bunch must not tilt the ground.
_HELD_FLAT = 0.02
_NOUGHT = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """How one view lies over another: ``matrix`` takes small pixels of the first to those of the second.

    ``corners`` is how many matched, ``agreement`` the share of the common ground that looks the same, 0 to 1.
    """

    matrix: Matrix
    corners: int
    agreement: float

    def carry(self, points: Points) -> Points:
        """Where *points* of the first view lie in the second."""
        return carried(self.matrix, points)

    def back(self) -> Self:
        """The second view over the first."""
        return type(self)(inverse(self.matrix), self.corners, self.agreement)

    def then(self, further: Self) -> Self:
        """The first view over the one that the second lies over."""
        return type(self)(
            further.matrix @ self.matrix,
            min(self.corners, further.corners),
            min(self.agreement, further.agreement),
        )


def inverse(matrix: Matrix) -> Matrix:
    """The way back."""
    return np.linalg.inv(matrix).astype(np.float64)


def carried(matrix: Matrix, points: Points) -> Points:
    """*points* through *matrix*; one on the horizon lands very far off."""
    x, y, depth = matrix @ np.vstack([points.T, np.ones(len(points))])
    depth = np.where(np.abs(depth) < _NOUGHT, _NOUGHT, depth)
    return np.stack([x / depth, y / depth], 1)


def fitted(matrix: Matrix, at: Points, to: Points) -> tuple[Matrix, NDArray[np.bool_]]:
    """Fit *matrix* to the matches near it, again and again: first without perspective, then with it.

    Returns:
        The matrix, and which of the matches *at* → *to* follow it.
    """
    near = _near(matrix, at, to, FIRST_NEAR)
    for within in _NEAR:
        if near.sum() < _FEWEST:
            break
        matrix = _solved(at[near], to[near], perspective=near.sum() >= _FEWEST_FOR_PERSPECTIVE)
        near = _near(matrix, at, to, within)
    return matrix, near


def is_plausible(matrix: Matrix, first: View, second: View) -> bool:
    """No photo of a ground shows it mirrored, from below, or hundreds of times as large at one end."""
    if not np.isfinite(matrix).all() or abs(np.linalg.det(matrix)) < _NOUGHT:
        return False
    return _shows_ground(matrix, first) and _shows_ground(inverse(matrix), second)


def zoom(matrix: Matrix) -> float:
    """How much larger the second photo shows the ground than the first, about the first's corner."""
    return float(np.sqrt(abs(np.linalg.det(matrix[:2, :2] / matrix[2, 2]))))


def _near(matrix: Matrix, at: Points, to: Points, within: float) -> NDArray[np.bool_]:
    """Which of *at* land near *to*; in a larger picture of the ground the same error is more pixels."""
    return np.asarray(np.linalg.norm(carried(matrix, at) - to, axis=1) < within * max(1.0, zoom(matrix)))


def _solved(at: Points, to: Points, *, perspective: bool) -> Matrix:
    """The matrix with the least squares, both sides first moved and sized to lie around nought."""
    (at, frame_at), (to, frame_to) = _around_nought(at), _around_nought(to)
    flat, none = np.column_stack([at, np.ones(len(at))]), np.zeros((len(at), 3))
    known = np.block([[flat, none], [none, flat]])
    target = np.concatenate([to[:, 0], to[:, 1]])
    if perspective:
        known = np.hstack([known, -target[:, None] * np.vstack([at, at])])
        known = np.vstack([known, np.eye(8)[6:] * np.sqrt(_HELD_FLAT * len(at))])
        target = np.append(target, [0.0, 0.0])
    solved = np.linalg.lstsq(known, target, rcond=None)[0]
    inner = np.append(solved, 1.0) if perspective else np.append(solved, [0.0, 0.0, 1.0])
    matrix = inverse(frame_to) @ inner.reshape(3, 3) @ frame_at
    return np.asarray(matrix / matrix[2, 2])


def _around_nought(points: Points) -> tuple[Points, Matrix]:
    middle = points.mean(0)
    size = max(1e-6, float(np.abs(points - middle).mean()))
    frame = np.asarray([[1 / size, 0, -middle[0] / size], [0, 1 / size, -middle[1] / size], [0, 0, 1]])
    return (points - middle) / size, frame


def _shows_ground(matrix: Matrix, view: View) -> bool:
    width, height = view.size
    matrix = matrix / matrix[2, 2]
    depths = np.asarray([[0, 0, 1], [width, 0, 1], [width, height, 1], [0, height, 1]]) @ matrix[2]
    if depths.min() < 1 / _MOST_DEPTH or depths.max() > _MOST_DEPTH or np.linalg.det(matrix[:2, :2]) <= 0:
        return False
    along, across = np.linalg.svd(matrix[:2, :2], compute_uv=False)
    return bool(along < MOST_ZOOM and across > 1 / MOST_ZOOM and along < _MOST_SQUEEZE * across)
