"""Count photos of which the truth is known, and set what was counted beside it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.counter import Box, Count, Counter
from models.labelled import Target
from models.matching import match
from models.truth import Truth

Decoder = Callable[[Path], NDArray[np.uint8]]
"""Reads a file into (height, width, 3) RGB, upright; the caller's, so that photos are decoded in one way only.

It raises PhotoUnreadable for a file that it cannot read.
"""


class PhotoUnreadable(Exception):
    """A photo cannot be counted; in the words and with the stable code that the decoder's owner has for it."""

    def __init__(self, *, code: str, title: str, next: str, why: str) -> None:  # noqa: A002 - problems call it next
        super().__init__(why)
        self.code, self.title, self.next = code, title, next


@dataclass(frozen=True, slots=True)
class Counted:
    """One photo: what is on it and what was counted.

    ``animal`` has for each counted box the number of the animal that it is on, -1 for none; None where nobody drew
    the animals' boxes. ``size`` is width and height, in pixels, of the picture that was counted.
    """

    truth: Truth
    count: Count
    animal: tuple[int, ...] | None
    size: tuple[int, int]

    @property
    def error(self) -> int:
        """Heads counted too many or too few."""
        return abs(self.count.count - self.truth.heads)

    @property
    def right(self) -> int:
        """Boxes that are on an animal of their own, which is the same as animals found."""
        return sum(number >= 0 for number in self.animal or ())

    @property
    def boxed(self) -> bool:
        """Whether the animals' places are known, and boxes can be right or wrong."""
        return self.animal is not None

    def names_rightly(self, box: int) -> bool:
        """Whether the box of this index is on an animal and calls it by its species."""
        on = self.animal[box] if self.animal is not None else -1
        return on >= 0 and self.truth.species[on] == self.count.boxes[box].species


@dataclass(frozen=True, slots=True)
class Unread:
    """One photo that could not be counted, and why."""

    truth: Truth
    why: PhotoUnreadable


def count_all(counter: Counter, photos: Iterable[Truth], decode: Decoder) -> Iterator[Counted | Unread]:
    """Count each photo as it is asked for; one that cannot be read does not stop the others."""
    for photo in photos:
        try:
            image = decode(photo.path)
        except PhotoUnreadable as why:
            yield Unread(photo, why)
        else:
            yield judged(photo, counter.count(image), size=(image.shape[1], image.shape[0]))


def judged(photo: Truth, count: Count, *, size: tuple[int, int]) -> Counted:
    """Set a count beside the truth; *size* as in ``Counted``."""
    if photo.boxes is None:
        return Counted(photo, count, None, size)
    found = boxes_of(count.boxes)
    scores = np.asarray([box.confidence for box in count.boxes], np.float32)
    animal = match(found, scores, boxes_of_targets(photo.boxes, size))
    return Counted(photo, count, tuple(animal.tolist()), size)


def boxes_of(boxes: Iterable[Box]) -> NDArray[np.float32]:
    """Return (N, 4) corners."""
    return np.asarray([box.xyxy for box in boxes], np.float32).reshape(-1, 4)


def boxes_of_targets(targets: Iterable[Target], size: tuple[int, int]) -> NDArray[np.float32]:
    """Return (N, 4) corners in pixels of a picture of that width and height."""
    shares = np.asarray(
        [
            (
                target.x - target.width / 2,
                target.y - target.height / 2,
                target.x + target.width / 2,
                target.y + target.height / 2,
            )
            for target in targets
        ],
        np.float32,
    ).reshape(-1, 4)
    return np.clip(shares, 0, 1) * np.asarray(size * 2, np.float32)
