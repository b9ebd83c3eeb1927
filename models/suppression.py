"""From the network's raw output to boxes: best species of each, and one box an animal."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# As ultralytics: more raw boxes than this are noise, and comparing them all would take seconds.
_MOST_RAW = 3000


@dataclass(frozen=True, slots=True)
class Detections:
    """What may be animals, best first: boxes ``xyxy`` (N, 4) in pixels, ``species`` (N,), ``scores`` (N,) 0 to 1."""

    xyxy: NDArray[np.float32]
    species: NDArray[np.intp]
    scores: NDArray[np.float32]


def decode(output: NDArray[np.float32], *, floors: NDArray[np.float32], iou: float) -> Detections:
    """Keep what may be an animal; boxes are in the network's square.

    Args:
        output: (4 + species, anchors): centre x, centre y, width, height in pixels, then a score a species.
        floors: (species,) lowest score that is looked at.
        iou: Two boxes that overlap by more than this are one animal, **whatever their species**: a calf that is half
            sheep to the network is still one head.
    """
    scores = output[4:]
    species = scores.argmax(0)
    best = scores[species, np.arange(scores.shape[1])]
    kept = np.flatnonzero(best >= floors[species])
    # Stable: equal scores keep the anchors' order, so that the same picture always gives the same boxes.
    kept = kept[np.argsort(-best[kept], kind="stable")][:_MOST_RAW]
    x, y, width, height = output[:4, kept]
    xyxy = np.stack([x - width / 2, y - height / 2, x + width / 2, y + height / 2], axis=1)
    chosen = _suppress(xyxy, iou)
    return Detections(xyxy[chosen], species[kept][chosen], best[kept][chosen])


def box_iou(one: NDArray[np.float32], many: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the overlap of one (4,) box with (N, 4) boxes as a share of their union, 0 to 1."""
    corner = np.maximum(one[:2], many[:, :2])
    opposite = np.minimum(one[2:], many[:, 2:])
    shared = np.prod(np.clip(opposite - corner, 0, None), axis=1)
    areas = np.prod(many[:, 2:] - many[:, :2], axis=1) + np.prod(one[2:] - one[:2]) - shared
    return np.asarray(shared / np.maximum(areas, 1e-9), np.float32)


def _suppress(xyxy: NDArray[np.float32], iou: float) -> NDArray[np.intp]:
    waiting, chosen = np.arange(len(xyxy)), []
    while waiting.size:
        best, rest = waiting[0], waiting[1:]
        chosen.append(best)
        waiting = rest[box_iou(xyxy[best], xyxy[rest]) <= iou]
    return np.asarray(chosen, np.intp)
