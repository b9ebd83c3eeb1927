"""Measure a counter on labelled photos: how far counts are off, and animals seen where there are none."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.counter import Count, Counter

Decoder = Callable[[Path], NDArray[np.uint8]]
"""Reads a file into (height, width, 3) RGB, upright; the caller's, so that photos are decoded in one way only."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One photo: what is on it, what was counted."""

    path: Path
    true: int
    count: Count


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums over photos.

    ``mean_error``: heads off per photo with animals. ``exact``: photos with animals counted right. ``false``: animals
    counted on photos without livestock. ``answered``, ``answered_wrong``: photos with animals that the counter was
    sure of, and how many of those are wrong.
    """

    photos: int
    heads: int
    counted: int
    mean_error: float
    exact: int
    empty_photos: int
    false: int
    answered: int
    answered_wrong: int


def count_all(counter: Counter, photos: Iterable[tuple[Path, int]], decode: Decoder) -> list[Counted]:
    """Count every photo; each comes with the number of animals on it."""
    return [Counted(path, true, counter.count(decode(path))) for path, true in photos]


def figures(counted: Sequence[Counted]) -> Figures:
    """Sum up; photos without livestock stand apart, as they would flatter every average."""
    shown = [photo for photo in counted if photo.true]
    empty = [photo for photo in counted if not photo.true]
    sure = [photo for photo in shown if not photo.count.unsure]
    errors = [abs(photo.count.count - photo.true) for photo in shown]
    return Figures(
        photos=len(shown),
        heads=sum(photo.true for photo in shown),
        counted=sum(photo.count.count for photo in shown),
        mean_error=round(sum(errors) / len(errors), 3) if errors else 0.0,
        exact=errors.count(0),
        empty_photos=len(empty),
        false=sum(photo.count.count for photo in empty),
        answered=len(sure),
        answered_wrong=sum(photo.count.count != photo.true for photo in sure),
    )
