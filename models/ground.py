"""One piece of ground that several photos show: which of their boxes are the same animal.

Boxes are carried from photo to photo. Those that coincide are one animal; what lies beyond a photo's edge is another.
A photo that shows an animal's place plainly and no animal there contradicts the one that does: dead animals stay
where they are. So do two boxes beside each other of which each photo has only its own: a body stands out of the plane
that its ground was laid in, and is seen displaced from another side. Then nothing is settled, and what no photo
contradicts is all that counts as shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import hypot

import numpy as np

from models.counter import Count, Reason
from models.laid import Laid, Points
from models.views import View

Rectangle = tuple[float, float, float, float]
Pair = tuple[int, int]
"""Indexes of two photos, the lower first."""

# Boxes that share this much, one carried to the other's photo and cut at its edge, are one animal.
_SAME_ANIMAL = 0.35
# An animal of which a photo should show this much, and at this size in pixels of the small picture, cannot be missed.
_PLAIN_SHARE, _PLAIN_SIZE = 0.75, 16.0
# Two boxes of which each photo has only its own may be one animal up to this distance, in lengths of the longer one.
# Tried on 10 000 made-up pairs of views with bodies seen displaced by up to 0.7 of their width: of those by more than
# 0.15, 705 of 4 266 sure counts had an animal twice, most of them small ones; since, none of 3 561. Of bodies that are
# not displaced every count stayed as sure as it was.
_PERHAPS_ONE = 1.0
# A photo that lies inside another by this much of itself shows no ground of its own.
_COVERED = 0.9
_ROUND = np.linspace(0, 2 * np.pi, 24, endpoint=False)
_CIRCLE = np.stack([np.cos(_ROUND), np.sin(_ROUND)], 1)


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """One photo of the ground: what was counted, its view, and the counted boxes in the view's pixels."""

    count: Count
    view: View
    boxes: tuple[Rectangle, ...]

    @property
    def could_not_miss(self) -> bool:
        """Nothing speaks against the photo but that it shows no animal, which is what it is asked."""
        return set(self.count.reasons) <= {Reason.NO_ANIMAL}


@dataclass(frozen=True, slots=True)
class Ground:
    """What the photos of one ground show together: ``low <= count <= high``.

    ``is_sure``: every animal counted is on a photo that nothing speaks against, and no photo contradicts it.
    """

    count: int
    low: int
    high: int
    is_sure: bool
    is_contradicted: bool = False


@dataclass(frozen=True, slots=True)
class _Animal:
    """One box: the photo that shows it, and where, in pixels of the photo's small picture."""

    photo: int
    box: Rectangle


def ground_of_one(count: Count) -> Ground:
    """The ground that a single photo shows."""
    return Ground(count.count, count.low, count.high, is_sure=not count.unsure)


def ground_of(sights: Mapping[int, Sight], laid: Mapping[Pair, Laid]) -> Ground:
    """What photos that were laid over one another show.

    Args:
        sights: By index; each with as many boxes as it counts.
        laid: How the first of two indexes lies over the second, where that is known.
    """
    both_ways = dict(laid) | {(second, first): lay.back() for (first, second), lay in laid.items()}
    animals = [_Animal(index, box) for index, sight in sorted(sights.items()) for box in sight.boxes]
    herd = _merged(animals, both_ways, sights)
    missed = [one for one in herd if _is_contradicted(one, both_ways, sights)]
    settled = [one for one in herd if one not in missed]
    twice = [
        one
        for index, one in enumerate(settled)
        if any(_may_be_one(one, other, both_ways) for other in settled[:index])
    ]
    plain = len(settled) - len(twice)
    doubted, hidden = _doubts(sights, both_ways)
    low = max(plain - doubted, *(sight.count.low for sight in sights.values()))
    most = max(sight.count.count for sight in sights.values())
    return Ground(
        count=max(plain, most),
        low=low,
        high=len(herd) + hidden,
        is_sure=plain == len(herd) and _is_sure(herd, sights),
        is_contradicted=plain < len(herd),
    )


def _merged(
    animals: Sequence[_Animal], laid: Mapping[Pair, Laid], sights: Mapping[int, Sight]
) -> list[list[_Animal]]:
    """The animals, each with every box that shows it: the best pairs first, and no photo shows one twice."""
    pairs = [
        (_alike(one, other, laid, sights), i, j)
        for i, one in enumerate(animals)
        for j, other in enumerate(animals[:i])
        if (one.photo, other.photo) in laid
    ]
    herd = [[animal] for animal in animals]
    for alike, i, j in sorted(pairs, key=lambda pair: (-pair[0], pair[1:])):
        if alike < _SAME_ANIMAL:
            break
        one, other = (next(group for group in herd if animals[index] in group) for index in (i, j))
        if one is not other and not {seen.photo for seen in one} & {seen.photo for seen in other}:
            one.extend(other)
            herd.remove(other)
    return herd


