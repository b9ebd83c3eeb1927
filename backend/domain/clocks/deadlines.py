"""Deadlines 时限 as data: what has to be done, by when, in which time it is counted, and who is told."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from backend.domain.clocks.office_hours import ALWAYS, OfficeHours
from backend.domain.clocks.pauses import PauseKind
from backend.domain.ratings.terms import RatingTerms

BREACH = 100
"""Per cent of the time: it is used up."""


class ClockName(StrEnum):
    """What is waited for; ``running`` says from when to when each counts."""

    PAYOUT = "payout"
    """From the report to the money on the account: the promise that the farmer was given."""
    FIRST_DECISION = "first_decision"
    """From the report to the first word of any lane."""
    REVIEW = "review"
    """From the checks to the last lane's approval."""
    SETTLEMENT = "settlement"
    """From the agreement of all to the money on the account."""
    CERTIFICATE = "certificate"
    """From the handover to the disposal certificate."""
    TICKET = "ticket"
    """From a bad rating to the answer that closes its service ticket."""
    DISEASE_NOTICE = "disease_notice"
    """From the suspicion to the notice of a disease; nothing starts it yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """One row: claims reported from the day ``since`` (Asia/Shanghai) on have this long; ``source`` is the rule."""

    clock: ClockName
    since: date
    length: timedelta
    in_office_hours: bool
    pauses: frozenset[PauseKind]
    source: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """逐级上报: at this share of a clock's time the service officers 服务官 of this level are told."""

    clock: ClockName
    percent: int
    level: int


@dataclass(frozen=True, slots=True)
class Level:
    """What a service officer of this level may do beyond looking."""

    level: int
    name: str
    may_delegate: bool = False


@dataclass(frozen=True, slots=True)
class Timetable:
    """Everything that says by when: deadlines, office hours, escalation, ratings. Empty: nothing is timed."""

    deadlines: tuple[Deadline, ...] = ()
    hours: OfficeHours = ALWAYS
    at_risk_percent: int = 75
    steps: tuple[Step, ...] = ()
    levels: tuple[Level, ...] = ()
    ratings: tuple[RatingTerms, ...] = ()
    # Every event asks of its claim's day, and of the same few clocks.
    _on: dict[date, tuple[Deadline, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _marks: dict[ClockName, tuple[int, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def on(self, day: date) -> tuple[Deadline, ...]:
        """The deadlines of a claim that was reported on this day; a clock's newest row counts."""
        found = self._on.get(day)
        if found is None:
            newest: dict[ClockName, Deadline] = {}
            for row in self.deadlines:
                if row.since <= day and (row.clock not in newest or newest[row.clock].since < row.since):
                    newest[row.clock] = row
            found = self._on[day] = tuple(row for row in newest.values() if row.active)
        return found

    def promise(self, day: date) -> timedelta:
        """What a farmer who reports on this day is promised, from the report to the money on the account.

        Raises:
            LookupError: No row of the payout is in force.
        """
        found = next((row for row in self.on(day) if row.clock is ClockName.PAYOUT), None)
        if found is None:
            raise LookupError(f"no deadline for the payout is in force on {day}")
        return found.length

    def hours_of(self, deadline: Deadline) -> OfficeHours:
        """The hours in which this deadline's time passes."""
        return self.hours if deadline.in_office_hours else ALWAYS

    def marks(self, clock: ClockName) -> tuple[int, ...]:
        """The shares of a clock's time, in per cent, at which something is recorded, in order."""
        found = self._marks.get(clock)
        if found is None:
            steps = {step.percent for step in self.steps if step.clock is clock}
            found = self._marks[clock] = tuple(sorted({self.at_risk_percent, BREACH} | steps))
        return found

    def may_delegate(self, level: int | None) -> bool:
        """Whether a service officer of this level may ask another office to decide."""
        return any(one.may_delegate for one in self.levels if one.level == level)


NOTHING_TIMED = Timetable()
