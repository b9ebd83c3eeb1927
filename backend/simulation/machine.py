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


class Machine:
    """Verification and clocks of one county's claims."""

    def __init__(self, scene: Scene, look: Callable[[Course], None]) -> None:
        self._scene = scene
        self._look = look
        self._timetable = scene.register.clocks.timetable
        self._silent = {
            one.clock: one.length * self._timetable.marks(one.clock)[0] / 100
            for one in self._timetable.deadlines
        }
        """For so long a clock that begins now has nothing to say: office hours only make it longer."""

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
            self._wake(course, mark, is_mark=True)

    def follow(self, course: Course) -> None:
        """Something was recorded: look again before a clock that it may have begun has anything to say.

        When a clock says something is dear to work out, and most claims are over before theirs does.
        """
        claim = course.claim
        began = (claim.pauses, claim.triaged_at, claim.handed_over_at, claim.accepted_at, len(claim.payouts))
        if began == course.began:
            return
        if course.began and claim.pauses != course.began[0]:
            # What goes on after a pause may have something to say at once.
            self.remind(course)
        course.began = began
        sooner = ClockName.CERTIFICATE if claim.handover and not claim.open_lanes else ClockName.REVIEW
        self._wake(
            course, self._scene.agenda.now + self._silent.get(sooner, timedelta(hours=1)), is_mark=False
        )

    def _wake(self, course: Course, at: datetime, *, is_mark: bool) -> None:
        if course.timer_at is None or at < course.timer_at:
            course.timer_at = at
            self._scene.agenda.at(at, partial(self._tell, course, at, is_mark=is_mark))

    def _tell(self, course: Course, at: datetime, *, is_mark: bool) -> None:
        if course.is_over or course.timer_at != at:
            return
        course.timer_at = None
        if is_mark and self._scene.give(course, RecordDeadlines()):
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
            course.demand.triaged_after = scene.agenda.now - course.claim.reported_at
            self._look(course)
