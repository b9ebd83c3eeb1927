"""Counted photos as tests make them up: what is there, what was found."""

from collections.abc import Sequence
from pathlib import Path

from models.counter import Box, Count, Reason
from models.evaluate import Counted, judged
from models.labelled import Target
from models.species import SPECIES
from models.truth import Truth

SIDE = 100


def an_animal(left: float, species: str = "pig") -> Target:
    """Ten pixels wide and high, at the top of the picture."""
    return Target(SPECIES.index(species), (left + 5) / SIDE, 0.05, 0.1, 0.1)


def a_box(left: float, score: float = 0.9, species: str = "pig") -> Box:
    return Box((left, 0.0, left + 10, 10.0), species, score)


def a_photo(
    true: Sequence[Target] = (),
    found: Sequence[Box] = (),
    *,
    scene: str = "pen",
    reasons: Sequence[Reason] = (),
    doubtful: int = 0,
    drawn: bool = True,
    posture: str = "",
    source: str = "",
    name: str = "",
) -> Counted:
    truth = Truth(
        path=Path(f"{name or scene}.jpg"),
        species=tuple(SPECIES[target.species] for target in true),
        boxes=tuple(true) if drawn else None,
        scene=scene,
        source=source,
        posture=posture,
    )
    count = Count(
        count=len(found),
        unsure=bool(reasons),
        reasons=tuple(reasons),
        boxes=tuple(found),
        ms=1.0,
        low=len(found) - doubtful,
        high=len(found),
    )
    return judged(truth, count, size=(SIDE, SIDE))
