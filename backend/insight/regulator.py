"""What a regulator 监管机构 reads: aggregates in which no small group of farmers can be made out.

A count below 5 is hidden. Where only one group would be hidden the next smallest is too: the total would give it away.
Shares are whole percents and times whole minutes, so that neither can be turned back into a count of few.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from backend.insight.figures import TARGET_MS
from backend.insight.gathered import Group, gather
from backend.insight.quality import index
from backend.insight.wanted import By, Wanted
from backend.store.day_pack import epoch_ms

Document = dict[str, object]
FEWEST = 5


def regulator(connection: Connection, wanted: Wanted, now: datetime) -> Document:
    """Figures by county or whatever they are told apart by, with the index of each."""
    wanted = replace(wanted, by=wanted.by or By.COUNTY)
    found = gather(connection, wanted, epoch_ms(now))
    counts = {name: group.total("claims") for name, group in found.groups.items()}
    hidden = suppressed(counts)
    whole = found.whole.total("claims")
    return {
        "as_of": now.isoformat(),
        "filter": wanted.as_json(),
        "fewest": FEWEST,
        "total": _shown(found.whole) if whole >= FEWEST else _hidden(),
        "groups": [
            {"group": name} | (_hidden() if name in hidden else _shown(group))
            for name, group in sorted(found.groups.items())
        ],
    }


def suppressed(counts: Mapping[str, int]) -> frozenset[str]:
    """The groups that are hidden: the small ones, and as many more as keep their sum from giving one of them away."""
    order = sorted(counts, key=lambda name: (counts[name], name))
    small = [name for name in order if counts[name] < FEWEST]
    if not small:
        return frozenset()
    rest = order[len(small) :]
    # One alone is the total less the others, and of several all are known to be few where they are few together.
    while rest and (len(small) == 1 or sum(counts[name] for name in small) < FEWEST):
        small.append(rest.pop(0))
    return frozenset(small)


def _shown(group: Group) -> Document:
    way = group.way
    share = way.through_within(TARGET_MS).value
    times = {f"p{quantile * 100:.0f}_minutes": way.quantile_ms(quantile).value for quantile in (0.5, 0.9)}
    return {
        "claims": group.total("claims"),
        "open": _many(len(way.lasting)),
        "ended_unpaid": _many(group.total("ended_unpaid")),
        "overdue": _many(group.overdue),
        "paid_within_15_min_percent": None if share is None else round(share * 100),
        **{name: None if ms is None else round(ms / 60_000) for name, ms in times.items()},
        "index": _whole(index(group)),
        "suppressed": False,
    }


def _hidden() -> Document:
    empty = ("claims", "open", "ended_unpaid", "overdue", "paid_within_15_min_percent")
    return dict.fromkeys((*empty, "p50_minutes", "p90_minutes", "index")) | {"suppressed": True}


def _many(count: int) -> int | None:
    return None if 0 < count < FEWEST else count


def _whole(figure: float | None) -> int | None:
    return None if figure is None else round(figure)
