"""What farmers do about their claims: send photos over the line they have, agree, answer, take a report back."""

from collections.abc import Callable
from functools import partial

from backend.domain.commands import AcceptOffer, AddEvidence, ReceivePhoto, Withdraw
from backend.domain.moves import BEFORE_PAYMENT
from backend.domain.photos import PhotoAnnounced
from backend.domain.words import Path, State
from backend.simulation.course import Course
from backend.simulation.machine import Machine
from backend.simulation.reports import Reports
from backend.simulation.scene import Scene

_AGREEABLE = frozenset({State.JOINT_REVIEW, State.OFFERED})


class Farmers:
    """The farmers of one county."""

    def __init__(
        self, scene: Scene, reports: Reports, machine: Machine, look: Callable[[Course], None]
    ) -> None:
        self._scene = scene
        self._reports = reports
        self._machine = machine
        self._look = look

    def report(self, course: Course) -> None:
        """The manifest arrives; photos follow."""
        scene = self._scene
        scene.give(course, course.report)
        scene.register.reported(course)
        self._machine.expect(course)
        self._send(course, course.report.photos)
        if scene.happens(scene.habits.withdraws):
            scene.agenda.after(
                scene.habits.answers_question.draw(scene.chance), partial(self._withdraw, course)
            )

    def consider(self, course: Course) -> None:
        """Agree to an offer that was not asked for before, some time after the code came."""
        claim = course.claim
        offer = claim.offer
        if claim.state not in _AGREEABLE or claim.path is Path.HOLD or offer is None or claim.is_accepted:
            return
        if not (offer.complete and offer.amount) or course.asked_for == claim.offer_hash:
            return
        course.asked_for = claim.offer_hash
        scene = self._scene
        course.demand.agreed_after = scene.habits.answers_code.draw(scene.chance)
        answered = scene.agenda.now + course.demand.agreed_after
        scene.agenda.at(scene.awake(answered), partial(self._agree, course))

    def answer(self, course: Course) -> None:
        """Somebody asked for more: another photo, some time later."""
        if "answer" in course.waiting:
            return
        course.waiting.add("answer")
        scene = self._scene
        answered = scene.agenda.now + scene.habits.answers_question.draw(scene.chance)
        scene.agenda.at(scene.awake(answered), partial(self._send_more, course))

    def _agree(self, course: Course) -> None:
        claim = course.claim
        if claim.state not in _AGREEABLE or claim.is_accepted or course.asked_for != claim.offer_hash:
            return
        if claim.offer_hash is not None:
            self._scene.give(course, AcceptOffer(offer_hash=claim.offer_hash, by=course.report.by))
            self._look(course)

    def _send_more(self, course: Course) -> None:
        course.waiting.discard("answer")
        if course.claim.state is not State.EVIDENCE_REQUESTED:
            return
        scene = self._scene
        photos, fences = self._reports.more_photos(course.farm, scene.agenda.now)
        course.fences |= fences
        course.look_again()
        scene.give(course, AddEvidence(by=course.report.by, photos=photos))
        self._machine.expect(course)
        self._send(course, photos)
        self._look(course)

    def _send(self, course: Course, photos: tuple[PhotoAnnounced, ...]) -> None:
        scene, habits = self._scene, self._scene.habits
        line = habits.slow_line if course.farm.has_slow_line else habits.fast_line
        arrives = scene.agenda.now
        for photo in photos:
            arrives += line.draw(scene.chance)
            if not scene.happens(habits.upload_fails):
                scene.agenda.at(arrives, partial(self._arrive, course, photo))

    def _arrive(self, course: Course, photo: PhotoAnnounced) -> None:
        claim = course.claim
        if claim.state not in BEFORE_PAYMENT or claim.state is State.PAYABLE:
            return
        received = ReceivePhoto(photo_id=photo.photo_id, bytes=photo.bytes, by=course.report.by)
        self._scene.give(course, received)
        self._machine.hear(course)

    def _withdraw(self, course: Course) -> None:
        if course.claim.state in BEFORE_PAYMENT:
            self._scene.give(course, Withdraw(by=course.report.by, reason="it is alive"))
            self._look(course)
