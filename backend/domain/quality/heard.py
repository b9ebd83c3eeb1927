"""What farmers said of many claims together, and how their complaints were answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from backend.domain.quality.figure import Weighed
from backend.domain.ratings.words import DETRACTOR, PROMOTER, RatedStage

RATING, NPS, TICKETS = "rating", "nps", "tickets_in_time"


@dataclass(slots=True)
class Heard:
    """Counts and sums of ratings, and of tickets by how they ended; of many claims these add up."""

    scores: dict[str, tuple[int, int]] = field(default_factory=dict)
    """By stage how many scores, and their sum."""
    rated: int = 0
    """Claims of which any stage was scored: who scores five stages is one voice."""
    recommended: int = 0
    promoters: int = 0
    detractors: int = 0
    in_time: int = 0
    """Tickets that were closed by the time they were due, or that nobody had to close by any time."""
    late: int = 0
    """Tickets that were closed later, or are open and overdue."""
    waiting: int = 0
    """Tickets that are open and not overdue."""

    def add_score(self, stage: str, count: int, total: int) -> None:
        """More scores of a stage."""
        had, sum_ = self.scores.get(stage, (0, 0))
        self.scores[stage] = (had + count, sum_ + total)

    def add_recommendation(self, figure: int, count: int = 1) -> None:
        """So many who gave this figure, 0 to 10."""
        self.recommended += count
        self.promoters += count * (figure >= PROMOTER)
        self.detractors += count * (figure <= DETRACTOR)

    def raw(self, weights: Sequence[Weighed]) -> dict[str, float | None]:
        """The index's figures of voices: mean score, net promoter score, share of tickets closed in time."""
        count, total = (sum(one) for one in zip((0, 0), *self.scores.values(), strict=True))
        ended = self.in_time + self.late
        figures: Mapping[str, tuple[int, float]] = {
            RATING: (self.rated, total / count if count else 0.0),
            NPS: (
                self.recommended,
                100 * (self.promoters - self.detractors) / self.recommended if self.recommended else 0.0,
            ),
            TICKETS: (ended, self.in_time / ended if ended else 0.0),
        }
        fewest = {one.name: max(1, one.fewest) for one in weights}
        return {
            name: value if answers >= fewest.get(name, 1) else None
            for name, (answers, value) in figures.items()
        }

    def as_json(self) -> dict[str, object]:
        """The raw counts."""
        stages = {
            stage.value: {"answers": self.scores[stage][0], "mean": _mean(*self.scores[stage])}
            for stage in RatedStage
            if stage in self.scores
        }
        return {
            "rated": self.rated,
            "stages": stages,
            "recommended": self.recommended,
            "promoters": self.promoters,
            "detractors": self.detractors,
            "tickets": {"closed_in_time": self.in_time, "late": self.late, "waiting": self.waiting},
        }


def _mean(count: int, total: int) -> float | None:
    return round(total / count, 4) if count else None
