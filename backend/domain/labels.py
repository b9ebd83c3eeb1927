"""What an officer says is on a photo: the truth that counters are taught by and measured against 标注.

A label is about the counter, not about the claim: it changes no state, no hash, no sum and no approval.
"""

from dataclasses import dataclass
from datetime import datetime

from backend.domain.parties import Actor
from backend.domain.words import Posture


@dataclass(frozen=True, slots=True)
class LabelBox:
    """One animal: ``xyxy`` whole pixels of the upright photo, left, top, right, bottom."""

    xyxy: tuple[int, int, int, int]
    species: str


@dataclass(frozen=True, slots=True)
class PhotoLabel:
    """The livestock on one photo.

    ``boxes`` None: only the number is known, as of piles and flocks that nobody can draw; else one for each head.
    ``shows_people``: someone can be recognised, so the photo never leaves the installation.
    """

    heads: int
    boxes: tuple[LabelBox, ...] | None
    posture: Posture | None = None
    dead: bool | None = None
    shows_people: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Labelled:
    """The label that stands, and who gave it when."""

    label: PhotoLabel
    by: Actor
    at: datetime
