"""Two periods side by side, and whether they differ: each figure's difference with its 95 % limits.

The limits of a difference are made of those of the two figures (MOVER: Zou and Donner, Construction of confidence
limits about effect measures, Statistics in Medicine 27, 2008), which are not even on both sides.
"""

import math
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from backend.domain.policy import policy_day
from backend.domain.quality.figure import TARGET_MS
from backend.insight.figures import QUANTILES
from backend.insight.gathered import Group, gather
from backend.insight.survival import UNKNOWN, Estimate
from backend.insight.wanted import Wanted
from backend.store.day_pack import epoch_ms

Document = dict[str, object]
Days = tuple[date, date]
USUAL = timedelta(days=7)
"""How long the periods are where none is named: the last seven days, and the seven before."""
_FIRST_DAY = date(1900, 1, 1)


def comparison(connection: Connection, wanted: Wanted, against: Days | None, now: datetime) -> Document:
    """The period that is wanted and the one that it is held *against*: without it as many days just before."""
    later = period(wanted, now)
    earlier = against or before(later)
    groups = [
        gather(connection, replace(wanted, first=days[0], last=days[1], by=None), epoch_ms(now)).whole
        for days in (earlier, later)
    ]
    names = ("paid_within_15_min", *(f"p{share * 100:.0f}_seconds" for share in QUANTILES))
    return {
        "as_of": now.isoformat(),
        "filter": wanted.as_json() | {"by": None, "from": later[0].isoformat(), "to": later[1].isoformat()},
        "against": {"from": earlier[0].isoformat(), "to": earlier[1].isoformat()},
        "claims": {"before": groups[0].total("claims"), "now": groups[1].total("claims")},
        "figures": [
            _figure(name, was, is_now)
            for name, was, is_now in zip(names, *map(_estimates, groups), strict=True)
        ],
    }


def period(wanted: Wanted, now: datetime) -> Days:
    """The days that are wanted; what is not named is completed to seven of them."""
    named = max(wanted.first, _FIRST_DAY) if wanted.first else None
    last = wanted.last or (policy_day(now) if named is None else max(policy_day(now), named))
    last = max(last, _FIRST_DAY + USUAL)
    return named or last - USUAL + timedelta(days=1), last


def before(days: Days) -> Days:
    """As many days just before these; none before the first day that a calendar here holds."""
    length = days[1] - days[0]
    last = days[0] - timedelta(days=1)
    first = last - length if last - _FIRST_DAY > length else _FIRST_DAY
    return min(first, last), last


def difference(now: Estimate, before: Estimate) -> Estimate:
    """How much more it is now; limits where both figures have theirs."""
    if now.value is None or before.value is None:
        return UNKNOWN
    gained = now.value - before.value
    low = high = None
    if now.low is not None and before.high is not None:
        low = gained - math.hypot(now.value - now.low, before.high - before.value)
    if now.high is not None and before.low is not None:
        high = gained + math.hypot(now.high - now.value, before.value - before.low)
    return Estimate(gained, low, high)


def _estimates(group: Group) -> list[Estimate]:
    quantiles = [group.way.quantile_ms(share) for share in QUANTILES]
    return [group.way.through_within(TARGET_MS), *map(_in_seconds, quantiles)]


def _in_seconds(ms: Estimate) -> Estimate:
    return Estimate(*(None if one is None else one / 1000 for one in (ms.value, ms.low, ms.high)))


def _figure(name: str, was: Estimate, is_now: Estimate) -> Document:
    gained = difference(is_now, was)
    is_sure = (gained.low is not None and gained.low > 0) or (gained.high is not None and gained.high < 0)
    return {
        "figure": name,
        "before": _said(was),
        "now": _said(is_now),
        "difference": _said(gained),
        "differs": is_sure,
    }


def _said(figure: Estimate) -> Document:
    figures = zip(("value", "low", "high"), (figure.value, figure.low, figure.high), strict=True)
    return {name: None if one is None else round(one, 4) for name, one in figures}
