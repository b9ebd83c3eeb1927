"""A farmer's voice 农户评价 on one claim: what was said last of each stage, by whom, and what may still change."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from backend.domain.parties import Actor
from backend.domain.ratings.events import ClaimRated
from backend.domain.ratings.words import RatedStage
from backend.domain.replacing import replace
from backend.domain.words import ActorKind


@dataclass(frozen=True, slots=True)
class Answer:
    """One figure that somebody gave; ``since`` is when this person gave one first."""

    figure: int
    by: Actor
    since: datetime

    def may_become(self, by: Actor, at: datetime, within: timedelta) -> bool:
        """Whether this person may say otherwise now.

        A link may be passed on: what the farmer said, signed in, nobody with a link changes; the farmer may correct
        whatever a link said.
        """
        if by.kind is ActorKind.FARMER and self.by.kind is ActorKind.LINK:
            return True
        return by == self.by and at <= self.since + within


@dataclass(frozen=True, slots=True)
class Voice:
    """Everything that was said about one claim; ``words`` are the last that came, of ``words_by``."""

    scores: Mapping[RatedStage, Answer] = field(default_factory=dict)
    recommend: Answer | None = None
    words: str = ""
    words_by: Actor | None = None
    last_at: datetime | None = None

    def after(self, rated: ClaimRated, by: Actor, at: datetime) -> "Voice":
        """The voice once this was said too."""
        scores = dict(self.scores)
        for one in rated.scores:
            scores[one.stage] = _answer(scores.get(one.stage), one.score, by, at)
        recommend = self.recommend
        if rated.recommend is not None:
            recommend = _answer(recommend, rated.recommend, by, at)
        voice = replace(self, scores=scores, recommend=recommend, last_at=at)
        return replace(voice, words=rated.words, words_by=by) if rated.words else voice

    @property
    def figures(self) -> dict[str, int]:
        """Each stage's score by its name."""
        return {stage.value: self.scores[stage].figure for stage in RatedStage if stage in self.scores}


def _answer(standing: Answer | None, figure: int, by: Actor, at: datetime) -> Answer:
    is_same_person = standing is not None and standing.by == by
    return Answer(figure, by, standing.since if standing and is_same_person else at)


SILENT = Voice()
"""Nobody has said anything yet."""
