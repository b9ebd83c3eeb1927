"""How fast claims are paid, open claims counted: Kaplan-Meier quantiles over stages and the whole way.

An open stage is a censored observation: it has lasted at least this long. Leaving it out would flatter the figures.
Source: Kaplan and Meier, Nonparametric Estimation from Incomplete Observations, JASA 53 (1958).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self  # columns of any table that has them

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Select, Text, cast, func, literal, select

from backend.domain.words import State
from backend.store import tables
from backend.store.durations import Microseconds

QUANTILES = (0.5, 0.9, 0.95)
WHOLE_WAY = "report_to_paid"
_TARGET_SECONDS = 15 * 60
_APART = ","


@dataclass(frozen=True, slots=True, eq=False)
class Observed:
    """Observations in seconds, shortest first; ``is_over`` is False for those that still last."""

    seconds: NDArray[np.float64]
    is_over: NDArray[np.bool_]

    @classmethod
    def of(cls, over: Iterable[float], lasting: Iterable[float]) -> Self:
        """Order what is over and what still lasts; of equal ones, what is over comes first."""
        ended, open_ = np.fromiter(over, np.float64), np.fromiter(lasting, np.float64)
        seconds = np.maximum(np.concatenate((ended, open_)), 0.0)
        order = np.argsort(seconds, kind="stable")
        return cls(seconds[order], (np.arange(len(seconds)) < len(ended))[order])

    def quantile(self, share: float) -> float | None:
        """The time by which *share* (0 to 1) are through; None while too many are still open to say.

        Right-censored: the product-limit estimate of survival, stepped down at each observed end.
        """
        remaining = np.arange(len(self.seconds), 0, -1)
        surviving = np.cumprod(np.where(self.is_over, 1 - 1 / remaining, 1.0))
        # Rounding must not push a quantile to the next observation.
        reached = np.flatnonzero(self.is_over & (surviving <= 1 - share + 1e-12))
        return float(self.seconds[reached[0]]) if len(reached) else None


def speed(connection: Connection, now: datetime) -> dict[str, object]:
    """p50, p90 and p95 in seconds of each stage and from report to paid, with how many are open."""
    stages, claims = tables.claim_stages, tables.claims
    ended_unpaid = (State.REJECTED, State.WITHDRAWN)
    paid = _observations(literal(WHOLE_WAY), claims.c.reported_at, claims.c.paid_at, now)
    whole = _read(connection, paid.where(claims.c.state.not_in(ended_unpaid)))
    by_stage = _read(connection, _observations(stages.c.name, stages.c.started_at, stages.c.ended_at, now))
    way = whole.get(WHOLE_WAY, Observed.of((), ()))
    paid_in_time = int(np.count_nonzero(way.is_over & (way.seconds <= _TARGET_SECONDS)))
    return {
        "as_of": now.isoformat(),
        "claims": len(way.seconds),
        "open": int(np.count_nonzero(~way.is_over)),
        "paid_within_15_min": round(paid_in_time / len(way.seconds), 4) if len(way.seconds) else None,
        "stages": [
            _figures(WHOLE_WAY, way),
            *(_figures(name, observed) for name, observed in sorted(by_stage.items())),
        ],
    }


def _observations(
    name: ColumnElement[str], started_at: ColumnElement[Any], ended_at: ColumnElement[Any], now: datetime
) -> Select[str, bool, str]:
    # All durations of one name in one row: a row each would cost ten times as much as the rest.
    took = Microseconds(started_at, func.coalesce(ended_at, literal(now, ended_at.type)))
    is_over = ended_at.is_not(None).label("is_over")
    listed = func.aggregate_strings(cast(took, Text), _APART).label("took")
    return select(name.label("name"), is_over, listed).group_by("name", "is_over")


def _read(connection: Connection, observations: Select[str, bool, str]) -> dict[str, Observed]:
    found: dict[str, dict[bool, NDArray[np.float64]]] = {}
    for row in connection.execute(observations):
        took = np.fromstring(row.took, np.int64, sep=_APART) / 1_000_000
        found.setdefault(row.name, {})[bool(row.is_over)] = took
    return {name: Observed.of(took.get(True, ()), took.get(False, ())) for name, took in found.items()}


def _figures(stage: str, observed: Observed) -> dict[str, object]:
    figures: dict[str, object] = {
        "stage": stage,
        "count": len(observed.seconds),
        "open": int(np.count_nonzero(~observed.is_over)),
    }
    for share in QUANTILES:
        found = observed.quantile(share)
        figures[f"p{share * 100:.0f}_seconds"] = None if found is None else round(found, 3)
    return figures
