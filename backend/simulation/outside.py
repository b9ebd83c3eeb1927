"""Truck, plant and bank: what goes on outside the offices."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial

from backend.domain.clocks.office_hours import OfficeHours, Opening
from backend.domain.commands import (
    RecordAccepted,
    RecordConfirmed,
    RecordFailed,
    RecordHandover,
    RecordReturned,
    RecordUnanswered,
    StartPayout,
)
from backend.domain.decisions.disposing import handover_document
from backend.domain.plain import moment
from backend.domain.words import PayoutState, State
from backend.simulation.course import Course
from backend.simulation.office import Office, Work
from backend.simulation.people import Signer
from backend.simulation.scene import Scene

COLLECTING = OfficeHours(week=((Opening(timedelta(hours=6), timedelta(hours=21)),),) * 7)
"""Trucks drive by day, on every day."""

_GRAMS_10 = Decimal("0.01")
_GIVES_UP_AFTER = timedelta(seconds=10)
_IN_PAYMENT = frozenset({State.PAYING, State.PAYMENT_UNKNOWN})


class Disposal:
    """Collectors with their trucks, and the plant 无害化处理中心."""

    def __init__(
        self,
        scene: Scene,
        collectors: Office,
        look: Callable[[Course], None],
        certify: Callable[[Course], None],
    ) -> None:
        self._scene = scene
        self._collectors = collectors
        self._look = look
        self._certify = certify

    def call(self, course: Course) -> None:
        """A collector is called with the report: the truck may be there before the vet."""
        habits = self._scene.habits
        way = habits.collects_near if course.farm.is_near else habits.collects_far
        course.demand.collecting = way.draw(self._scene.chance)
        self._collectors.ask(Work(course.demand.collecting, partial(self._collect, course)))

    def _collect(self, course: Course, signer: Signer) -> None:
        claim, scene = course.claim, self._scene
        if claim.state is State.CLOSED or claim.handover:
            return
        factor = scene.chance.uniform(0.97, 1.03)
        if scene.happens(scene.habits.weighs_differently):
            factor = scene.chance.choice((0.75, 1.3))
        weight = max(_GRAMS_10, (course.weight_kg * Decimal(str(round(factor, 4)))).quantize(_GRAMS_10))
        number, at = f"YJ-{claim.report.number}", scene.agenda.now
        document = handover_document(
            claim_id=claim.report.claim_id,
            receipt_number=number,
            heads=course.dead,
            weight_kg=str(weight),
            handed_over_at=moment(at),
        )
        scene.give(
            course,
            RecordHandover(
                collector=signer.officer,
                receipt_number=number,
                heads=course.dead,
                weight_kg=weight,
                key_id=signer.key_id,
                signature=signer.sign(document),
                handed_over_at=at,
            ),
        )
        if course.past:
            course.past.collectors.add(signer.officer.id)
        scene.agenda.after(scene.habits.plant_certifies.draw(scene.chance), partial(self._certify, course))
        self._look(course)


class Bank:
    """A bank that is mostly quick, sometimes silent, and now and then refuses or brings money back."""

    def __init__(self, scene: Scene, look: Callable[[Course], None]) -> None:
        self._scene = scene
        self._look = look

    def pay(self, course: Course) -> None:
        """Start the payout, and send it where it was started."""
        scene, habits = self._scene, self._scene.habits
        scene.give(course, StartPayout())
        payout = course.claim.payout
        if payout is None or payout.state is not PayoutState.STARTED:
            self._look(course)
            return
        if scene.happens(habits.bank_is_silent):
            scene.agenda.after(_GIVES_UP_AFTER, partial(self._silent, course))
        else:
            scene.agenda.after(habits.bank_accepts.draw(scene.chance), partial(self._accepted, course))

    def _accepted(self, course: Course) -> None:
        scene, habits, payout = self._scene, self._scene.habits, course.claim.payout
        if payout is None:
            return
        scene.give(course, RecordAccepted(payout_id=payout.id, bank_reference=_reference(course)))
        settles = self._refused if scene.happens(habits.bank_refuses) else self._confirmed
        scene.agenda.after(habits.bank_confirms.draw(scene.chance), partial(settles, course))

    def _silent(self, course: Course) -> None:
        scene, payout = self._scene, course.claim.payout
        if payout is None:
            return
        scene.give(course, RecordUnanswered(payout_id=payout.id, reason="no answer within 10 s"))
        later = scene.habits.bank_confirms.draw(scene.chance) * 20
        scene.agenda.after(later, partial(self._confirmed, course))

    def _refused(self, course: Course) -> None:
        payout = course.claim.payout
        if payout and course.claim.state in _IN_PAYMENT:
            self._scene.give(course, RecordFailed(payout_id=payout.id, reason="account closed"))
            self._look(course)

    def _confirmed(self, course: Course) -> None:
        scene, habits, payout = self._scene, self._scene.habits, course.claim.payout
        if payout is None:
            return
        scene.give(course, RecordConfirmed(payout_id=payout.id, bank_reference=_reference(course)))
        course.demand.paying = scene.agenda.now - payout.started_at
        if scene.happens(habits.bank_returns):
            course.is_returning = True
            scene.agenda.after(habits.bank_returns_after.draw(scene.chance), partial(self._returned, course))
        self._look(course)

    def _returned(self, course: Course) -> None:
        course.is_returning = False
        payout = course.claim.payout
        if payout:
            self._scene.give(
                course,
                RecordReturned(
                    payout_id=payout.id, bank_reference=_reference(course), reason="account unknown"
                ),
            )
        self._look(course)


def _reference(course: Course) -> str:
    payout = course.claim.payout
    return f"SIM-{str(payout.id)[:18]}" if payout else ""
