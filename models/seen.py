"""What a network has seen of a photo: only scenes that it never saw tell how well it counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self  # a JSON document is untyped until it is read

from models.labelled import Labelled

_TRAIN = "train"


class Seen(StrEnum):
    """From the worst witness to the best."""

    TRAINED = "trained on"
    SAME_SCENE = "same scene"
    """Not this photo, but others of its pen or place."""

    NEVER = "never seen"


@dataclass(frozen=True, slots=True)
class Witness:
    """Which photos a network was trained on: those of the split ``train`` but for ``held_out`` scenes."""

    held_out: frozenset[str]
    scenes: frozenset[str]

    @classmethod
    def of(cls, trained_on: Mapping[str, Any], photos: Sequence[Labelled]) -> Self:
        """Read it from a manifest's ``trained_on``, over all *photos* that the training set was built from."""
        held_out = frozenset(map(str, trained_on.get("held_out", ())))
        trained = (photo for photo in photos if photo.split == _TRAIN and photo.scene not in held_out)
        return cls(held_out, frozenset(photo.scene for photo in trained))

    def seen(self, photo: Labelled) -> Seen:
        """Return what the network has seen of *photo*."""
        if photo.scene not in self.scenes:
            return Seen.NEVER
        return Seen.TRAINED if photo.split == _TRAIN else Seen.SAME_SCENE
