"""Whether two photos show the same ground, and where a point of the one lies in the other.

Corners that look alike propose how one photo turns, shrinks and shifts into the other; the proposal that most corners
follow is fitted more exactly; then the pictures themselves, laid over each other, have to agree. A photo laid wrongly
over another is worse than none: where it is not plain that both show one ground, the answer is that they do not.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.views import LONGEST_SIDE, Floats, View

Points = NDArray[np.float64]
"""(N, 2): x and y."""

# The second best match of a corner has to be this much less like it (Lowe, 2004, section 7.1).
_CLEARLY_BEST = 0.86
_ANOTHER_PLACE = 6.0  # pixels of the small pictures
# Matches from which every pair proposes; more add time, not proposals.
_MOST_PROPOSING = 80
# What a proposal may differ from the sizes and directions of the corners that it rests on.
_SIZE_FACTOR = 1.8
_TURN = np.deg2rad(30)
# Pixels of the small pictures: a corner lands this near to where it belongs.
_FIRST_NEAR, _NEAR = 8.0, 4.0
# A photo may show the ground this much larger than the other.
_MOST_ZOOM = 5.0
_FEWEST_CORNERS = 8
_FEWEST_FOR_PERSPECTIVE = 16
# Corners in a strip or a patch - a line of text that a camera writes on every photo - place nothing.
_LEAST_SPREAD = 0.1
_BLOCK = 12
_FEWEST_BLOCKS = 6
# Share of the blocks with something to see in them that agree, and how far a block has to.
_BLOCKS_AGREE = 0.5
_BLOCK_AGREES = 0.5
# Standard deviation in grey levels from which there is something to see in a block.
_PLAIN = 4.0


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """How one view lies over another: ``matrix`` (3, 3) takes small pixels of the first to those of the second."""

    matrix: NDArray[np.float64]
    corners: int
    agreement: float

    def carry(self, points: Points) -> Points:
        """Where *points* of the first view lie in the second."""
        x, y, w = self.matrix @ np.vstack([points.T, np.ones(len(points))])
        w = np.where(np.abs(w) < 1e-9, 1e-9, w)
        return np.stack([x / w, y / w], 1)

    def back(self) -> Self:
        """The second view over the first."""
        return type(self)(np.linalg.inv(self.matrix), self.corners, self.agreement)


def lay_over(first: View, second: View) -> Laid | None:
    """Return how *first* lies over *second*; None where nothing shows that they share ground.

    The answer for the two the other way round is the same, turned back.
    """
    if first.key == second.key:
        return Laid(np.eye(3), len(first.at), 1.0)
    if second.key < first.key:
        laid = _lay_over(second, first)
        return None if laid is None else laid.back()
    return _lay_over(first, second)


def _lay_over(first: View, second: View) -> Laid | None:
    one, other = _matches(first, second)
    if len(one) < _FEWEST_CORNERS:
        return None
    proposal = _best_proposal(first, second, one, other)
    if proposal is None:
        return None
    matrix, near = _fitted(proposal, first.at[one], second.at[other])
    corners = int(near.sum())
    if corners < _FEWEST_CORNERS or not _is_plausible(matrix, first, second):
        return None
    spread = max(_spread(first.at[one][near], first), _spread(second.at[other][near], second))
    if spread < _LEAST_SPREAD:
        return None
    agreement = _agreement(matrix, first, second)
    return Laid(matrix, corners, agreement) if agreement >= _BLOCKS_AGREE else None


def _matches(first: View, second: View) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Indexes of corners that look most like each other and clearly less like any other, the surest first."""
    if min(len(first.at), len(second.at)) < 2:
        return np.empty(0, np.intp), np.empty(0, np.intp)
    alike = first.looks @ second.looks.T
    best = alike.argmax(1)
    rows = np.flatnonzero(alike.argmax(0)[best] == np.arange(len(alike)))
    best = best[rows]
    # The same corner is often found at two sizes: what competes is a look somewhere else.
    elsewhere = np.abs(second.at[best][:, None] - second.at) > _ANOTHER_PLACE
    rival = np.where(elsewhere, alike[rows], -1.0).max(1)
    ratio = _apart(alike[rows, best]) / _apart(rival)
    order = np.argsort(ratio, kind="stable")
    kept = order[: int((ratio < _CLEARLY_BEST).sum())]
    return rows[kept], best[kept]


