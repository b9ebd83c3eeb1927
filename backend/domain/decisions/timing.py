"""What a claim's clocks say when a timer goes off: at risk, breached, whom to tell; once each, ever."""

from collections.abc import Iterator
from datetime import datetime

from backend.domain.claim import Claim
from backend.domain.clocks.deadlines import BREACH, ClockName, Timetable
from backend.domain.clocks.events import ClaimEscalated, DeadlineAtRisk, DeadlineBreached
from backend.domain.clocks.running import Running, running
from backend.domain.decisions.facts import Facts
from backend.domain.events import Event
from backend.domain.stages import DISPOSAL, INSURER, stage_of


def record_deadlines(claim: Claim, facts: Facts, at: datetime) -> list[Event]:
    """What the clocks that run say by now and have not said before; nothing where all is in time.

    A clock that starts anew, such as the review after new evidence, says each thing once all the same. One whose time
    was up before anyone looked is breached; that it had been at risk is no news any more.
    """
    timetable = facts.clocks.timetable
    return [
        event
        for clock in running(claim, timetable)
        if not clock.is_paused
        for event in _said_by(claim, clock, facts, timetable, at)
    ]


def _said_by(
    claim: Claim, clock: Running, facts: Facts, timetable: Timetable, at: datetime
) -> Iterator[Event]:
    if not clock.has_reached(timetable.marks(clock.clock)[0], at):
        return
    due_at = clock.due_at
    if due_at is None:
        return
    held_by = _holder(claim, clock)
    said = {type(event) for event in claim.deadlines if _is_of(event, clock, due_at)}
    if clock.has_reached(BREACH, at):
        if DeadlineBreached not in said:
            yield DeadlineBreached(clock=clock.clock, due_at=due_at, held_by=held_by)
    elif not said and clock.has_reached(timetable.at_risk_percent, at):
        yield DeadlineAtRisk(clock=clock.clock, due_at=due_at, held_by=held_by)
    told = {(one.level, one.percent) for one in claim.escalations if _is_of(one, clock, due_at)}
    for step in timetable.steps:
        is_new = step.clock is clock.clock and (step.level, step.percent) not in told
        if is_new and clock.has_reached(step.percent, at):
            yield ClaimEscalated(
                clock=clock.clock,
                level=step.level,
                percent=step.percent,
                due_at=due_at,
                held_by=held_by,
                told=facts.to_tell.get(step.level, ()),
            )


def _holder(claim: Claim, clock: Running) -> str:
    if clock.clock is ClockName.TICKET:
        return INSURER
    stage = stage_of(claim)
    return stage[1] if stage else DISPOSAL


def _is_of(
    event: DeadlineAtRisk | DeadlineBreached | ClaimEscalated, clock: Running, due_at: datetime
) -> bool:
    """Whether the clock said this; each ticket has a clock of its own, which nothing moves."""
    is_same = clock.clock is not ClockName.TICKET or event.due_at == due_at
    return event.clock is clock.clock and is_same
