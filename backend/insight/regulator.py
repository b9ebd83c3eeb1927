"""What a regulator 监管机构 reads: one month's counties by what became of their claims, and nobody can be made out.

There is one table a month of the report, over whole months that are over, and no other filter: no two answers overlap,
so that none can be had from two others by subtraction. Counts are hidden as ``domain.suppression`` says; times, shares
and the index stand only where nothing of a row is hidden.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from sqlalchemy import Connection

from backend.domain.policy import policy_day
from backend.domain.problems import FieldError, InvalidInput
from backend.domain.quality.figure import TARGET_MS
from backend.domain.quality.heard import Heard
from backend.domain.suppression import FEWEST, Protected, protect
from backend.insight.gathered import Group, gather
from backend.insight.heard import hear
from backend.insight.quality import index, raw_figures
from backend.insight.wanted import By, Wanted
from backend.store.day_pack import epoch_ms

Document = dict[str, object]
OUTCOMES = ("paid_within_15_min", "paid_later", "open_in_time", "overdue", "ended_unpaid")
"""What became of a claim: each is in one of these."""
_SIDES = {"p50_minutes": (0.5, 2 * FEWEST), "p90_minutes": (0.9, 10 * FEWEST)}
"""A time is shown where at least so many claims stand behind it: FEWEST of them take longer."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month of reports, in Asia/Shanghai."""

    first: date

    @property
    def last(self) -> date:
        """Its last day."""
        return (self.first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)

    def __str__(self) -> str:
        """``2026-10``."""
        return f"{self.first:%Y-%m}"


def month_of(named: str | None, now: datetime) -> Month:
    """The month that is asked for; the last one that is over where none is named.

    Raises:
        InvalidInput: It is none, or is not over: while it lasts, today's table less yesterday's tells of single claims.
    """
    this = policy_day(now).replace(day=1)
    if named is None:
        return Month((this - timedelta(days=1)).replace(day=1))
    try:
        first = date.fromisoformat(f"{named}-01")
    except ValueError as wrong:
        errors = [FieldError("/month", f"{named:.20} is no month such as 2026-10")]
        raise InvalidInput("there is no such month", errors=errors) from wrong
    if first >= this:
        errors = [FieldError("/month", "is not over yet: a regulator reads whole months")]
        raise InvalidInput("this month has no table yet", errors=errors)
    return Month(first)


def regulator(connection: Connection, within: frozenset[str] | None, month: Month, now: datetime) -> Document:
    """The table of one month: counties that the reader sees, and all of them together.

    Args:
        connection: A snapshot.
        within: The counties; None: all there are.
        month: Whose reports.
        now: Until when open claims have lasted.
    """
    wanted = Wanted(first=month.first, last=month.last, by=By.COUNTY, within=within)
    found, heard = gather(connection, wanted, epoch_ms(now)), hear(connection, wanted, now)
    names = sorted(found.groups)
    table = protect([_outcomes(found.groups[name]) for name in names])
    whole = (found.whole, heard.whole)
    rows = [_row(table, place, found.groups[name], heard.of(name)) for place, name in enumerate(names)]
    return {
        "as_of": now.isoformat(),
        "month": str(month),
        "fewest": FEWEST,
        "total": _row(table, len(names), *whole) if names else _nothing(),
        "groups": [{"group": name} | row for name, row in zip(names, rows, strict=True)],
    }


def _outcomes(group: Group) -> tuple[int, ...]:
    way = group.way
    paid = len(way.over)
    soon = int(np.searchsorted(way.over, TARGET_MS, side="right"))
    lasting = len(way.lasting)
    return (soon, paid - soon, lasting - group.overdue, group.overdue, group.total("ended_unpaid"))


def _row(table: Protected, place: int, group: Group, heard: Heard) -> Document:
    counts = {name: table.shown(place, column) for column, name in enumerate(OUTCOMES)}
    claims = table.shown(place, len(OUTCOMES))
    derived = _derived(group, heard) if table.is_whole(place) else dict.fromkeys(_DERIVED)
    return {"claims": claims} | counts | derived | {"suppressed": not table.is_whole(place)}


_DERIVED = ("paid_within_15_min_percent", "p50_minutes", "p90_minutes", "rating", "index")


def _derived(group: Group, heard: Heard) -> Document:
    way = group.way
    share = way.through_within(TARGET_MS).value
    times = {
        name: way.quantile_ms(quantile).value if way.count >= needed else None
        for name, (quantile, needed) in _SIDES.items()
    }
    rating = raw_figures(group, heard)["rating"]
    found = index(group, heard)
    return {
        "paid_within_15_min_percent": None if share is None else round(share * 100),
        **{name: None if ms is None else round(ms / 60_000) for name, ms in times.items()},
        "rating": None if rating is None else round(rating, 1),
        "index": None if found is None else round(found),
    }


def _nothing() -> Document:
    zeros = dict.fromkeys(("claims", *OUTCOMES), 0)
    return {**zeros, **dict.fromkeys(_DERIVED), "suppressed": False}
