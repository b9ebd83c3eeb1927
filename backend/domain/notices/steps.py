"""What comes next for a claim, who has to do it, and by when people may expect it."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from backend.domain.claim import Claim
from backend.domain.clocks.office_hours import OfficeHours
from backend.domain.policy import SHANGHAI, policy_day
from backend.domain.words import HoldKind, State

FIRST_DECISION = timedelta(hours=24)
"""From the report to the offices' first word (domain.md §1, clocks)."""
PAY_WITHIN = timedelta(days=10)
"""From agreement to payment: Insurance Law of the People's Republic of China, article 23."""
CERTIFICATE_WITHIN = timedelta(hours=48)
"""From handover to the disposal certificate (domain.md §1, pay gate)."""


class Step(StrEnum):
    """What has to happen next."""

    PHOTOS = "photos"
    """The farmer sends photos."""
    CHECK = "check"
    """The machine looks at them."""
    ANSWER = "answer"
    """The farmer sends what was asked for."""
    LOOK = "look"
    """A person of the insurer looks at a doubt or a hold."""
    REVIEW = "review"
    """The offices that have not approved decide."""
    AGREE = "agree"
    """The farmer agrees to the sum with the code."""
    HANDOVER = "handover"
    """The farmer gives the carcasses to the collector."""
    COMPARE = "compare"
    """The insurer looks why handover and claim differ."""
    PROOF = "proof"
    """The disposal certificate comes, and then the payout."""
    RESUME = "resume"
    """Payments go on for all."""
    PAYOUT = "payout"
    """The payout is sent to the bank."""
    BANK = "bank"
    """The bank says that the money arrived."""
    INQUIRY = "inquiry"
    """The bank says what became of the payout."""
    CORRECT = "correct"
    """The insurer pays again once the account is right."""
    CERTIFICATE = "certificate"
    """The disposal certificate comes; the farmer is paid and has nothing to do."""
    OBJECT = "object"
    """The farmer may object."""
    CALL = "call"
    """The farmer calls if the report was taken back by someone else."""
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class When:
    """A moment to tell: by then it is done, or, where an office is closed until then, by then it is gone on with."""

    at: datetime
    is_opening: bool = False


@dataclass(frozen=True, slots=True)
class Next:
    """What comes next; ``when`` is None where nobody promised a time."""

    step: Step
    when: When | None = None


@dataclass(frozen=True, slots=True)
class Promises:
    """What promised times depend on: when offices work, and how long announced photos are waited for."""

    hours: OfficeHours
    photo_wait: timedelta = timedelta(minutes=30)


def next_step(claim: Claim, at: datetime, promises: Promises) -> Next:  # noqa: C901, PLR0911, PLR0912 - one arm per state
    """The first thing that the claim now waits for.

    Args:
        claim: As it stands.
        at: The moment from which people look forward, aware: a time that has passed is not promised again.
        promises: What the installation can keep.
    """
    match claim.state:
        case State.REPORTED | State.VERIFYING:
            return _gathering(claim, at, promises.photo_wait)
        case State.EVIDENCE_REQUESTED:
            return Next(Step.ANSWER)
        case State.TRIAGED:
            return Next(Step.LOOK, _decision(claim, at, promises.hours))
        case State.JOINT_REVIEW:
            return Next(Step.REVIEW, _decision(claim, at, promises.hours))
        case State.OFFERED:
            has_sum = claim.offer is not None and claim.offer.complete and bool(claim.offer.amount)
            return Next(Step.AGREE) if has_sum else Next(Step.LOOK, _decision(claim, at, promises.hours))
        case State.ACCEPTED:
            return _held(claim, at, promises.hours) if claim.holds else _disposal(claim, at, promises.hours)
        case State.PAYABLE:
            return Next(Step.PAYOUT, _payment(claim, at))
        case State.PAYING:
            return Next(Step.BANK, _payment(claim, at))
        case State.PAYMENT_UNKNOWN:
            return Next(Step.INQUIRY)
        case State.PAYMENT_FAILED:
            return Next(Step.CORRECT, _office(at, promises.hours, claim.report.due_at))
        case State.PAID:
            return Next(Step.CERTIFICATE, _certificate(claim, at))
        case State.CLOSED:
            return Next(Step.NOTHING)
        case State.REJECTED:
            return Next(Step.OBJECT)
        case State.WITHDRAWN:
            return Next(Step.CALL)


def _gathering(claim: Claim, at: datetime, wait: timedelta) -> Next:
    if claim.photos and not claim.missing_photos:
        return Next(Step.CHECK)
    return Next(Step.PHOTOS, _first_after(at, claim.gathering_since + wait) if claim.photos else None)


def _held(claim: Claim, at: datetime, hours: OfficeHours) -> Next:
    if not all(hold.is_above_all for hold in claim.holds):
        return Next(Step.LOOK, _decision(claim, at, hours))
    if any(hold.kind is not HoldKind.DAILY_LIMIT for hold in claim.holds):
        return Next(Step.RESUME)
    # A new day brings a new limit.
    tomorrow = policy_day(at) + timedelta(days=1)
    return Next(Step.RESUME, When(datetime.combine(tomorrow, time(), SHANGHAI), is_opening=True))


def _disposal(claim: Claim, at: datetime, hours: OfficeHours) -> Next:
    if claim.handover is None:
        return Next(Step.HANDOVER)
    if claim.receipt_gaps:
        return Next(Step.COMPARE, _decision(claim, at, hours))
    return Next(Step.PROOF, _certificate(claim, at))


def _decision(claim: Claim, at: datetime, hours: OfficeHours) -> When | None:
    return _office(at, hours, claim.report.due_at, claim.reported_at + FIRST_DECISION)


def _payment(claim: Claim, at: datetime) -> When | None:
    """Banks settle round the clock."""
    agreed_at = claim.accepted_at or at
    return _first_after(at, claim.report.due_at, agreed_at + PAY_WITHIN)


def _certificate(claim: Claim, at: datetime) -> When | None:
    return _first_after(at, claim.handed_over_at + CERTIFICATE_WITHIN) if claim.handed_over_at else None


def _office(at: datetime, hours: OfficeHours, *promises: datetime) -> When | None:
    """The first promise still ahead, or when the office opens next where it is closed by then."""
    due = _first_after(at, *promises)
    opening = hours.next_open(due.at if due else at)
    if due and opening == due.at:
        return due
    return None if opening == at else When(opening, is_opening=True)


def _first_after(at: datetime, *promises: datetime) -> When | None:
    ahead = [promise for promise in promises if promise > at]
    return When(min(ahead)) if ahead else None
