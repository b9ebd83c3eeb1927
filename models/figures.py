"""The figures of counted photos, each with how many things it stands on and a 95 % interval.

``count_mae``: heads off per photo. ``exact_share``: photos counted right. ``relative_error``: heads off for each head
there, on photos with animals. ``recall``: animals found, whatever they were called. ``precision``: counted boxes that
are an animal. ``ap50``: average precision of the counted boxes, whatever they were called.
"""

from collections import Counter as Tally
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.bootstrap import Interval, ratio_interval, share_interval
from models.evaluate import Counted
from models.matching import average_precision, average_precision_interval

_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure, None where there is nothing to take it of; what its ``n`` counts is said where it is made."""

    value: float | None
    n: int
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of a group: how many photos and scenes, animals on them, and how many of those have a drawn box."""

    photos: int
    scenes: int
    animals: int
    boxes: int
    figures: dict[str, Figure]

    def as_json(self) -> dict[str, object]:
        """Each figure by its name, then ``intervals`` and ``n`` by the same names."""
        return {
            "photos": self.photos,
            "scenes": self.scenes,
            "animals": self.animals,
            "boxes": self.boxes,
            **{name: rounded(figure.value) for name, figure in self.figures.items()},
            "intervals": {name: pair(figure.interval) for name, figure in self.figures.items()},
            "n": {name: figure.n for name, figure in self.figures.items()},
        }


def figures(photos: Sequence[Counted]) -> Figures:
    """Return the figures of *photos*, species-blind: a head is a head, its name is another matter."""
    drawn = [photo for photo in photos if photo.boxed]
    return _group(
        photos,
        {
            **_of_counts(photos),
            "recall": _recall(drawn),
            "precision": ratio(drawn, [p.right for p in drawn], [len(p.count.boxes) for p in drawn]),
            "ap50": _ap50(drawn),
        },
    )


def figures_of_species(photos: Sequence[Counted], species: str) -> Figures:
    """Return the figures of one species.

    Counts are those of the photos that show it, heads of any species. ``recall``: its animals found, whatever they were
    called; ``named``: those of the found that were called by their name. ``precision`` and ``ap50`` go by name, over
    all photos: a box is right when it is on an animal of the species that it names.
    """
    shown = [photo for photo in photos if species in photo.truth.species]
    drawn = [photo for photo in photos if photo.boxed]
    found = [_found(photo, species) for photo in drawn]
    named = [sum(_named(photo, species)) for photo in drawn]
    called = [sum(box.species == species for box in photo.count.boxes) for photo in drawn]
    return _group(
        shown,
        {
            **_of_counts(shown),
            "recall": _recall(drawn, species),
            "precision": ratio(drawn, named, called),
            "ap50": _ap50(drawn, species),
            "named": ratio(drawn, named, found),
        },
        animals=sum(photo.truth.species.count(species) for photo in shown),
        boxes=sum(photo.truth.species.count(species) for photo in drawn),
    )


def false_animals(photos: Iterable[Counted]) -> dict[str, object]:
    """Return how many animals were counted on photos without livestock, in all and per 50 photos."""
    empty = [photo for photo in photos if not photo.truth.heads]
    per_photo = ratio(empty, [photo.count.count for photo in empty], [1] * len(empty), is_share=False)
    wrong = [photo.count.count > 0 for photo in empty]
    with_false = share_interval([photo.truth.scene for photo in empty], wrong)
    # Of no false animal at all the bootstrap knows nothing: at most one a photo is then assumed.
    interval = per_photo.interval or (None if any(wrong) else with_false)
    return {
        "photos": len(empty),
        "false_animals": sum(photo.count.count for photo in empty),
        "per_50": None if per_photo.value is None else rounded(50 * per_photo.value),
        "per_50_interval": interval and [rounded(50 * end) for end in interval],
        "photos_with_false": sum(wrong),
        "photos_with_false_interval": pair(with_false),
        "sure_with_false": sum(photo.count.count > 0 and not photo.count.unsure for photo in empty),
    }


def ratio(
    photos: Sequence[Counted], above: Sequence[float], below: Sequence[float], *, is_share: bool = True
) -> Figure:
    """Return ``sum(above) / sum(below)``, a term a photo, with its interval over the photos' scenes."""
    total = sum(below)
    scenes = [photo.truth.scene for photo in photos]
    interval = ratio_interval(scenes, above, below, is_share=is_share)
    return Figure(sum(above) / total if total else None, int(total), interval)


def rounded(value: float | None) -> float | None:
    """As figures are written."""
    return None if value is None else round(value, _DIGITS)


def pair(interval: Interval | None) -> list[float] | None:
    """An interval as it is written: its two ends, or null."""
    return None if interval is None else [round(end, _DIGITS) for end in interval]


def _group(
    photos: Sequence[Counted],
    named: dict[str, Figure],
    *,
    animals: int | None = None,
    boxes: int | None = None,
) -> Figures:
    heads = sum(photo.truth.heads for photo in photos)
    drawn = sum(photo.truth.heads for photo in photos if photo.boxed)
    return Figures(
        photos=len(photos),
        scenes=len({photo.truth.scene for photo in photos}),
        animals=heads if animals is None else animals,
        boxes=drawn if boxes is None else boxes,
        figures=named,
    )


def _of_counts(photos: Sequence[Counted]) -> dict[str, Figure]:
    ones = [1] * len(photos)
    shown = [photo for photo in photos if photo.truth.heads]
    return {
        "count_mae": ratio(photos, [photo.error for photo in photos], ones, is_share=False),
        "exact_share": ratio(photos, [photo.error == 0 for photo in photos], ones),
        "relative_error": ratio(
            shown, [photo.error for photo in shown], [photo.truth.heads for photo in shown], is_share=False
        ),
    }


def _recall(photos: Sequence[Counted], species: str | None = None) -> Figure:
    if species is None:
        return ratio(photos, [photo.right for photo in photos], [photo.truth.heads for photo in photos])
    animals = [photo.truth.species.count(species) for photo in photos]
    return ratio(photos, [_found(photo, species) for photo in photos], animals)


def _found(photo: Counted, species: str) -> int:
    return sum(on >= 0 and photo.truth.species[on] == species for on in photo.animal or ())


def _named(photo: Counted, species: str) -> list[bool]:
    """For each box that names *species*: whether it is on such an animal."""
    return [
        photo.names_rightly(index) for index, box in enumerate(photo.count.boxes) if box.species == species
    ]


def _ap50(photos: Sequence[Counted], species: str | None = None) -> Figure:
    scores, right, scenes = [], [], []
    animals: Tally[str] = Tally()
    for photo in photos:
        truth = photo.truth
        animals[truth.scene] += truth.heads if species is None else truth.species.count(species)
        for index, box in enumerate(photo.count.boxes):
            if species in {None, box.species}:
                on = photo.animal[index] if photo.animal is not None else -1
                scores.append(box.confidence)
                right.append(on >= 0 if species is None else photo.names_rightly(index))
                scenes.append(truth.scene)
    return Figure(
        average_precision(scores, right, animals.total()),
        animals.total(),
        average_precision_interval(scores, right, scenes, dict(animals)),
    )
