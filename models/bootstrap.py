"""How far a figure from few photos can be trusted: 95 % intervals.

Photos of one pen resemble one another, so scenes are drawn, not photos: two dozen photos of one pen are one scene, and
one scene says nothing about the next. Every interval comes from the same seed and is the same each time.
"""

from collections.abc import Sequence
from math import sqrt

import numpy as np
from numpy.typing import NDArray

Interval = tuple[float, float]

_SEED = 20261123
_DRAWS = 2000
_Z = 1.959964  # of the normal distribution: 95 % lie within so many standard deviations
_TAILS = (2.5, 97.5)
# One scene says nothing of how scenes differ.
FEWEST_SCENES = 2
# Draws that differ by less are the same figure, added up in another order.
_SAME = 1e-9


def draws(scenes: int) -> NDArray[np.float64]:
    """Return how often each scene is drawn in each of 2 000 draws with replacement: (draws, *scenes*)."""
    rng = np.random.default_rng(_SEED)
    return rng.multinomial(scenes, np.full(scenes, 1 / scenes), size=_DRAWS).astype(np.float64)


def ratio_interval(
    scene: Sequence[str], above: Sequence[float], below: Sequence[float], *, is_share: bool
) -> Interval | None:
    """Return the 95 % bootstrap interval of ``sum(above) / sum(below)``.

    Args:
        scene: Of each photo.
        above: What each photo adds above the line.
        below: What it adds below; a scene that adds nothing there has no say.
        is_share: Whether the figure is a share of things, 0 to 1.

    Returns:
        None where fewer than two scenes have a say. Where every draw gives the same figure the bootstrap is blind: a
        share that is 0 or 1 in every scene then has Wilson's interval over the **scenes**, anything else None.
    """
    numerator, denominator = _by_scene(scene, above, below)
    if len(denominator) < FEWEST_SCENES:
        return None
    often = draws(len(denominator))
    figures = (often @ numerator) / (often @ denominator)
    if varies(figures):
        return percentiles(figures)
    share = round(float(figures[0]), 9)
    return (
        wilson(round(share * len(denominator)), len(denominator))
        if is_share and share in {0.0, 1.0}
        else None
    )


def varies(figures: NDArray[np.float64]) -> bool:
    """Whether the drawn *figures* differ; those that are no number are left out."""
    return float(np.nanmax(figures) - np.nanmin(figures)) > _SAME


def percentiles(figures: NDArray[np.float64]) -> Interval:
    """Return what the middle 95 % of the drawn *figures* span; those that are no number are left out."""
    low, high = np.nanpercentile(figures, _TAILS)
    return float(low), float(high)


def share_interval(scene: Sequence[str], hits: Sequence[bool]) -> Interval | None:
    """Return Wilson's 95 % interval of the share of photos that are *hits*, as if each scene were one photo.

    Photos of one pen are right or wrong together: 40 of them, all right, say no more of the next pen than one does.

    Args:
        scene: Of each photo.
        hits: Likewise.
    """
    many = len({*scene})
    return wilson(many * sum(hits) / len(hits), many) if many else None


def wilson(hits: float, tries: int) -> Interval | None:
    """Return Wilson's 95 % interval of the share *hits* of *tries* (1927); none of no tries.

    Also where all or none are hits it is honest: 0 of 5 is 0 to 0.43.
    """
    if tries < 1:
        return None
    share, squared = hits / tries, _Z * _Z
    middle = (share + squared / (2 * tries)) / (1 + squared / tries)
    half = _Z / (1 + squared / tries) * sqrt(share * (1 - share) / tries + squared / (4 * tries * tries))
    return max(0.0, middle - half), min(1.0, middle + half)


def scene_numbers(scene: Sequence[str]) -> tuple[int, NDArray[np.intp]]:
    """Return how many scenes there are, and the number of each photo's."""
    names, numbers = np.unique(np.asarray(scene, dtype=np.str_), return_inverse=True)
    return len(names), numbers.astype(np.intp)


def _by_scene(
    scene: Sequence[str], above: Sequence[float], below: Sequence[float]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if not scene:
        return np.zeros(0), np.zeros(0)
    many, number = scene_numbers(scene)
    numerator = np.bincount(number, np.asarray(above, np.float64), many).astype(np.float64)
    denominator = np.bincount(number, np.asarray(below, np.float64), many).astype(np.float64)
    has_say = denominator > 0
    return numerator[has_say], denominator[has_say]
