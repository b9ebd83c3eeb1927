"""What a simulated county leaves for a live one: the timers of claims that are still open."""

from datetime import datetime

from backend.domain.clocks.running import next_mark
from backend.domain.decisions.facts import Clocks
from backend.domain.effects import Effect, EffectKind, effects_of
from backend.domain.replacing import replace
from backend.simulation.course import Course

_TIMERS = frozenset({EffectKind.VERIFY, EffectKind.INQUIRE})


def left_to_do(course: Course, clocks: Clocks, now: datetime) -> tuple[Effect, ...]:
    """The effects that a live system would have pending *now*; whatever was due before has been carried out."""
    asked = [
        effect
        for before, recorded, after in course.steps
        for effect in effects_of(before, recorded, after, clocks)
    ]
    pending = [effect for effect in asked if effect.kind in _TIMERS and effect.due_at >= now]
    mark = next_mark(course.claim, clocks.timetable, now)
    timers = [effect for effect in asked if effect.kind is EffectKind.DEADLINE]
    if mark is not None and timers:
        # One timer a claim goes on from mark to mark, as the live one does.
        pending.append(replace(timers[-1], due_at=mark))
    return tuple(pending)
