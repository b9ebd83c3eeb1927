"""An office with its queue: so many people, hours in which they work, one piece of work at a time each."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.domain.clocks.office_hours import OfficeHours
from backend.domain.policy import policy_day
from backend.simulation.agenda import Agenda
from backend.simulation.people import Signer, Team

_LOOKED_AT = 8
"""How far down the queue somebody looks for work that is not kept from them."""


@dataclass(frozen=True, slots=True)
class Work:
    """One piece of work: how long it takes, who may do it, and what is done in the end."""

    takes: timedelta
    do: Callable[[Signer], None]
    is_kept_from: Callable[[Signer], bool] | None = None


class Hours:
    """Office hours asked millions of times: the same answers as ``OfficeHours``, looked up day by day."""

    def __init__(self, hours: OfficeHours) -> None:
        self._hours = hours
        self._days: dict[object, tuple[tuple[datetime, datetime], ...]] = {}

    def closes_at(self, at: datetime) -> datetime | None:
        """When the opening ends that *at* lies in; None while it is closed."""
        day = policy_day(at)
        if day not in self._days:
            self._days[day] = tuple(self._hours.moments_of(day))
        return next((closes for opens, closes in self._days[day] if opens <= at < closes), None)

    def next_open(self, at: datetime) -> datetime:
        """As ``OfficeHours.next_open``."""
        return self._hours.next_open(at)

    def after(self, start: datetime, worked: timedelta) -> datetime:
        """When so much work is done that was begun at *start*: always a moment at which somebody is there."""
        closes = self.closes_at(start)
        if closes is not None and start + worked < closes:
            return start + worked
        done = self._hours.after(start, worked)
        return self._hours.next_open(done)


class Office:
    """One office of a county."""

    def __init__(self, team: Team, hours: OfficeHours, agenda: Agenda) -> None:
        self.team = team
        self.hours = Hours(hours)
        self._agenda = agenda
        self._idle = deque(team.signers)
        self._queue: deque[Work] = deque()
        self._opens_at: datetime | None = None

    def ask(self, work: Work) -> None:
        """Put it at the end of the queue."""
        self._queue.append(work)
        self._begin()

    def _begin(self) -> None:
        now = self._agenda.now
        if not self._queue or not self._idle:
            return
        if self.hours.closes_at(now) is None:
            if self._opens_at is None or self._opens_at <= now:
                self._opens_at = self.hours.next_open(now)
                self._agenda.at(self._opens_at, self._begin)
            return
        for _ in range(len(self._idle)):
            signer = self._idle.popleft()
            work = self._work_for(signer)
            if work is None:
                self._idle.append(signer)
            else:
                self._agenda.at(self.hours.after(now, work.takes), _Ending(self, signer, work))
            if not self._queue:
                return

    def _work_for(self, signer: Signer) -> Work | None:
        for place, work in enumerate(self._queue):
            if place == _LOOKED_AT:
                break
            if work.is_kept_from is None or not work.is_kept_from(signer):
                del self._queue[place]
                return work
        return None

    def end(self, signer: Signer, work: Work) -> None:
        """Somebody is done, and takes what comes next."""
        work.do(signer)
        self._idle.append(signer)
        self._begin()


@dataclass(frozen=True, slots=True)
class _Ending:
    office: Office
    signer: Signer
    work: Work

    def __call__(self) -> None:
        self.office.end(self.signer, self.work)