def _apart(alike: Floats) -> Floats:
    """How far apart descriptions of length one lie, from how alike they are."""
    return np.sqrt(np.clip(2 - 2 * alike, 1e-9, None))


def _best_proposal(
    first: View, second: View, one: NDArray[np.intp], other: NDArray[np.intp]
) -> NDArray[np.float64] | None:
    """The similarity through two matches that most matches follow, as a matrix."""
    a, b = first.at[one].astype(np.complex128), second.at[other].astype(np.complex128)
    grow = second.facing[other].astype(np.complex128) / first.facing[one]
    i, j = np.triu_indices(min(len(one), _MOST_PROPOSING), 1)
    apart = np.abs(a[i] - a[j]) > 10
    i, j = i[apart], j[apart]
    turn = (b[j] - b[i]) / (a[j] - a[i])
    size = np.abs(turn)
    usable = (size < _MOST_ZOOM) & (size > 1 / _MOST_ZOOM) & _alike(turn, grow[i]) & _alike(turn, grow[j])
    i, turn = i[usable], turn[usable]
    if not len(i):
        return None
    shift = b[i] - turn * a[i]
    miss = np.abs(turn[:, None] * a + shift[:, None] - b)
    near = miss < _FIRST_NEAR * np.maximum(1.0, np.abs(turn))[:, None]
    near &= _alike(turn[:, None], grow[None])
    best = int((near * (1.0 - 0.01 * miss / miss.max())).sum(1).argmax())
    m, t = turn[best], shift[best]
    return np.asarray([[m.real, -m.imag, t.real], [m.imag, m.real, t.imag], [0, 0, 1]])


def _alike(turn: NDArray[np.complex128], grow: NDArray[np.complex128]) -> NDArray[np.bool_]:
    """Whether a similarity turns and grows as its corners do."""
    off = turn / grow
    size = np.abs(off)
    return (size < _SIZE_FACTOR) & (size > 1 / _SIZE_FACTOR) & (np.abs(np.angle(off)) < _TURN)


