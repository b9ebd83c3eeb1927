"""How many people would pay half of the claims within 15 minutes? A queue model over what played claims asked for.

The county is not played again for every number: each claim's own minutes, as they were drawn in the simulation, go
through queues of other lengths. The model leaves out what people cannot change, such as holds, questions and
quarantine: it answers for claims that went their way without them.
"""

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from backend.domain.clocks.office_hours import OfficeHours
from backend.domain.words import Lane
from backend.simulation.demand import Demand
from backend.simulation.office import Hours
from backend.simulation.plan import Staff

TARGET = timedelta(minutes=15)
_HALF = 0.5
_MOST = 60
"""People an office: beyond, more would not be the answer."""


@dataclass(frozen=True, slots=True)
class Needed:
    """What the search found.

    Attributes:
        staff: So many of each office; None: no number reaches it.
        share: Of the claims looked at that are paid within 15 minutes then, or with as many as could help.
        claims: How many were looked at.
    """

    staff: Staff | None
    share: float
    claims: int

    def as_json(self) -> dict[str, object]:
        """For scripts."""
        return {
            "staff": self.staff.as_json() if self.staff else None,
            "paid_within_15_min": round(self.share, 4),
            "claims": self.claims,
        }


def needed(demands: Sequence[Demand], hours: OfficeHours, collecting: OfficeHours) -> Needed:
    """The fewest people with whom half of the claims are paid within 15 minutes, found by adding where it helps most.

    Args:
        demands: Of one county, in order of their reports.
        hours: When the three offices work.
        collecting: When the collectors do.
    """
    if not demands:
        return Needed(None, 0.0, 0)
    staff, best = Staff(1, 1, 1, 1), 0.0
    while True:
        share = paid_in_time(demands, staff, hours, collecting)
        if share >= _HALF:
            return Needed(staff, share, len(demands))
        best = max(best, share)
        tried = [(paid_in_time(demands, more, hours, collecting), more) for more in _one_more(staff)]
        found, more = max(tried, key=lambda one: one[0], default=(0.0, staff))
        if found <= share:
            # One more of one office does not help where two are short: then one more of each.
            more = Staff(*(number + 1 for number in staff.as_json().values()))
            if (
                max(more.as_json().values()) > _MOST
                or paid_in_time(demands, more, hours, collecting) <= share
            ):
                return Needed(None, best, len(demands))
        staff = more


def paid_in_time(
    demands: Sequence[Demand], staff: Staff, hours: OfficeHours, collecting: OfficeHours
) -> float:
    """The share of the claims that are paid within 15 minutes of the report with so many people."""
    queued = sorted(((one.reported_at + one.triaged_after, place) for place, one in enumerate(demands)))
    ready = [one.reported_at + one.triaged_after + one.agreed_after for one in demands]
    for lane in Lane:
        work = ((at, demands[place].lanes[lane], place) for at, place in queued)
        _through(work, getattr(staff, lane.value), Hours(hours), ready)
    calls = ((one.reported_at, one.collecting, place) for place, one in enumerate(demands))
    _through(calls, staff.disposal, Hours(collecting), ready)
    in_time = sum(at + one.paying - one.reported_at <= TARGET for at, one in zip(ready, demands, strict=True))
    return in_time / len(demands)


def _through(
    work: Iterable[tuple[datetime, timedelta, int]], people: int, hours: Hours, ready: list[datetime]
) -> None:
    """One queue, first come first served; each claim is ready no sooner than it comes out."""
    free: list[datetime] = []
    for at, takes, place in work:
        begins = at if len(free) < people else max(at, heapq.heappop(free))
        if hours.closes_at(begins) is None:
            begins = hours.next_open(begins)
        done = hours.after(begins, takes)
        heapq.heappush(free, done)
        ready[place] = max(ready[place], done)


def _one_more(staff: Staff) -> Iterable[Staff]:
    for office, number in staff.as_json().items():
        if number < _MOST:
            yield replace(staff, **{office: number + 1})
