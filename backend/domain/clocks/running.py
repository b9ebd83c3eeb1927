"""A claim's running clocks: from when they count, how far they are, and when each share of their time is up."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.domain.claim import Claim
from backend.domain.clocks.deadlines import BREACH, ClockName, Deadline, Timetable
from backend.domain.clocks.office_hours import OfficeHours
from backend.domain.clocks.pauses import Stretch, stretches
from backend.domain.policy import policy_day


@dataclass(frozen=True, slots=True)
class Running:
    """One clock of one claim that has started and not stopped; ``paused`` are the stretches that do not count."""

    clock: ClockName
    started_at: datetime
    length: timedelta
    hours: OfficeHours
    paused: tuple[Stretch, ...] = ()

    @property
    def is_paused(self) -> bool:
        """Whether it stands still."""
        return bool(self.paused) and self.paused[-1][1] is None

    def reached_at(self, percent: int) -> datetime | None:
        """When this share of the time is used up; None while it stands still before that."""
        left = self.length if percent == BREACH else self.length * percent / BREACH
        since = self.started_at
        for begin, end in self.paused:
            before = self.hours.open_between(since, begin)
            if before >= left:
                break
            if end is None:
                return None
            left, since = left - before, max(since, end)
        return self.hours.after(since, left)

    def has_reached(self, percent: int, at: datetime) -> bool:
        """Whether this share of the time was used up by then."""
        moment = self.reached_at(percent)
        return moment is not None and moment <= at

    @property
    def due_at(self) -> datetime | None:
        """When the whole time is used up; None while it stands still."""
        return self.reached_at(BREACH)


def running(claim: Claim, timetable: Timetable) -> tuple[Running, ...]:
    """The claim's clocks that run or stand still now; none that has not started, and none that has stopped."""
    found = []
    for deadline in timetable.on(policy_day(claim.reported_at)):
        started_at = _started_at(claim, deadline.clock)
        if started_at is not None:
            paused = _paused(claim, deadline, started_at) if claim.pauses else ()
            length, hours = _length(claim, deadline), timetable.hours_of(deadline)
            found.append(Running(deadline.clock, started_at, length, hours, paused))
    return tuple(found)


def next_mark(claim: Claim, timetable: Timetable, after: datetime) -> datetime | None:
    """When something has to be recorded next; None where no clock runs on to a mark."""
    moments = (_next_of(clock, timetable, after) for clock in running(claim, timetable))
    return min((moment for moment in moments if moment), default=None)


def _next_of(clock: Running, timetable: Timetable, after: datetime) -> datetime | None:
    # Marks stand in order, and so do the moments at which they are reached.
    for percent in timetable.marks(clock.clock):
        moment = clock.reached_at(percent)
        if moment and moment > after:
            return moment
    return None


def _paused(claim: Claim, deadline: Deadline, started_at: datetime) -> tuple[Stretch, ...]:
    return tuple(
        (max(begin, started_at), end)
        for begin, end in stretches(claim.pauses, deadline.pauses)
        if end is None or end > started_at
    )


def _length(claim: Claim, deadline: Deadline) -> timedelta:
    # What the farmer was promised with the report stands, whatever the table says by now.
    is_promise = deadline.clock is ClockName.PAYOUT
    return claim.report.due_at - claim.reported_at if is_promise else deadline.length


def _started_at(claim: Claim, clock: ClockName) -> datetime | None:
    match clock:
        case ClockName.CERTIFICATE:
            # Also where the claim ended unpaid: the carcasses are disposed of all the same.
            if claim.handover is None or claim.handed_over_at is None or claim.certificate is not None:
                return None
            return min(claim.handover.handed_over_at, claim.handed_over_at)
        case ClockName.TICKET:
            # Also where the claim ended unpaid: whoever was refused is answered too.
            return claim.open_ticket.opened_at if claim.open_ticket else None
        case _ if claim.has_ended_unpaid:
            return None
        case ClockName.PAYOUT:
            # A transfer that the bank brought back later had arrived in time, or not: that is settled.
            has_arrived = any(payout.confirmed_at for payout in claim.payouts)
            return None if has_arrived else claim.reported_at
        case ClockName.FIRST_DECISION:
            is_decided = any(record.decided for record in claim.lanes.values())
            return None if is_decided or claim.payout else claim.reported_at
        case ClockName.REVIEW:
            is_open = claim.open_lanes and not claim.is_triage_due and not claim.payout
            return claim.triaged_at if is_open else None
        case ClockName.SETTLEMENT:
            return None if claim.paid_at else _agreed_at(claim)
        case ClockName.DISEASE_NOTICE:
            return None


def _agreed_at(claim: Claim) -> datetime | None:
    if claim.open_lanes or not claim.is_accepted:
        return None
    moments = [record.at for record in claim.lanes.values()] + [claim.accepted_at]
    return max(moment for moment in moments if moment)
