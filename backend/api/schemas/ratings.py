"""Bodies of farmers' ratings, and of what officers do about service tickets."""

from typing import Annotated

import msgspec
from msgspec import Meta

from backend.api.schemas.report import LongText, Name
from backend.domain.ratings.words import RatedStage
from backend.domain.tickets.words import ClosingReason

Score = Annotated[int, Meta(ge=1, le=5)]
Likelihood = Annotated[int, Meta(ge=0, le=10)]


class RatingBody(msgspec.Struct, frozen=True):
    """A score for each stage that is rated, 1 (非常不满意) to 5 (非常满意); ``recommend`` is asked once paid."""

    scores: dict[RatedStage, Score] = {}
    recommend: Likelihood | None = None
    words: LongText = ""


class TicketAssignmentBody(msgspec.Struct, frozen=True):
    """The colleague who has the ticket from now on."""

    officer: Name


class TicketClosingBody(msgspec.Struct, frozen=True):
    """Why the ticket is closed, and in words what was done; the farmer reads them."""

    reason: ClosingReason
    words: LongText
