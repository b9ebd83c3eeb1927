"""Bodies of what the counter may learn from a claim."""

from typing import Annotated

import msgspec
from msgspec import Meta

from backend.api.schemas.report import LongText, Name, Sha256
from backend.domain.words import Posture

Corners = Annotated[list[int], Meta(min_length=4, max_length=4)]
"""Left, top, right, bottom in pixels of the upright photo."""


class LabelBoxBody(msgspec.Struct, frozen=True):
    """One animal on the photo; an unknown species is named together with whatever else is wrong."""

    species: Name
    xyxy: Corners


class LabelBody(msgspec.Struct, frozen=True):
    """What is on a photo: a box for each animal, or the number of heads alone."""

    photo: Sha256
    heads: int | None = None
    boxes: tuple[LabelBoxBody, ...] | None = None
    posture: Posture | None = None
    dead: bool | None = None
    shows_people: bool = False
    note: LongText = ""


class ConsentBody(msgspec.Struct, frozen=True):
    """Whether the claim's photos may teach the counter."""

    photos_may_teach: bool
