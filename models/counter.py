"""The port: what a counter of animals answers for one photo; ``scene`` says what several add up to.

A count may confirm a claim, never refuse one: where it is unsure it says so, with reasons that are stable codes.
"""

from collections import Counter as Tally
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Predictor(StrEnum):
    """Who finds the boxes: two implementations that have to agree."""

    ONNX = "onnx"
    """onnxruntime and numpy, part of the server extra."""

    ULTRALYTICS = "ultralytics"
    """ultralytics and torch, the vision extra: the second opinion."""


class Reason(StrEnum):
    """Why a count is not to be relied on; the codes are stable."""

    SMALL = "SMALL"
    """The picture has too few pixels to tell an animal from a stone."""

    DARK = "DARK"
    """Hardly any light fell on what is shown."""

    BLURRED = "BLURRED"
    """Nothing is sharp, or nothing along one direction: shaken, out of focus, or nothing but one colour."""

    SCREEN = "SCREEN"
    """A photo of a screen: what it shows may be anywhere, and any day."""

    DRAWN = "DRAWN"
    """A drawing, a cartoon or a sign, no photo."""

    LOW_CONFIDENCE = "LOW_CONFIDENCE"
    """Something may or may not be one more animal."""

    CROWDED = "CROWDED"
    """Many animals, or animals lying on one another: some may be hidden."""

    POULTRY = "POULTRY"
    """Birds were counted; flocks and piles of birds are always counted by a person."""

    NO_ANIMAL = "NO_ANIMAL"
    """No animal was found: nothing here confirms a loss."""


@dataclass(frozen=True, slots=True)
class Box:
    """One counted animal.

    ``xyxy``: left, top, right, bottom in pixels of the upright picture. ``confidence``: the network's score, 0 to 1;
    comparable within a species only.
    """

    xyxy: tuple[float, float, float, float]
    species: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Count:
    """What one photo shows: ``count`` animals, one box each, best first.

    ``unsure`` is true when there is any reason. ``low`` is how many of them are sure, ``high`` how many there may be:
    ``low <= count <= high``. ``ms`` is how long counting took, in milliseconds.
    """

    count: int
    unsure: bool
    reasons: tuple[str, ...]
    boxes: tuple[Box, ...]
    ms: float
    low: int
    high: int

    @property
    def by_species(self) -> dict[str, int]:
        """Heads by species, in the alphabet's order; their sum is ``count``."""
        return dict(sorted(Tally(box.species for box in self.boxes).items()))


class Counter(Protocol):
    """Whatever counts the animals on a photo."""

    @property
    def name(self) -> str:
        """Which counter, as ``name@version``: stored beside every count."""

    def count(self, image: NDArray[np.uint8]) -> Count:
        """Count the animals on *image*: (height, width, 3), RGB, upright."""


def scaled(boxes: Sequence[Box], *, factors: tuple[float, float]) -> tuple[Box, ...]:
    """Return *boxes* in the pixels of another size of the same picture.

    Args:
        boxes: In pixels of the picture that was counted.
        factors: Width and height of the other size over those of the picture that was counted.
    """
    across, down = factors
    return tuple(
        Box(
            (box.xyxy[0] * across, box.xyxy[1] * down, box.xyxy[2] * across, box.xyxy[3] * down),
            box.species,
            box.confidence,
        )
        for box in boxes
    )
