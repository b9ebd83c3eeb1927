"""Which counted boxes are real animals, and the average precision that follows.

A box is right when it overlaps an animal that no surer box has taken by at least half of their union.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.bootstrap import FEWEST_SCENES, Interval, draws, percentiles, scene_numbers, varies
from models.suppression import box_iou

RIGHT_IOU = 0.5


def match(
    found: NDArray[np.float32], scores: NDArray[np.float32], true: NDArray[np.float32]
) -> NDArray[np.intp]:
    """Return for each found box the number of its animal, -1 for none.

    Boxes choose in the order of their scores, equal ones in the order given; each takes the animal that it overlaps
    most of those left.

    Args:
        found: (N, 4) boxes, left, top, right, bottom in pixels.
        scores: (N,) of the boxes.
        true: (M, 4) boxes of the animals, in the same pixels.
    """
    taken = np.zeros(len(true), bool)
    animal = np.full(len(found), -1, np.intp)
    for box in np.argsort(-scores, kind="stable").tolist():
        overlap = np.where(taken, -1.0, box_iou(found[box], true))
        if overlap.size and overlap.max() >= RIGHT_IOU:
            animal[box] = overlap.argmax()
            taken[animal[box]] = True
    return animal


def average_precision(scores: Sequence[float], right: Sequence[bool], animals: int) -> float | None:
    """Return the area under precision over recall; None without animals.

    Each precision is the best at that recall or beyond. Only counted boxes are there: what scores below its species'
    line is not found at all, so this is less than the AP50 of a benchmark, which looks at boxes of any score.
    """
    if not animals:
        return None
    order, hit = _sorted(scores, right)
    weights = np.ones((1, len(order)))
    return float(_areas(weights, hit, np.asarray([float(animals)]))[0])


def average_precision_interval(
    scores: Sequence[float],
    right: Sequence[bool],
    scene_of_box: Sequence[str],
    animals_in: dict[str, int],
) -> Interval | None:
    """Return the 95 % bootstrap interval of the average precision, drawing scenes.

    Args:
        scores: Of every box.
        right: Whether it is an animal.
        scene_of_box: Of every box.
        animals_in: How many animals each scene has; also those in which nothing was found.

    Returns:
        None where fewer than two scenes have animals, or every draw gives the same.
    """
    if sum(heads > 0 for heads in animals_in.values()) < FEWEST_SCENES:
        return None
    names = sorted({*animals_in, *scene_of_box})
    many, number = scene_numbers([*names, *scene_of_box])
    often = draws(many)
    order, hit = _sorted(scores, right)
    animals = often @ np.asarray([float(animals_in.get(name, 0)) for name in names])
    areas = _areas(often[:, number[many:][order]], hit, animals)
    return percentiles(areas) if varies(areas) else None


def _sorted(scores: Sequence[float], right: Sequence[bool]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    order = np.argsort(-np.asarray(scores, np.float64), kind="stable")
    return order, np.asarray(right, bool)[order]


def _areas(
    weights: NDArray[np.float64], hit: NDArray[np.bool_], animals: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The area of each row of *weights*: how often each box, surest first, is there; NaN without animals."""
    found = np.cumsum(weights * hit, axis=1)
    counted = np.cumsum(weights, axis=1)
    precision = found / np.maximum(counted, 1e-9)
    best = np.maximum.accumulate(precision[:, ::-1], axis=1)[:, ::-1]
    area = (weights * hit * best).sum(axis=1)
    return np.where(animals > 0, area / np.maximum(animals, 1e-9), np.nan)
