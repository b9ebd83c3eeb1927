"""What the photos of one claim show together: every animal once, with an interval that says what is not known.

Photos of the same ground are laid over one another, and their animals are merged (``ground``). Of photos in which
nothing shows a common ground nobody knows whether they show the same animals from afar and near, or others: there are
at least as many animals as the ground with most shows, and at most as many as all of them together. The estimate is the
first of the two, because it is what the photos prove: a claim of that many heads is confirmed, a claim of more is
looked at.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations

from models.counter import Count, Reason
from models.ground import Ground, Pair, Sight, ground_of, ground_of_one
from models.laid import Laid, is_plausible
from models.overlap import lay_over
from models.views import View

# A second, sharper photo can settle the other reasons. What lies hidden in a pile no photo shows, and a picture of a
# picture among the photos is for people to look at, however good the others are.
_NEVER_SETTLED = frozenset({Reason.CROWDED, Reason.POULTRY, Reason.SCREEN, Reason.DRAWN})

Lay = Callable[[View, View], Laid | None]


class SceneReason(StrEnum):
    """What several photos say that none says alone; the codes are stable."""

    CONTRADICTED = "CONTRADICTED"
    """Photos of the same ground show different animals: something moved, or was counted wrongly."""

    APART = "APART"
    """Nothing shows that these photos share ground: they may show the same animals, or others."""

    UNREAD = "UNREAD"
    """A photo could not be read: nobody knows what is on it."""


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """One photo of a claim: its count, the size (width, height) that its boxes are measured in, and its view.

    Without a view nobody knows which ground it shows.
    """

    count: Count
    size: tuple[int, int]
    view: View | None = None


@dataclass(frozen=True, slots=True)
class SceneCount:
    """How many animals the photos of one claim show together: ``low <= count <= high``.

    ``reasons``: why it is unsure, codes of ``Reason`` and ``SceneReason``; APART also explains the interval of a sure
    one. ``overlapping``: the photos that show the same ground, by their places in the list, lowest first.
    """

    count: int
    low: int
    high: int
    unsure: bool
    reasons: tuple[str, ...] = ()
    overlapping: tuple[tuple[int, ...], ...] = field(default=())


def scene(photos: Sequence[Shown], lay: Lay = lay_over) -> SceneCount:
    """Estimate the animals that the photos of one claim show; the order of the photos does not matter.

    Args:
        photos: As they were counted.
        lay: How two views lie over each other, where the answer may be known already.

    Returns:
        ``low``: the most that are sure on one ground. ``count``: what the ground with most shows, of those that are
        sure, where any is. ``high``: the most that there may be on all grounds together. Unsure where no ground is
        sure, where one that is not shows more, and where animals lie in a pile or are birds. All zero and unsure
        without photos.
    """
    # One order, whichever they came in: ties between boxes are broken the same way.
    order = sorted(range(len(photos)), key=lambda index: _identity(photos[index]))
    sorted_photos = [photos[index] for index in order]
    together = [(sorted(members), ground) for members, ground in _grounds(sorted_photos, lay)]
    grounds = [ground for _, ground in together]
    sure = [ground.count for ground in grounds if ground.is_sure]
    most = max((ground.count for ground in grounds), default=0)
    low = max((ground.low for ground in grounds), default=0)
    count = max(low, *sure) if sure else most
    piled = {reason for photo in photos for reason in photo.count.reasons} & _NEVER_SETTLED
    doubtful = [
        (members, ground)
        for members, ground in together
        if not ground.is_sure and (not sure or ground.count > max(sure))
    ]
    return SceneCount(
        count=count,
        low=low,
        high=sum(ground.high for ground in grounds),
        unsure=not sure or bool(piled) or bool(doubtful),
        reasons=_reasons(
            sorted_photos, doubtful, piled, apart=sum(ground.high > 0 for ground in grounds) > 1
        ),
        overlapping=tuple(
            sorted(
                tuple(sorted(order[index] for index in members))
                for members, _ in together
                if len(members) > 1
            )
        ),
    )


def _identity(photo: Shown) -> tuple[object, ...]:
    count = photo.count
    key = photo.view.key if photo.view else ""
    boxes = [(box.xyxy, box.species, box.confidence) for box in count.boxes]
    return key, photo.size, count.count, count.low, count.high, count.reasons, boxes


def _grounds(photos: Sequence[Shown], lay: Lay) -> list[tuple[list[int], Ground]]:
    """Each ground with the photos that show it."""
    sights = {index: sight for index, photo in enumerate(photos) if (sight := _sight(photo)) is not None}
    laid = {
        (i, j): found
        for i, j in combinations(sights, 2)
        if (found := lay(sights[i].view, sights[j].view)) is not None
    }
    grounds = []
    for members in _linked(len(photos), laid):
        if len(members) == 1:
            grounds.append((members, ground_of_one(photos[members[0]].count)))
            continue
        own = {index: sights[index] for index in members}
        grounds.append((members, ground_of(own, _completed(own, laid))))
    return grounds


def _sight(photo: Shown) -> Sight | None:
    """The photo with its boxes in its view's pixels; whole pixels first, as they are stored."""
    if photo.view is None or len(photo.count.boxes) != photo.count.count:
        return None
    across, down = (small / whole for small, whole in zip(photo.view.size, photo.size, strict=True))
    boxes = tuple(
        (round(x1) * across, round(y1) * down, round(x2) * across, round(y2) * down)
        for x1, y1, x2, y2 in (box.xyxy for box in photo.count.boxes)
    )
    return Sight(photo.count, photo.view, boxes)


def _linked(number: int, laid: Mapping[Pair, Laid]) -> list[list[int]]:
    """The photos that lie over one another, directly or through others."""
    groups = [[index] for index in range(number)]
    for first, second in laid:
        one, other = (next(group for group in groups if index in group) for index in (first, second))
        if one is not other:
            one.extend(other)
            groups.remove(other)
    return groups


def _completed(sights: Mapping[int, Sight], laid: Mapping[Pair, Laid]) -> dict[Pair, Laid]:
    """How every two photos of one ground lie, the others through the fewest photos between them.

    Else an animal on the first and the third of three photos, beyond the edge of the second, would count twice.
    """
    steps: dict[int, dict[int, Laid]] = {index: {} for index in sights}
    for (first, second), lay in laid.items():
        if first in sights and second in sights:
            steps[first][second], steps[second][first] = lay, lay.back()
    whole: dict[Pair, Laid] = {}
    for start in sights:
        ways, queue = dict(steps[start]), deque(sorted(steps[start]))
        while queue:
            between = queue.popleft()
            for end, lay in sorted(steps[between].items()):
                if end != start and end not in ways:
                    ways[end] = ways[between].then(lay)
                    queue.append(end)
        whole |= {
            (start, end): way
            for end, way in ways.items()
            if start < end and is_plausible(way.matrix, sights[start].view, sights[end].view)
        }
    return whole


def _reasons(
    photos: Sequence[Shown],
    doubtful: Sequence[tuple[Sequence[int], Ground]],
    piled: set[str],
    *,
    apart: bool,
) -> tuple[str, ...]:
    said = set(piled)
    for members, _ in doubtful:
        said.update(*(photos[index].count.reasons for index in members))
    if any(ground.is_contradicted for _, ground in doubtful):
        said.add(SceneReason.CONTRADICTED)
    if apart:
        said.add(SceneReason.APART)
    known = [code.value for code in (*Reason, *SceneReason)]
    return tuple(sorted(said, key=lambda code: (known.index(code) if code in known else len(known), code)))
