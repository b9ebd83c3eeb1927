"""From boxes that may be animals to a count with its doubts: the part that every predictor shares.

Predictors differ in how they find boxes. Where the lines are drawn and what makes a count unsure is said here alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from models.counter import Box, Count, Reason
from models.manifest import Manifest
from models.quality import doubts
from models.species import BIRDS
from models.suppression import Detections, lying_on_others, parted

# Up to here photos were labelled and counts measured; more animals hide one another.
_MOST_HEADS = 10


def judge(
    image: NDArray[np.uint8],
    seen: NDArray[np.uint8],
    found: Detections,
    manifest: Manifest,
    *,
    began_s: float,
) -> Count:
    """Count what scores enough and say what speaks against relying on it.

    Args:
        image: The picture, (height, width, 3).
        seen: The same picture at the size that the network looks at, without the grey around it.
        found: Every box from its species' lowest threshold on, in the picture's pixels.
        manifest: The network's classes and thresholds.
        began_s: ``perf_counter()`` when the counting began.
    """
    wholes, parts = parted(found)
    lines = lines_of(wholes, manifest)
    counted = np.flatnonzero(wholes.scores >= lines.line)
    sure = int((wholes.scores >= lines.high).sum())
    boxes = tuple(_box(wholes, index, manifest) for index in counted.tolist())
    # A part that would be counted if it stood alone may be a small animal before a big one.
    perhaps = len(wholes.scores) + int((parts.scores >= lines_of(parts, manifest).line).sum())
    reasons = [*doubts(image, seen), *_doubts(boxes, wholes.xyxy[counted])]
    if sure < perhaps:
        reasons.append(Reason.LOW_CONFIDENCE)
    codes = tuple(reason.value for reason in Reason if reason in reasons)
    ms = round((perf_counter() - began_s) * 1000, 1)
    return Count(len(boxes), bool(codes), codes, boxes, ms, low=sure, high=perhaps)


@dataclass(frozen=True, slots=True)
class Lines:
    """The scores of each box's species, (N,): counted from ``line``, sure from ``high``."""

    line: NDArray[np.float32]
    high: NDArray[np.float32]


def lines_of(found: Detections, manifest: Manifest) -> Lines:
    """Return where the lines of each box's species are drawn."""
    own = [manifest.thresholds[manifest.classes[species]] for species in found.species]
    return Lines(
        np.asarray([one.line for one in own], np.float32), np.asarray([one.high for one in own], np.float32)
    )


def floors(manifest: Manifest) -> NDArray[np.float32]:
    """Return the lowest score of each species that is looked at, in the order of the classes."""
    return np.asarray([manifest.thresholds[name].low for name in manifest.classes], np.float32)


def _box(found: Detections, index: int, manifest: Manifest) -> Box:
    left, top, right, bottom = found.xyxy[index].tolist()
    return Box((left, top, right, bottom), manifest.classes[found.species[index]], float(found.scores[index]))


def _doubts(boxes: Sequence[Box], xyxy: NDArray[np.float32]) -> list[Reason]:
    facts = {
        Reason.CROWDED: bool(lying_on_others(xyxy)) or len(boxes) > _MOST_HEADS,
        Reason.POULTRY: any(box.species == BIRDS for box in boxes),
        Reason.NO_ANIMAL: not boxes,
    }
    return [reason for reason, holds in facts.items() if holds]
