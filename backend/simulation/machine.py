"""The machine's part: look at photos that came, judge the claim, keep its clocks."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from backend.domain.clocks.deadlines import ClockName
from backend.domain.clocks.running import next_mark
from backend.domain.commands import RecordDeadlines, RecordPhotoChecks, Triage
from backend.domain.words import State
from backend.simulation.course import Course
from backend.simulation.scene import Scene
from backend.simulation.sight import checks_of

_TO_VERIFY = frozenset({State.REPORTED, State.VERIFYING})
_LATER_CLOCKS = frozenset({ClockName.REVIEW, ClockName.SETTLEMENT, ClockName.CERTIFICATE})
"""Clocks that begin after the report."""


class Machine:
    """Verification and clocks of one county's claims."""

    def __init__(self, scene: Scene, look: Callable[[Course], None]) -> None:
        self._scene = scene
        self._look = look
        self._timetable = scene.register.clocks.timetable
        self._none_sooner = min(
            (
                one.length * self._timetable.marks(one.clock)[0] / 100
                for one in self._timetable.deadlines
                if one.clock in _LATER_CLOCKS
            ),
            default=timedelta(days=1),
        )
        """No clock that begins now has anything to say before so long: office hours only make it longer."""

    def expect(self, course: Course) -> None:
        """Photos were announced: the wait for them ends some time."""
        agenda = self._scene.agenda
        agenda.after(self._scene.register.clocks.verification_wait, partial(self._verify, course))
        self.remind(course)

    def hear(self, course: Course) -> None:
        """A photo is there; once all are, or nobody waits any more, the machine looks."""
        claim, scene = course.claim, self._scene
        waits_until = claim.gathering_since + scene.register.clocks.verification_wait
        if claim.missing_photos and scene.agenda.now < waits_until:
            return
        takes = sum(
            (scene.habits.counts_a_photo.draw(scene.chance) for _ in claim.unchecked_photos), timedelta()
        )
        scene.agenda.after(takes, partial(self._verify, course))

    def remind(self, course: Course) -> None:
        """Look at the claim's clocks when one of them has something to say."""
        mark = next_mark(course.claim, self._timetable, self._scene.agenda.now)
        if mark is not None:
            self._wake(course, mark)

    def remind_lately(self, course: Course) -> None:
        """Something was recorded: clocks may have begun, and none of them says anything before some hours."""
        self._wake(course, self._scene.agenda.now + self._none_sooner)

    def _wake(self, course: Course, at: datetime) -> None:
        if course.timer_at is None or at < course.timer_at:
            course.timer_at = at
            self._scene.agenda.at(at, partial(self._tell, course, at))

    def _tell(self, course: Course, at: datetime) -> None:
        if course.is_over or course.timer_at != at:
            return
        course.timer_at = None
        if self._scene.give(course, RecordDeadlines()):
            self._look(course)
        self.remind(course)

    def _verify(self, course: Course) -> None:
        scene = self._scene
        if course.claim.state not in _TO_VERIFY:
            return
        for photo_id in course.claim.unchecked_photos:
            fence = course.fences[photo_id]
            checks = checks_of(course.scene, fence, course.report.species)
            scene.give(course, RecordPhotoChecks(photo_id=photo_id, checks=checks))
        if scene.give(course, Triage(scene=course.scene)):
            self._look(course)
