"""The three offices at work: decide, ask, look into holds, assess again, place and lift the hold of a zone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from backend.domain.commands import (
    Assess,
    Command,
    DecideLane,
    IssueCertificate,
    PlaceHold,
    ReleaseHold,
    RetryPayout,
)
from backend.domain.decisions.disposing import certificate_document
from backend.domain.lanes import decision_document
from backend.domain.moves import BEFORE_PAYMENT, IN_REVIEW
from backend.domain.replacing import replace
from backend.domain.words import Decision, HoldKind, Lane, Path, ReasonCode, State, WeightSource
from backend.simulation.course import Course, Fraud
from backend.simulation.office import Office, Work
from backend.simulation.people import Signer
from backend.simulation.scene import Scene

_NOTE = "photos, tags and register looked at"
_REASONS = {
    Fraud.REUSED_PHOTO: ReasonCode.DUPLICATE_PHOTO,
    Fraud.TAG_TWICE: ReasonCode.DUPLICATE_TAG,
    Fraud.OUTSIDE: ReasonCode.OUTSIDE_PREMISES,
    Fraud.INFLATED: ReasonCode.COUNT_MISMATCH,
}


@dataclass(frozen=True, slots=True)
class Offices:
    """The offices of the three lanes."""

    insurer: Office
    veterinary: Office
    inspection: Office

    def of(self, lane: Lane) -> Office:
        """The office whose part this lane is."""
        return {
            Lane.INSURER: self.insurer,
            Lane.VETERINARY: self.veterinary,
            Lane.INSPECTION: self.inspection,
        }[lane]


class Reviews:
    """What the offices of one county do to its claims."""

    def __init__(self, scene: Scene, offices: Offices, look: Callable[[Course], None]) -> None:
        self._scene = scene
        self._offices = offices
        self._look = look

    def open_lanes(self, course: Course) -> None:
        """Put the claim into the queue of every office that has yet to approve."""
        claim, habits = course.claim, self._scene.habits
        takes = habits.decides_clean if claim.path is Path.FAST else habits.decides_doubtful
        for lane in claim.open_lanes:
            if lane.value not in course.waiting:
                course.waiting.add(lane.value)
                course.demand.lanes[lane] = takes.draw(self._scene.chance)
                decide = partial(self._decide, course, lane)
                is_kept_from = partial(_is_named, course)
                self._offices.of(lane).ask(Work(course.demand.lanes[lane], decide, is_kept_from))

    def hold(self, course: Course) -> None:
        """Somebody of the insurer looks into what holds the claim."""
        self._ask_insurer(
            course, "hold", self._scene.habits.looks_into_hold.draw(self._scene.chance), self._judge
        )

    def differs(self, course: Course) -> None:
        """The receipt does not fit: the insurer assesses again."""
        self._other(course, "receipt", self._assess_receipt)

    def retry(self, course: Course) -> None:
        """The bank refused, or brought the money back: somebody asks for a new payout."""
        self._other(course, "retry", self._retry)

    def quarantine(self, course: Course) -> None:
        """The claim's farm lies in a protection zone: the veterinary office stops it."""
        takes = self._scene.habits.handles_other.draw(self._scene.chance)
        self._offices.veterinary.ask(Work(takes, partial(self._place, course)))

    def lift(self, course: Course) -> None:
        """The zone is no more."""
        self._other(course, "lift", self._lift)

    def certify(self, course: Course) -> None:
        """The plant reported: the inspection office issues the certificate."""
        takes = self._scene.habits.handles_other.draw(self._scene.chance)
        self._offices.inspection.ask(Work(takes, partial(self._certify, course)))

    def _other(self, course: Course, what: str, do: Callable[[Course, Signer], None]) -> None:
        self._ask_insurer(course, what, self._scene.habits.handles_other.draw(self._scene.chance), do)

    def _ask_insurer(
        self, course: Course, what: str, takes: timedelta, do: Callable[[Course, Signer], None]
    ) -> None:
        if what not in course.waiting:
            course.waiting.add(what)
            self._offices.insurer.ask(Work(takes, partial(self._taken, course, what, do)))

    def _taken(self, course: Course, what: str, do: Callable[[Course, Signer], None], signer: Signer) -> None:
        course.waiting.discard(what)
        do(course, signer)

    def _decide(self, course: Course, lane: Lane, signer: Signer) -> None:
        course.waiting.discard(lane.value)
        claim, scene = course.claim, self._scene
        if claim.state is not State.JOINT_REVIEW or lane not in claim.open_lanes:
            return
        if lane is Lane.INSURER and self._changes_or_rejects(course, signer):
            return
        asks = claim.path is Path.ASSISTED and not course.was_asked
        if lane is Lane.VETERINARY and asks and scene.happens(scene.habits.asks_for_more):
            course.was_asked = True
            self._sign(course, lane, signer, Decision.ASK, note="another photo, of the whole animal")
        elif not (
            course.is_named_for_second_look(signer.officer.id) and _has_colleague(self._offices.of(lane))
        ):
            note = _NOTE if claim.path is Path.ASSISTED else ""
            self._sign(course, lane, signer, Decision.APPROVE, note=note)
        self._look(course)

    def _changes_or_rejects(self, course: Course, signer: Signer) -> bool:
        """Whether the insurer's officer does anything but approve what stands."""
        claim, offer = course.claim, course.claim.offer
        if offer is None or not offer.complete:
            weighed = tuple(
                replace(one, weight_kg=course.weight_kg / claim.heads, weight_source=WeightSource.OFFICER)
                if one.weight_kg is None
                else one
                for one in claim.animals
            )
            self._assess(course, signer, claim.heads, weighed, "weighed on the farm")
            return True
        if not offer.amount:
            codes = [code for line in offer.lines for code in line.codes]
            reason = codes[0] if codes else ReasonCode.EVIDENCE_MISSING
            self._sign(course, Lane.INSURER, signer, Decision.REJECT, reason, "nothing is payable")
            self._look(course)
            return True
        return self._acts_on_fraud(course, signer)

    def _acts_on_fraud(self, course: Course, signer: Signer) -> bool:
        fraud, claim = course.fraud, course.claim
        if fraud not in {Fraud.OUTSIDE, Fraud.INFLATED} or course.is_seen_through is False:
            return False
        reason = _REASONS[fraud]
        is_inflated = fraud is Fraud.INFLATED
        is_pointed_at = any(doubt.code is reason for doubt in claim.findings)
        if is_inflated and (claim.heads == course.dead or not is_pointed_at):
            return False
        course.is_seen_through = self._scene.happens(self._scene.habits.sees_through)
        if not course.is_seen_through:
            return False
        if is_inflated:
            self._assess(course, signer, course.dead, claim.animals[: course.dead], "fewer are on the photos")
        else:
            self._sign(course, Lane.INSURER, signer, Decision.REJECT, reason, "not on the insured farm")
            self._look(course)
        return True

    def _judge(self, course: Course, signer: Signer) -> None:
        claim, scene = course.claim, self._scene
        hold = claim.hold(HoldKind.SIGNALS)
        if hold is None or claim.state is not State.TRIAGED:
            return
        if course.fraud and scene.happens(scene.habits.sees_through):
            self._sign(
                course,
                Lane.INSURER,
                signer,
                Decision.REJECT,
                _REASONS[course.fraud],
                "the same was claimed before",
            )
        else:
            if hold.reason == ReasonCode.OVER_INSURED_COUNT:
                self._assess(
                    course, signer, claim.heads, claim.animals, "insured heads are used up", looks=False
                )
            released = ReleaseHold(officer=signer.officer, reason="compared, nothing against it")
            scene.give(course, released)
        self._look(course)

    def _assess_receipt(self, course: Course, signer: Signer) -> None:
        claim = course.claim
        if claim.state not in IN_REVIEW or not claim.has_differing_receipt or claim.handover is None:
            return
        animals = claim.animals[: claim.handover.heads]
        self._scene.give(
            course,
            Assess(
                officer=signer.officer,
                heads=claim.handover.heads,
                animals=animals,
                reason="as weighed at the handover",
                from_handover=True,
            ),
        )
        self._look(course)

    def _assess(
        self,
        course: Course,
        signer: Signer,
        heads: int,
        animals: tuple,  # type: ignore[type-arg]
        reason: str,
        *,
        looks: bool = True,
    ) -> None:
        self._scene.give(course, Assess(officer=signer.officer, heads=heads, animals=animals, reason=reason))
        if looks:
            self._look(course)

    def _retry(self, course: Course, signer: Signer) -> None:
        if course.claim.state is State.PAYMENT_FAILED:
            self._scene.give(course, RetryPayout(officer=signer.officer, reason="the account was corrected"))
        self._look(course)

    def _place(self, course: Course, signer: Signer) -> None:
        if course.claim.state in BEFORE_PAYMENT and not course.claim.hold(HoldKind.QUARANTINE):
            self._scene.give(
                course,
                PlaceHold(
                    officer=signer.officer, kind=HoldKind.QUARANTINE, reason="inside the protection zone"
                ),
            )
            self._look(course)

    def _lift(self, course: Course, signer: Signer) -> None:
        if course.claim.state in BEFORE_PAYMENT and course.claim.hold(HoldKind.QUARANTINE):
            self._scene.give(
                course,
                ReleaseHold(officer=signer.officer, kind=HoldKind.QUARANTINE, reason="the zone is lifted"),
            )
        self._look(course)

    def _certify(self, course: Course, signer: Signer) -> None:
        claim = course.claim
        if claim.handover is None or claim.certificate:
            return
        number, heads = f"HC-{claim.report.number}", claim.handover.heads
        document = certificate_document(
            claim_id=claim.report.claim_id, certificate_number=number, heads=heads
        )
        self._scene.give(
            course,
            IssueCertificate(
                officer=signer.officer,
                certificate_number=number,
                heads=heads,
                key_id=signer.key_id,
                signature=signer.sign(document),
            ),
        )
        self._look(course)

    def _sign(
        self,
        course: Course,
        lane: Lane,
        signer: Signer,
        decision: Decision,
        reason_code: ReasonCode | None = None,
        note: str = "",
    ) -> None:
        claim = course.claim
        if claim.evidence_hash is None or claim.offer_hash is None:
            raise ValueError(f"{claim.report.number} was not triaged: there is nothing to sign")
        document = decision_document(
            claim_id=claim.report.claim_id,
            lane=lane,
            decision=decision,
            reason_code=reason_code,
            evidence_hash=claim.evidence_hash,
            offer_hash=claim.offer_hash,
        )
        command: Command = DecideLane(
            officer=signer.officer,
            lane=lane,
            decision=decision,
            evidence_hash=claim.evidence_hash,
            offer_hash=claim.offer_hash,
            key_id=signer.key_id,
            signature=signer.sign(document),
            reason_code=reason_code,
            note=note,
        )
        self._scene.give(course, command)
        if course.past:
            course.past.deciders.add(signer.officer.id)


def _is_named(course: Course, signer: Signer) -> bool:
    return course.is_named_for_second_look(signer.officer.id)


def _has_colleague(office: Office) -> bool:
    return len(office.team.signers) > 1
