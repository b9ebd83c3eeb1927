"""One figure of the index: from its raw value to points, and from all of them to the index."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

TARGET_MS = 15 * 60 * 1000
FORMULA = "sum(weight * points) / sum(weight), over the figures that are known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """One figure of the index, as ``weights.toml`` describes it.

    ``fewest``: of fewer answers than that the figure is not known, for one angry voice is no service.
    """

    name: str
    weight: int
    worst: float
    best: float
    scale: str
    zh: str
    en: str
    why: str
    fewest: int = 0

    def points(self, raw: float) -> float:
        """0 at the worst or beyond, 100 at the best or beyond."""
        worst, best, at = self.worst, self.best, raw
        if self.scale == "log":
            worst, best, at = math.log(worst), math.log(best), math.log(max(raw, 1e-3))
        return 100 * min(1.0, max(0.0, (at - worst) / (best - worst)))


def weighed_mean(figures: Sequence[tuple[Weighed, float | None]]) -> float | None:
    """The formula, to one place; a figure that is not known is left out, with its weight; None where none is."""
    known = [(one.weight, one.points(raw)) for one, raw in figures if raw is not None]
    whole = sum(weight for weight, _ in known)
    return round(sum(weight * points for weight, points in known) / whole, 1) if whole else None


def shown(weighed: Weighed, value: float | None) -> dict[str, object]:
    """A figure with all that it is made of, for whoever works the index out again."""
    return {
        "name": weighed.name,
        "raw": None if value is None else round(value, 4),
        "points": None if value is None else round(weighed.points(value), 1),
        "weight": weighed.weight,
        "worst": weighed.worst,
        "best": weighed.best,
        "scale": weighed.scale,
        "fewest": weighed.fewest,
        "zh": weighed.zh,
        "en": weighed.en,
        "why": weighed.why,
    }
