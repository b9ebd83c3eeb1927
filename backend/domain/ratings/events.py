"""What is recorded when a farmer rates."""

from dataclasses import dataclass
from typing import ClassVar

from backend.domain.ratings.words import RatedStage


@dataclass(frozen=True, slots=True)
class StageScore:
    """One stage's score, 1 (非常不满意) to 5 (非常满意)."""

    stage: RatedStage
    score: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRated:
    """评价 by the farmer, or by whoever holds a link to the claim; what is not named here stays as it was.

    ``recommend`` is 0 to 10, None where it was not asked or not answered; ``words`` are the farmer's own.
    """

    type: ClassVar[str] = "claim-rated"
    scores: tuple[StageScore, ...]
    recommend: int | None = None
    words: str = ""
