"""Choose the scores from which an animal is counted and is sure, on labelled photos that were not trained on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from models.manifest import Thresholds

_LINES = tuple(round(0.10 + 0.025 * step, 3) for step in range(27))
# From here on a box is in doubt, for all species alike: whatever the network noticed at all. Scores below are noise.
_FROM = 0.05
# Where the doubtful band may end, for all species alike: what a score is worth is learned from few photos, and a band
# that hangs on each species' own line is fitted to them. Nothing is sure that the network itself thinks less likely
# than not, however few photos say so.
_TO = (0.8, 0.75, 0.7, 0.65, 0.6, 0.55, 0.5)
# What it costs to leave a photo to a person, where a wrong count that looks sure costs 1: one in twenty answers may be
# wrong. At 0.35, half of the 28 photos answered on scenes that the lines were not chosen on were wrong.
_COST_OF_DOUBT = 0.05
# A species with fewer labelled animals than this takes the line of all species together.
_ENOUGH_ANIMALS = 8


@dataclass(frozen=True, slots=True)
class Scored:
    """One photo: species and score of each box that may be an animal, and the species that are really there.

    ``parts``: likewise, boxes that lie in a better one. ``piled``: those of ``found`` that lie on a better one.
    ``scene``: where it was taken.
    """

    found: tuple[tuple[str, float], ...]
    true: tuple[str, ...]
    parts: tuple[tuple[str, float], ...] = ()
    scene: str = ""
    piled: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """Of ``photos``, how many had a count without doubt, in how many scenes, and how many of those were wrong."""

    photos: int
    sure: int
    scenes: int
    wrong: int


def choose(
    photos: Sequence[Scored], classes: Sequence[str], besides: Sequence[Scored] = ()
) -> dict[str, Thresholds]:
    """Return three scores a species: in doubt from ``low``, counted from ``line``, sure from ``high``.

    A ``line`` is where the fewest heads are miscounted (the middle of several such): one for all species, or, where
    that miscounts fewer heads on scenes that had no say, one for each. The band reaches from what is noticed at all to
    where a twentieth of the cost of a sure wrong count for each photo in doubt adds up to least (the widest of several
    such), on *photos* and on those *besides*, which have no say in the lines.
    """
    lines = _lines(photos, classes)
    bands = [{name: Thresholds(_FROM, line, max(high, line)) for name, line in lines.items()} for high in _TO]
    return min(bands, key=lambda band: sum(_cost(photo, band) for photo in (*photos, *besides)))


def choose_without_each(
    photos: Sequence[Scored], classes: Sequence[str], besides: Sequence[Scored] = ()
) -> dict[str, dict[str, Thresholds]]:
    """Return, by scene, the lines and bands of all the others: what that scene may be measured with."""

    def others(some: Sequence[Scored], scene: str) -> list[Scored]:
        return [photo for photo in some if photo.scene != scene]

    return {
        scene: choose(others(photos, scene), classes, others(besides, scene))
        for scene in sorted({photo.scene for photo in (*photos, *besides)})
    }


def answered_elsewhere(
    photos: Sequence[Scored], classes: Sequence[str], besides: Sequence[Scored] = ()
) -> Answered:
    """Return how sure counts fare on scenes that the lines were not chosen on: each scene with the lines of the others.

    Doubts that come from the picture itself (dark, blurred) are not applied: they can only leave fewer.
    """
    lines = choose_without_each(photos, classes, besides)
    sure = [photo for photo in photos if not _in_doubt(photo, lines[photo.scene])]
    wrong = sum(not _is_right(photo, lines[photo.scene]) for photo in sure)
    return Answered(len(photos), len(sure), len({photo.scene for photo in sure}), wrong)


def _lines(photos: Sequence[Scored], classes: Sequence[str]) -> dict[str, float]:
    """One line for all, unless a line a species counts better on scenes that it was not drawn on.

    A species' own few photos fit its line to chance: the lines of 15 far goats lost half the cattle that the network
    took for goats (models/RUNS.md).
    """
    scenes = sorted({photo.scene for photo in photos})
    miscounted = {_one_for_all: 0, _one_a_species: 0}
    for scene in scenes if len(scenes) > 1 else ():
        others = [photo for photo in photos if photo.scene != scene]
        for draw in miscounted:
            lines = draw(others, classes)
            miscounted[draw] += sum(_heads_off(photo, lines) for photo in photos if photo.scene == scene)
    is_better = miscounted[_one_a_species] < miscounted[_one_for_all]
    return (_one_a_species if is_better else _one_for_all)(photos, classes)


def _one_for_all(photos: Sequence[Scored], classes: Sequence[str]) -> dict[str, float]:
    return dict.fromkeys(classes, _line(photos))


def _one_a_species(photos: Sequence[Scored], classes: Sequence[str]) -> dict[str, float]:
    """Each on photos with that species and photos without animals; few animals of it take the line of all."""
    lines = _one_for_all(photos, classes)
    for name in classes:
        if sum(photo.true.count(name) for photo in photos) >= _ENOUGH_ANIMALS:
            lines[name] = _line([photo for photo in photos if name in photo.true or not photo.true])
    return lines


def _line(photos: Sequence[Scored]) -> float:
    wrong = [sum(heads) for heads in zip(*map(_off_by_line, photos), strict=True)] or [0] * len(_LINES)
    best = [line for line, heads in zip(_LINES, wrong, strict=True) if heads == min(wrong)]
    return best[len(best) // 2]


@cache
def _off_by_line(photo: Scored) -> tuple[int, ...]:
    """Heads too many or too few for each of ``_LINES``; asked for once a scene that is left out."""
    return tuple(abs(sum(score >= line for _, score in photo.found) - len(photo.true)) for line in _LINES)


def _heads_off(photo: Scored, lines: Mapping[str, float]) -> int:
    return abs(sum(score >= lines[name] for name, score in photo.found) - len(photo.true))


def _cost(photo: Scored, lines: Mapping[str, Thresholds]) -> float:
    return _COST_OF_DOUBT if _in_doubt(photo, lines) else float(not _is_right(photo, lines))


def _in_doubt(photo: Scored, lines: Mapping[str, Thresholds]) -> bool:
    """As ``models.judging`` has it."""
    return (
        any(lines[name].low <= score < lines[name].high for name, score in photo.found)
        or any(score >= lines[name].line for name, score in (*photo.parts, *photo.piled))
        or not any(score >= lines[name].line for name, score in photo.found)
    )


def _is_right(photo: Scored, lines: Mapping[str, Thresholds]) -> bool:
    return sum(score >= lines[name].line for name, score in photo.found) == len(photo.true)
