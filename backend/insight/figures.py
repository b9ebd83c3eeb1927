"""One query behind page, ``flashclaim stats`` and ``/metrics``: how fast claims are paid, and whose minutes pass.

Exact to the millisecond: counts, sums and quantiles are those of the claims' own rows. Open claims count as what they
are, observations that last.
"""

from datetime import datetime

import numpy as np
from sqlalchemy import Connection

from backend.domain.quality.figure import TARGET_MS
from backend.domain.stages import DISPOSAL
from backend.insight.gathered import Gathered, Group, gather
from backend.insight.survival import Estimate, Observed
from backend.insight.wanted import Wanted
from backend.store.day_pack import (
    AFTER_PAYMENT,
    HOLDERS,
    OBSERVED,
    REACHED,
    STANDSTILLS,
    WHOLE_WAY,
    epoch_ms,
)

Document = dict[str, object]
QUANTILES = (0.5, 0.9, 0.95)
MARKS = (300, 600, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400, 259_200, 864_000)
"""Seconds after the report at which the share that is paid is said; the last are the ten days of the Insurance Law."""
MOST_POINTS = 120


def insight(connection: Connection, wanted: Wanted, now: datetime) -> Document:
    """Speed and minutes of the claims that are wanted, together and by group."""
    return document(gather(connection, wanted, epoch_ms(now)), wanted, now)


def document(found: Gathered, wanted: Wanted, now: datetime) -> Document:
    """The figures of what was gathered."""
    whole = found.whole
    way = whole.way
    stages = ((name, whole.observed[name]) for name in OBSERVED if name in whole.observed)
    return (
        {"as_of": now.isoformat(), "filter": wanted.as_json()}
        | _claims(whole, way)
        | {
            "stages": [
                stage_figures(WHOLE_WAY, way),
                *(stage_figures(name, one) for name, one in stages if one.count and one is not way),
            ],
            "minutes": minutes(whole),
            "funnel": funnel(whole),
            "curve": curve(way),
            "groups": [_group(name, found.groups[name]) for name in sorted(found.groups)],
        }
    )


def stage_figures(stage: str, observed: Observed) -> Document:
    """p50, p90 and p95 with their limits, how many there were, and how many last."""
    figures: Document = {"stage": stage, "count": observed.count, "open": len(observed.lasting)}
    for share in QUANTILES:
        found = observed.quantile_ms(share)
        name = f"p{share * 100:.0f}"
        for suffix, ms in (("", found.value), ("_low", found.low), ("_high", found.high)):
            figures[f"{name}{suffix}_seconds"] = None if ms is None else ms / 1000
    return figures


def funnel(group: Group) -> Document:
    """How many claims came how far, and how many ended without money; each step holds the ones below it."""
    steps = (("reported", "claims"), *((name, name) for name in REACHED), ("paid", "paid"))
    reported = group.total("claims")
    return {
        "steps": [
            {"step": step, "claims": group.total(name), "share": _share(group.total(name), reported)}
            for step, name in steps
        ],
        "ended_unpaid": group.total("ended_unpaid"),
        "asked_again": group.total("asked"),
    }


def curve(observed: Observed) -> Document:
    """The share that is paid after so many seconds, with its band: at MARKS, and along the curve itself.

    ``points`` are places where somebody was paid, evenly many claims apart; between two of them the share is that of
    the earlier one.
    """
    found = observed.curve
    places = np.unique(np.linspace(0, len(found.times) - 1, min(MOST_POINTS, len(found.times))).astype(int))
    shares = (1 - found.surviving, 1 - found.high, 1 - found.low)
    return {
        "marks": [{"seconds": mark} | _share_paid(observed.through_within(mark * 1000)) for mark in MARKS],
        "points": [
            {"seconds": float(found.times[place]) / 1000}
            | _share_paid(Estimate(*(_known(share[place]) for share in shares)))
            for place in places
        ],
    }


def minutes(group: Group) -> Document:
    """Where the time went from the report to the money, to now, or to the end: each minute once.

    Time that several lanes held a claim is theirs in equal parts; ``paused`` is nobody's. Disposal after the money has
    arrived stands apart.
    """
    held = {name: group.seconds(name) for name in HOLDERS}
    paused = {name: group.seconds(name) for name in STANDSTILLS}
    whole = sum(held.values()) + sum(paused.values())
    claims = group.total("claims")

    def row(seconds: float) -> Document:
        return {
            "seconds": round(seconds, 3),
            "share": round(seconds / whole, 4) if whole else None,
            "seconds_per_claim": round(seconds / claims, 3) if claims else None,
        }

    return {
        "claims": claims,
        "seconds": round(whole, 3),
        "holders": [{"holder": name} | row(seconds) for name, seconds in held.items()],
        "paused": [{"because": name} | row(seconds) for name, seconds in paused.items()],
        "after_payment": {"holder": DISPOSAL, "seconds": round(group.seconds(AFTER_PAYMENT), 3)},
    }


def _claims(group: Group, way: Observed) -> Document:
    return {
        "claims": way.count,
        "open": len(way.lasting),
        "ended_unpaid": group.total("ended_unpaid"),
        "overdue": group.overdue,
    } | _within(way.through_within(TARGET_MS))


def _within(share: Estimate) -> Document:
    names = ("paid_within_15_min", "paid_within_15_min_low", "paid_within_15_min_high")
    figures = (share.value, share.low, share.high)
    return {name: None if one is None else round(one, 4) for name, one in zip(names, figures, strict=True)}


def _share_paid(share: Estimate) -> Document:
    figures = zip(("paid", "paid_low", "paid_high"), (share.value, share.low, share.high), strict=True)
    return {name: None if one is None else round(one, 4) for name, one in figures}


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _known(figure: np.float64) -> float | None:
    return None if np.isnan(figure) else float(figure)


def _group(name: str, group: Group) -> Document:
    way = group.way
    speed = stage_figures(WHOLE_WAY, way)
    return (
        {"group": name}
        | _claims(group, way)
        | {key: value for key, value in speed.items() if key.endswith("_seconds")}
        | {"minutes": minutes(group)}
    )
