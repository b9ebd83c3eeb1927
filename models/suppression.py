"""From the network's raw output to boxes: best species of each, and one box an animal."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# As ultralytics: more raw boxes than this are noise, and comparing them all would take seconds.
_MOST_RAW = 3000
# Of two boxes of which one lies in the other with this share of its area, one is a part of the other.
_PART = 0.9
# Two animals whose boxes share this much of their union lie on one another, and may hide a third. Of 23 photos of a pen
# that no network had seen, the counts that looked sure and were wrong missed a pig below others (models/RUNS.md).
_PILED = 0.3


@dataclass(frozen=True, slots=True)
class Detections:
    """What may be animals, best first: boxes ``xyxy`` (N, 4) in pixels, ``species`` (N,), ``scores`` (N,) 0 to 1."""

    xyxy: NDArray[np.float32]
    species: NDArray[np.intp]
    scores: NDArray[np.float32]

    def at(self, chosen: Sequence[int] | NDArray[np.intp]) -> "Detections":
        """Those at these places, in this order."""
        places = np.asarray(chosen, np.intp)
        return Detections(self.xyxy[places], self.species[places], self.scores[places])


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
    return Detections(xyxy, species[kept], best[kept]).at(_suppress(xyxy, iou))


def parted(found: Detections) -> tuple[Detections, Detections]:
    """Part whole animals from boxes that share their place with a better one: one of the two lies in the other.

    The head of a cow and the cow overlap little as a share of their union, so suppression lets both through. On photos
    of two farms that were not trained on, counting wholes alone halved the error on cattle and cost one pig in a
    hundred (models/RUNS.md). A small animal before a big one is such a part too: it is left to people, not dropped.
    """
    wholes: list[int] = []
    parts: list[int] = []
    for index, box in enumerate(found.xyxy):
        shared, area, areas = _shared(box, found.xyxy[wholes])
        (parts if (shared > _PART * np.minimum(area, areas)).any() else wholes).append(index)
    return found.at(wholes), found.at(parts)


def lying_on_others(xyxy: NDArray[np.float32]) -> list[int]:
    """Return which of (N, 4) boxes, best first, lie on a better one, by their places."""
    return [index for index in range(len(xyxy)) if (box_iou(xyxy[index], xyxy[:index]) > _PILED).any()]


def box_iou(one: NDArray[np.float32], many: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the overlap of one (4,) box with (N, 4) boxes as a share of their union, 0 to 1."""
    shared, area, areas = _shared(one, many)
    return np.asarray(shared / np.maximum(areas + area - shared, 1e-9), np.float32)


def _shared(
    one: NDArray[np.float32], many: NDArray[np.float32]
) -> tuple[NDArray[np.float32], np.float32, NDArray[np.float32]]:
    """What one (4,) box has in common with each of (N, 4) boxes, its own area, and theirs."""
    corner = np.maximum(one[:2], many[:, :2])
    opposite = np.minimum(one[2:], many[:, 2:])
    shared = np.prod(np.clip(opposite - corner, 0, None), axis=1)
    return shared, np.prod(one[2:] - one[:2]), np.prod(many[:, 2:] - many[:, :2], axis=1)


def _suppress(xyxy: NDArray[np.float32], iou: float) -> NDArray[np.intp]:
    waiting, chosen = np.arange(len(xyxy)), []
    while waiting.size:
        best, rest = waiting[0], waiting[1:]
        chosen.append(best)
        waiting = rest[box_iou(xyxy[best], xyxy[rest]) <= iou]
    return np.asarray(chosen, np.intp)