def _fitted(
    matrix: NDArray[np.float64], at: NDArray[np.complex64], to: NDArray[np.complex64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Fit the matrix to the matches near it, again and again: first as a plane, then in perspective."""
    a, b = _points(at), _points(to)
    near = _near(matrix, a, b, _FIRST_NEAR)
    for within in (_FIRST_NEAR, _FIRST_NEAR, 6.0, 5.0, _NEAR, _NEAR):
        if near.sum() < _FEWEST_CORNERS - 3:
            break
        perspective = near.sum() >= _FEWEST_FOR_PERSPECTIVE
        matrix = _solved(a[near], b[near], perspective=perspective)
        near = _near(matrix, a, b, within)
    return matrix, near


def _solved(a: Points, b: Points, *, perspective: bool) -> NDArray[np.float64]:
    """The matrix that takes *a* to *b* with the least squares, both first moved and sized to lie around nought."""
    (a, frame_a), (b, frame_b) = _normalised(a), _normalised(b)
    ones, none = np.ones(len(a)), np.zeros((len(a), 3))
    flat = np.column_stack([a, ones])
    known = np.block([[flat, none], [none, flat]])
    target = np.concatenate([b[:, 0], b[:, 1]])
    if perspective:
        bent = -target[:, None] * np.vstack([a, a])
        known = np.hstack([known, bent])
        # Perspective is held near none: a few corners in a bunch must not tilt the ground.
        known = np.vstack([known, np.eye(8)[6:] * np.sqrt(0.02 * len(a))])
        target = np.concatenate([target, [0, 0]])
    solved = np.linalg.lstsq(known, target, rcond=None)[0]
    inner = np.append(solved, 1.0) if perspective else np.append(solved, [0, 0, 1.0])
    matrix = np.linalg.inv(frame_b) @ inner.reshape(3, 3) @ frame_a
    return np.asarray(matrix / matrix[2, 2])


def _normalised(points: Points) -> tuple[Points, NDArray[np.float64]]:
    middle = points.mean(0)
    size = max(1e-6, float(np.abs(points - middle).mean()))
    frame = np.asarray([[1 / size, 0, -middle[0] / size], [0, 1 / size, -middle[1] / size], [0, 0, 1]])
    return (points - middle) / size, frame


def _near(matrix: NDArray[np.float64], a: Points, b: Points, within: float) -> NDArray[np.bool_]:
    """Which of *a* land near *b*; in a larger picture of the ground the same error is more pixels."""
    laid = Laid(matrix, 0, 0.0)
    size = np.sqrt(max(1e-6, abs(np.linalg.det(matrix[:2, :2]))))
    return np.asarray(np.linalg.norm(laid.carry(a) - b, axis=1) < within * max(1.0, size))


def _is_plausible(matrix: NDArray[np.float64], first: View, second: View) -> bool:
    """No photo of a ground shows it mirrored, from behind, or hundreds of times as large at one end."""
    if not np.isfinite(matrix).all() or abs(np.linalg.det(matrix)) < 1e-9:
        return False
    return all(
        _is_seen_from_before(one, view)
        for one, view in ((matrix, first), (np.linalg.inv(matrix), second))
    )


def _is_seen_from_before(matrix: NDArray[np.float64], view: View) -> bool:
    width, height = view.size
    edge = np.asarray([[0, 0, 1], [width, 0, 1], [width, height, 1], [0, height, 1]], np.float64)
    depth = edge @ matrix[2] / matrix[2, 2]
    if depth.min() < 0.25 or depth.max() > 4:
        return False
    sizes = np.linalg.svd(matrix[:2, :2] / matrix[2, 2], compute_uv=False)
    return bool(np.linalg.det(matrix[:2, :2]) > 0 and sizes[0] < _MOST_ZOOM and sizes[1] > 1 / _MOST_ZOOM
                and sizes[0] / sizes[1] < 3)


def _spread(at: NDArray[np.complex64], view: View) -> float:
    """How widely corners lie: four deviations along and across, as a share of the picture's area."""
    deviations = np.linalg.svd(_points(at) - _points(at).mean(0), compute_uv=False) / np.sqrt(len(at))
    return float(16 * deviations[0] * deviations[1] / (view.size[0] * view.size[1]))


def _agreement(matrix: NDArray[np.float64], first: View, second: View) -> float:
    """The share of blocks, of those that show anything, that look the same in both pictures laid over each other.

    The photo that shows the ground larger is laid over the other one, so that neither is stretched.
    """
    if abs(np.linalg.det(matrix[:2, :2])) > 1:
        matrix, first, second = np.linalg.inv(matrix), second, first
    back = np.linalg.inv(matrix)
    shrink = np.sqrt(abs(np.linalg.det(matrix[:2, :2])))
    source = Image.fromarray(first.grey.astype(np.uint8))
    stretch = np.eye(3)
    if shrink < 0.7:
        size = max(8, round(source.width * shrink)), max(8, round(source.height * shrink))
        stretch = np.diag([size[0] / source.width, size[1] / source.height, 1.0])
        source = source.resize(size, Image.Resampling.BOX)
    back = stretch @ back
    back /= back[2, 2]
    width, height = second.size
    laid = source.convert("F").transform(
        (width, height), Image.Transform.PERSPECTIVE, back.ravel()[:8].tolist(), Image.Resampling.BILINEAR, fillcolor=-1.0
    )
    return _blocks_alike(np.asarray(laid), second.grey)


def _blocks_alike(laid: Floats, ground: Floats) -> float:
    height, width = (side // _BLOCK * _BLOCK for side in ground.shape)
    if not height or not width:
        return 0.0
    one, other = _blocks(laid[:height, :width]), _blocks(ground[:height, :width])
    whole = (one >= 0).all(1)
    one, other = one[whole], other[whole]
    one, other = one - one.mean(1, keepdims=True), other - other.mean(1, keepdims=True)
    deviations = np.sqrt((one**2).mean(1)), np.sqrt((other**2).mean(1))
    shows = np.maximum(*deviations) > _PLAIN
    if shows.sum() < _FEWEST_BLOCKS:
        return 0.0
    alike = (one * other).mean(1)[shows] / np.maximum(deviations[0] * deviations[1], 1e-6)[shows]
    return float((alike > _BLOCK_AGREES).mean())


def _blocks(grey: Floats) -> Floats:
    rows, columns = grey.shape[0] // _BLOCK, grey.shape[1] // _BLOCK
    return grey.reshape(rows, _BLOCK, columns, _BLOCK).swapaxes(1, 2).reshape(rows * columns, -1)


def _points(at: NDArray[np.complex64]) -> Points:
    return np.stack([at.real, at.imag], 1).astype(np.float64)
