"""How fast claims are paid, open claims counted: Kaplan-Meier quantiles over stages and the whole way.

An open stage is a censored observation: it has lasted at least this long. Leaving it out would flatter the figures.
Source: Kaplan and Meier, Nonparametric Estimation from Incomplete Observations, JASA 53 (1958).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from backend.domain.words import State
from backend.store import tables

QUANTILES = (0.5, 0.9, 0.95)
WHOLE_WAY = "report_to_paid"
_TARGET_SECONDS = 15 * 60


@dataclass(frozen=True, slots=True)
class Duration:
    """One observation in seconds; ``is_over`` is False for one that still lasts."""

    seconds: float
    is_over: bool


def quantile(durations: Sequence[Duration], share: float) -> float | None:
    """The time by which *share* (0 to 1) are through; None while too many are still open to say.

    Right-censored: the product-limit estimate of survival, stepped down at each observed end.
    """
    remaining = len(durations)
    surviving = 1.0
    for duration in sorted(durations, key=lambda one: (one.seconds, not one.is_over)):
        if duration.is_over:
            surviving *= 1 - 1 / remaining
            # Rounding must not push a quantile to the next observation.
            if surviving <= 1 - share + 1e-12:
                return duration.seconds
        remaining -= 1
    return None


def speed(connection: Connection, now: datetime) -> dict[str, object]:
    """p50, p90 and p95 in seconds of each stage and from report to paid, with how many are open."""
    stages = tables.claim_stages
    rows = connection.execute(select(stages.c.name, stages.c.started_at, stages.c.ended_at))
    by_stage: dict[str, list[Duration]] = {}
    for row in rows:
        duration = _duration(row.started_at, row.ended_at, now)
        by_stage.setdefault(row.name, []).append(duration)
    whole = _whole_way(connection, now)
    paid_in_time = sum(one.is_over and one.seconds <= _TARGET_SECONDS for one in whole)
    return {
        "as_of": now.isoformat(),
        "claims": len(whole),
        "open": sum(not one.is_over for one in whole),
        "paid_within_15_min": round(paid_in_time / len(whole), 4) if whole else None,
        "stages": [
            _figures(WHOLE_WAY, whole),
            *(_figures(name, durations) for name, durations in sorted(by_stage.items())),
        ],
    }


def _whole_way(connection: Connection, now: datetime) -> list[Duration]:
    claims = tables.claims
    ended_unpaid = (State.REJECTED, State.WITHDRAWN)
    rows = connection.execute(
        select(claims.c.reported_at, claims.c.paid_at).where(claims.c.state.not_in(ended_unpaid))
    )
    return [_duration(row.reported_at, row.paid_at, now) for row in rows]


def _duration(started_at: datetime, ended_at: datetime | None, now: datetime) -> Duration:
    return Duration(max(0.0, ((ended_at or now) - started_at).total_seconds()), ended_at is not None)


def _figures(stage: str, durations: Iterable[Duration]) -> dict[str, object]:
    observed = list(durations)
    figures: dict[str, object] = {
        "stage": stage,
        "count": len(observed),
        "open": sum(not one.is_over for one in observed),
    }
    for share in QUANTILES:
        found = quantile(observed, share)
        figures[f"p{share * 100:.0f}_seconds"] = None if found is None else round(found, 3)
    return figures
