"""The service quality index 服务质量指数: published figures, weights and formula (``quality.toml``), nothing else."""

import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

from sqlalchemy import Connection

from backend.insight.figures import TARGET_MS
from backend.insight.gathered import Group, gather
from backend.insight.wanted import Wanted
from backend.store.day_pack import epoch_ms

Document = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """One figure of the index, as ``quality.toml`` describes it."""

    name: str
    weight: int
    worst: float
    best: float
    scale: str
    zh: str
    en: str
    why: str

    def points(self, raw: float) -> float:
        """0 at the worst or beyond, 100 at the best or beyond."""
        worst, best, at = self.worst, self.best, raw
        if self.scale == "log":
            worst, best, at = math.log(worst), math.log(best), math.log(max(raw, 1e-3))
        return 100 * min(1.0, max(0.0, (at - worst) / (best - worst)))


@cache
def weights() -> tuple[Weighed, ...]:
    """The figures of the index, in order."""
    read = tomllib.loads((files("backend.insight") / "quality.toml").read_text(encoding="utf-8"))
    return tuple(Weighed(**one) for one in read["figure"])


def quality(connection: Connection, wanted: Wanted, now: datetime) -> Document:
    """The index of the claims that are wanted with everything it is made of, and the index of each group."""
    found = gather(connection, wanted, epoch_ms(now))
    figures = [_figure(weighed, raw_figures(found.whole)) for weighed in weights()]
    return {
        "as_of": now.isoformat(),
        "filter": wanted.as_json(),
        "claims": found.whole.total("claims"),
        "index": index(found.whole),
        "formula": "sum(weight * points) / sum(weight), over the figures that are known",
        "figures": figures,
        "groups": [
            {"group": name, "claims": group.total("claims"), "index": index(group)}
            for name, group in sorted(found.groups.items())
        ],
    }


def index(group: Group) -> float | None:
    """0 to 100 with one place; None where no figure is known."""
    return weighed_mean([(one, raw_figures(group)[one.name]) for one in weights()])


def weighed_mean(figures: Sequence[tuple[Weighed, float | None]]) -> float | None:
    """The formula; a figure that is not known is left out, with its weight."""
    known = [(one.weight, one.points(raw)) for one, raw in figures if raw is not None]
    whole = sum(weight for weight, _ in known)
    return round(sum(weight * points for weight, points in known) / whole, 1) if whole else None


def raw_figures(group: Group) -> dict[str, float | None]:
    """What the index is made of, by name; None where there is no claim that could say."""
    way, claims = group.way, group.total("claims")
    p90 = way.quantile_ms(0.9).value
    unreached = next(one.worst for one in weights() if one.name == "p90_seconds") if way.count else None
    promised = group.total("paid") + group.overdue
    return {
        "paid_within_15_min": way.through_within(TARGET_MS).value,
        "p90_seconds": unreached if p90 is None else p90 / 1000,
        "kept_promises": group.total("paid_in_time") / promised if promised else None,
        "asked_again": group.total("asked") / claims if claims else None,
    }


def _figure(weighed: Weighed, raw: dict[str, float | None]) -> Document:
    value = raw[weighed.name]
    return {
        "name": weighed.name,
        "raw": None if value is None else round(value, 4),
        "points": None if value is None else round(weighed.points(value), 1),
        "weight": weighed.weight,
        "worst": weighed.worst,
        "best": weighed.best,
        "scale": weighed.scale,
        "zh": weighed.zh,
        "en": weighed.en,
        "why": weighed.why,
    }
