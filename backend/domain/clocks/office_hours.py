"""Office hours 办公时间: weekly opening times, public holidays, and days worked in exchange for them (调休)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from backend.domain.policy import SHANGHAI, policy_day

_DAY = timedelta(days=1)
_NONE = timedelta(0)
_LONGEST_CLOSED = 60
"""Days. The longest public holiday has had nine; an office shut for two months has no next opening to promise."""


@dataclass(frozen=True, slots=True)
class Opening:
    """One stretch of a day, counted from midnight in Asia/Shanghai; ``opens`` belongs to it, ``closes`` does not."""

    opens: timedelta
    closes: timedelta

    def __post_init__(self) -> None:
        if not _NONE <= self.opens < self.closes <= _DAY:
            raise ValueError(f"{self.opens}–{self.closes} is no stretch of one day")


Openings = tuple[Opening, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeHours:
    """When an office works. All days are dates in Asia/Shanghai.

    Attributes:
        week: Openings from Monday to Sunday.
        make_up_hours: Openings of a day worked in exchange for a holiday.
        closed: Public holidays 法定节假日, also where they fall on a working day.
        make_up: Days worked in exchange 调休上班日; they win over the week, as the State Council's notice does.
        published: Years whose holidays are known. In other years the week alone says when it is open.
    """

    week: tuple[Openings, ...]
    make_up_hours: Openings = ()
    closed: frozenset[date] = frozenset()
    make_up: frozenset[date] = frozenset()
    published: frozenset[int] = frozenset()
    # Clocks ask for the same few days again and again.
    _moments: dict[date, tuple[tuple[datetime, datetime], ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        if len(self.week) != 7:  # noqa: PLR2004 - the days of a week
            raise ValueError(f"a week has seven days, not {len(self.week)}")
        for openings in (*self.week, self.make_up_hours):
            if any(earlier.closes > later.opens for earlier, later in pairwise(openings)):
                raise ValueError("the openings of a day follow each other and do not overlap")
        both = self.closed & self.make_up
        if both:
            raise ValueError(f"{min(both)} is both a holiday and worked in exchange for one")

    def openings_on(self, day: date) -> Openings:
        """When the office is open on this day, in order; none on a holiday."""
        if day in self.make_up:
            return self.make_up_hours
        return () if day in self.closed else self.week[day.weekday()]

    def is_open(self, at: datetime) -> bool:
        """Whether someone is there at this moment, aware."""
        return any(opens <= at < closes for opens, closes in self.moments_of(policy_day(at)))

    def moments_of(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """When it opens and closes on this day, in order, in UTC."""
        found = self._moments.get(day)
        if found is None:
            midnight = datetime.combine(day, time(), SHANGHAI).astimezone(UTC)
            found = tuple((midnight + one.opens, midnight + one.closes) for one in self.openings_on(day))
            self._moments[day] = found
        return found

    def next_open(self, at: datetime) -> datetime:
        """The moment itself while the office is open, else when it opens next.

        Raises:
            NeverOpen: It does not open within 60 days.
        """
        return next(self._stretches(at))[0]

    def open_between(self, start: datetime, end: datetime) -> timedelta:
        """How much office time lies between two moments; nothing if *end* is not after *start*."""
        if self is ALWAYS:
            return max(_NONE, end - start)
        total, day = _NONE, policy_day(start)
        while day <= policy_day(end):
            for opens, closes in self.moments_of(day):
                total += max(_NONE, min(end, closes) - max(start, opens))
            day += _DAY
        return total

    def after(self, start: datetime, worked: timedelta) -> datetime:
        """The first moment by which *worked* office time has passed since *start*; *start* itself for none.

        Raises:
            NeverOpen: The office does not open often enough.
        """
        left = worked
        if left <= _NONE:
            return start
        if self is ALWAYS:
            return start + worked
        for opens, closes in self._stretches(start):
            if closes - opens >= left:
                return opens + left
            left -= closes - opens
        raise AssertionError  # pragma: no cover - the stretches end by NeverOpen alone

    def knows(self, day: date) -> bool:
        """Whether the holidays of this day's year are published here."""
        return day.year in self.published

    def _stretches(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """What is left of today's opening at *start*, then every later one.

        Raises:
            NeverOpen: None follows within 60 days of the last.
        """
        day, closed_for = policy_day(start), 0
        while closed_for <= _LONGEST_CLOSED:
            closed_for += 1
            for opens, closes in self.moments_of(day):
                if closes > start:
                    closed_for = 0
                    yield max(opens, start), closes
            day += _DAY
        raise NeverOpen(start)


class NeverOpen(ValueError):
    """The office has no opening in sight: its timetable is wrong."""

    def __init__(self, after: datetime) -> None:
        super().__init__(f"the office does not open within {_LONGEST_CLOSED} days of {after.isoformat()}")


ALWAYS = OfficeHours(week=((Opening(_NONE, _DAY),),) * 7)
"""Round the clock, such as a disposal plant or a bank's gateway."""