def _alike(one: _Animal, other: _Animal, laid: Mapping[Pair, Laid], sights: Mapping[int, Sight]) -> float:
    """How much of them two boxes share, laid over each other in the photo where they share more, 0 to 1."""
    there = _cut(_carried(one.box, laid[one.photo, other.photo]), sights[other.photo].view)
    here = _cut(_carried(other.box, laid[other.photo, one.photo]), sights[one.photo].view)
    return max(_shared(there, other.box), _shared(here, one.box))


def _is_contradicted(seen: Sequence[_Animal], laid: Mapping[Pair, Laid], sights: Mapping[int, Sight]) -> bool:
    """Whether a photo shows the animal's place plainly, and no animal there."""
    showing = {one.photo for one in seen}
    return any(
        _shows_plainly(_carried(one.box, laid[one.photo, index]), sight.view)
        for index, sight in sights.items()
        if index not in showing and sight.could_not_miss
        for one in seen
        if (one.photo, index) in laid
    )


def _may_be_one(one: Sequence[_Animal], other: Sequence[_Animal], laid: Mapping[Pair, Laid]) -> bool:
    """Whether two animals that no photo shows both lie so near each other that they may be one, seen displaced."""
    if {seen.photo for seen in one} & {seen.photo for seen in other}:
        return False
    return any(
        _is_near(_carried(first.box, laid[first.photo, second.photo]), second.box)
        for first in one
        for second in other
        if (first.photo, second.photo) in laid
    )


def _is_near(one: Rectangle, other: Rectangle) -> bool:
    across, down = ((one[low] + one[high] - other[low] - other[high]) / 2 for low, high in ((0, 2), (1, 3)))
    longest = max(max(box[2] - box[0], box[3] - box[1]) for box in (one, other))
    return hypot(across, down) < _PERHAPS_ONE * longest


def _shows_plainly(box: Rectangle, view: View) -> bool:
    inside = _cut(box, view)
    size = min(inside[2] - inside[0], inside[3] - inside[1])
    return size >= _PLAIN_SIZE and _area(inside) >= _PLAIN_SHARE * _area(box)


def _is_sure(herd: Sequence[Sequence[_Animal]], sights: Mapping[int, Sight]) -> bool:
    """Whether there is a sure photo, and every animal is on one."""
    sure = {index for index, sight in sights.items() if not sight.count.unsure}
    return bool(sure) and all(any(one.photo in sure for one in seen) for seen in herd)


def _doubts(sights: Mapping[int, Sight], laid: Mapping[Pair, Laid]) -> Pair:
    """How many counted animals are in doubt, and how many more there may be: once for each piece of ground.

    A photo that lies inside another one shows the same doubtful things again.
    """
    inside = {
        index: {
            other for other in sights if (index, other) in laid and _lies_inside(index, other, sights, laid)
        }
        for index in sights
    }
    alone: list[int] = []
    for index in sorted(sights, key=lambda one: (len(inside[one]), one)):
        if not inside[index].intersection(alone):
            alone.append(index)
    doubted = hidden = 0
    for index in alone:
        counts = [sights[one].count for one in sights if one == index or index in inside[one]]
        doubted += max(count.count - count.low for count in counts)
        hidden += max(count.high - count.count for count in counts)
    return doubted, hidden


def _lies_inside(index: int, other: int, sights: Mapping[int, Sight], laid: Mapping[Pair, Laid]) -> bool:
    view, around = sights[index].view, sights[other].view
    steps = (np.arange(10) + 0.5) / 10
    spots = np.stack(np.meshgrid(steps * view.size[0], steps * view.size[1]), -1).reshape(-1, 2)
    there = laid[index, other].carry(spots)
    is_in = ((there >= 0) & (there <= np.asarray(around.size))).all(1)
    return bool(is_in.mean() >= _COVERED)


def _carried(box: Rectangle, laid: Laid) -> Rectangle:
    """The box around the round body that fills *box*, in the other photo: a turned box would grow at its corners."""
    x1, y1, x2, y2 = box
    middle, half = np.asarray([x1 + x2, y1 + y2]) / 2, np.asarray([x2 - x1, y2 - y1]) / 2
    body: Points = laid.carry(middle + _CIRCLE * half)
    (left, top), (right, bottom) = body.min(0).tolist(), body.max(0).tolist()
    return left, top, right, bottom


def _cut(box: Rectangle, view: View) -> Rectangle:
    width, height = view.size
    x1, y1, x2, y2 = box
    return (
        min(max(x1, 0.0), width),
        min(max(y1, 0.0), height),
        min(max(x2, 0.0), width),
        min(max(y2, 0.0), height),
    )


def _shared(one: Rectangle, other: Rectangle) -> float:
    common = (
        max(one[0], other[0]),
        max(one[1], other[1]),
        min(one[2], other[2]),
        min(one[3], other[3]),
    )
    both = _area(common)
    return both / max(_area(one) + _area(other) - both, 1e-9)


def _area(box: Rectangle) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])
