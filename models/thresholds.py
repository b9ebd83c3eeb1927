"""Choose the scores from which an animal is counted and is sure, on labelled photos that were not trained on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

from models.manifest import Thresholds
from models.species import BIRDS

_LINES = tuple(round(0.10 + 0.025 * step, 3) for step in range(27))
# Where the doubtful band may begin and end, for all species alike: what a score is worth is learned from few photos,
# and a band that hangs on each species' own line is fitted to them. What scores less than its beginning is noise.
# Nothing is sure that the network itself thinks less likely than not, however few photos say so.
_FROM = (0.05, 0.075, 0.1)
_TO = (0.8, 0.75, 0.7, 0.65, 0.6, 0.55, 0.5)
# Of the answers, as many may be wrong. Left out one scene after another, five networks answered 398 of 5 150 looks by
# this and were wrong in 30; where each doubt had cost a twentieth of a wrong answer, 292 and 25 (models/RUNS.md).
_WRONG_ANSWERS = 0.05
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
    that miscounts fewer heads on scenes that had no say, one for each. The band is the one that answers most, of those
    with which at most a twentieth of the answers is wrong (the widest of several such), on *photos* and on those
    *besides*, which have no say in the lines.
    """
    lines = _lines(photos, classes)
    bands = [
        {name: Thresholds(low, line, max(high, line)) for name, line in lines.items()}
        for low, high in product(_FROM, _TO)
    ]
    answers = [_answers((*photos, *besides), band) for band in bands]
    allowed = [
        (sure, band)
        for (sure, wrong), band in zip(answers, bands, strict=True)
        if wrong <= _WRONG_ANSWERS * sure
    ]
    return max(allowed, key=lambda answered: answered[0])[1] if allowed else bands[0]


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


def answered_elsewhere(photos: Sequence[Scored], without: Mapping[str, Mapping[str, Thresholds]]) -> Answered:
    """Return how sure counts fare on scenes that the lines were not chosen on.

    Doubts that come from the picture itself (dark, blurred) are not applied: they can only leave fewer.

    Args:
        photos: Of these scenes.
        without: By scene, what ``choose_without_each`` chose on all the others.
    """
    sure = [photo for photo in photos if not _in_doubt(photo, without[photo.scene])]
    wrong = sum(not _is_right(photo, without[photo.scene]) for photo in sure)
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


def _answers(photos: Sequence[Scored], lines: Mapping[str, Thresholds]) -> tuple[int, int]:
    """How many photos have a count without doubt, and how many of those counts are wrong."""
    sure = [photo for photo in photos if not _in_doubt(photo, lines)]
    return len(sure), sum(not _is_right(photo, lines) for photo in sure)


def _in_doubt(photo: Scored, lines: Mapping[str, Thresholds]) -> bool:
    """As ``models.judging`` has it."""
    return (
        any(lines[name].low <= score < lines[name].high for name, score in photo.found)
        or any(score >= lines[name].line for name, score in (*photo.parts, *photo.piled))
        or any(score >= lines[name].line for name, score in photo.found if name == BIRDS)
        or not any(score >= lines[name].line for name, score in photo.found)
    )


def _is_right(photo: Scored, lines: Mapping[str, Thresholds]) -> bool:
    return sum(score >= lines[name].line for name, score in photo.found) == len(photo.true)
