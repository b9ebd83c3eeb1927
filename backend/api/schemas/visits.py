"""Bodies of visits: somebody sets out, is somewhere, has arrived."""

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from backend.api.schemas.notices import Phone
from backend.api.schemas.report import PositionBody

Minutes = Annotated[int, Meta(ge=1, le=300)]


class Ending(StrEnum):
    """How whoever is on the way ends a visit."""

    ARRIVED = "arrived"
    CALLED_OFF = "called_off"


class VisitBody(msgspec.Struct, frozen=True):
    """``expected_in_minutes`` left out: estimated from the position, where there is one.

    ``phone`` is the one that the farmer may call until the visit is over.
    """

    expected_in_minutes: Minutes | None = None
    position: PositionBody | None = None
    phone: Phone | None = None


class HereBody(msgspec.Struct, frozen=True):
    """Where whoever is on the way is now; a new word on when they come takes the place of the former."""

    position: PositionBody
    expected_in_minutes: Minutes | None = None


class VisitEndBody(msgspec.Struct, frozen=True):
    """How it ended."""

    how: Ending = Ending.ARRIVED
