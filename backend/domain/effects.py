"""What an event asks of the outside world: rows born in the event's own transaction (architecture.md §3)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from backend.domain.claim import Claim
from backend.domain.clocks.deadlines import Timetable
from backend.domain.clocks.events import ClaimEscalated
from backend.domain.clocks.running import running
from backend.domain.decisions.facts import Clocks
from backend.domain.duties.events import HolderNudged, LaneAssigned
from backend.domain.events import (
    ClaimReported,
    Event,
    EvidenceAdded,
    HoldPlaced,
    PayoutAccepted,
    PayoutUnanswered,
    Recorded,
)
from backend.domain.ids import EffectId, OfficerId, effect_id
from backend.domain.notices.channels import Channel, audiences
from backend.domain.notices.news import farmer_key, office_keys, wait_before
from backend.domain.visits.events import VisitStarted
from backend.domain.visits.visit import LASTS
from backend.domain.words import CodePurpose, Path, State

INQUIRE_AFTER_ACCEPTED = timedelta(seconds=30)
INQUIRE_AFTER_UNANSWERED = timedelta(seconds=1)
LOOK_AGAIN = timedelta(minutes=1)
"""How often a claim that is kept back looks whether payments go on; ``payout resume`` does not wait for it."""


class EffectKind(StrEnum):
    """Kinds of effect; each has one handler in ``backend.workflows``."""

    VERIFY = "verify"
    """Look at every photo that arrived, then triage."""
    PAY = "pay"
    """Start the payout and call the bank."""
    INQUIRE = "inquire"
    """Ask the bank what became of a payout."""
    SEND_CODE = "send_code"
    """Send the farmer a one-time code."""
    NOTIFY = "notify"
    """Tell the farmer, or an office, what happened and what comes next: over one channel."""
    DEADLINE = "deadline"
    """Look what the claim's clocks say, and again when they have something to say next."""
    ESCALATE = "escalate"
    """Tell one officer by name: a claim is short of time, its holder was nudged, or it was given to them."""
    END_VISIT = "end_visit"
    """End a visit that nobody ended, so that nothing is kept of where somebody was."""
    DELIVER = "deliver"
    """Send one state change to one webhook; put on the way from the audit log, not by the event itself."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing to do, not before ``due_at``. ``arguments`` name what it is about, never how the world looked."""

    id: EffectId
    kind: EffectKind
    due_at: datetime
    arguments: dict[str, str] = field(default_factory=dict)


def effects_of(before: Claim | None, recorded: Recorded, after: Claim, clocks: Clocks) -> tuple[Effect, ...]:
    """The effects that one event asks for, each with a deterministic id."""
    return tuple(
        Effect(effect_id(after.report.claim_id, recorded.seq, key), kind, recorded.at + wait, arguments)
        for key, kind, wait, arguments in _asked_for(before, recorded, after, clocks)
    )


Asked = tuple[str, EffectKind, timedelta, dict[str, str]]
_NOW = timedelta(0)


def _asked_for(before: Claim | None, recorded: Recorded, after: Claim, clocks: Clocks) -> Iterator[Asked]:
    event, state = recorded.event, after.state
    if isinstance(event, ClaimReported):
        yield "handover-code", EffectKind.SEND_CODE, _NOW, {"purpose": CodePurpose.HANDOVER}
    if isinstance(event, ClaimReported | EvidenceAdded):
        yield "verify-deadline", EffectKind.VERIFY, clocks.verification_wait, {}
    if _is_ready(after, recorded.at, clocks) and not (before and _is_ready(before, recorded.at, clocks)):
        yield "verify", EffectKind.VERIFY, _NOW, {}
    if state is State.PAYABLE and (before is None or before.state is not State.PAYABLE):
        yield "pay", EffectKind.PAY, _NOW, {}
    match event:
        case PayoutAccepted(payout_id=payout):
            yield "inquire", EffectKind.INQUIRE, INQUIRE_AFTER_ACCEPTED, {"payout_id": str(payout)}
        case PayoutUnanswered(payout_id=payout):
            yield "inquire", EffectKind.INQUIRE, INQUIRE_AFTER_UNANSWERED, {"payout_id": str(payout)}
        case VisitStarted():
            yield "end-visit", EffectKind.END_VISIT, LASTS, {"visit": str(recorded.seq)}
        case HoldPlaced() if after.holds[-1].is_above_all:
            yield "wait", EffectKind.PAY, LOOK_AGAIN, {"held_since": recorded.at.isoformat()}
        case _:
            pass
    yield from _timed(before, recorded, after, clocks.timetable)
    if _needs_code(before, after):
        yield "code", EffectKind.SEND_CODE, _NOW, {"purpose": CodePurpose.ACCEPTANCE}
    yield from _told(before, recorded, after, clocks.channels)


def _timed(before: Claim | None, recorded: Recorded, after: Claim, timetable: Timetable) -> Iterator[Asked]:
    """A timer for clocks that started or went on with this event; a message for each officer who is told."""
    for officer in _officers_told(recorded.event):
        about = {"seq": str(recorded.seq), "officer": officer}
        yield f"escalate-{officer}", EffectKind.ESCALATE, _NOW, about
    had = running(before, timetable) if before else ()
    marks = (
        clock.reached_at(timetable.marks(clock.clock)[0])
        for clock in running(after, timetable)
        if clock not in had and not clock.is_paused
    )
    soonest = min((mark for mark in marks if mark), default=None)
    if soonest is not None:
        yield "deadlines", EffectKind.DEADLINE, max(_NOW, soonest - recorded.at), {}


def _officers_told(event: Event) -> tuple[OfficerId, ...]:
    """Officers who are told by name."""
    match event:
        case ClaimEscalated(told=told) | HolderNudged(told=told):
            return told
        case LaneAssigned(to=to):
            return (to,)
        case _:
            return ()


def _is_ready(claim: Claim, at: datetime, clocks: Clocks) -> bool:
    """There is something new to judge, and it is all there or the wait for the rest is over."""
    if claim.state not in {State.REPORTED, State.VERIFYING}:
        return False
    return not claim.missing_photos or at >= claim.gathering_since + clocks.verification_wait


def _needs_code(before: Claim | None, after: Claim) -> bool:
    is_agreeable = (
        after.state in {State.JOINT_REVIEW, State.OFFERED}
        and after.path is not Path.HOLD
        and after.offer is not None
        and after.offer.complete
        and bool(after.offer.amount)
    )
    was_sent = (
        before is not None
        and before.state in {State.JOINT_REVIEW, State.OFFERED}
        and before.offer_hash == after.offer_hash
    )
    return is_agreeable and not was_sent and not after.is_accepted


def _told(
    before: Claim | None, recorded: Recorded, after: Claim, channels: tuple[Channel, ...]
) -> Iterator[Asked]:
    """One effect for each channel and each who is told: one that fails is tried again without the others."""
    is_told = farmer_key(before, recorded, after) is not None
    lanes = tuple(office_keys(before, recorded, after))
    for channel in channels:
        for audience in audiences(channel, lanes, is_told=is_told):
            arguments = {"seq": str(recorded.seq), "channel": channel.value, "to": audience}
            yield f"notify-{channel}-{audience}", EffectKind.NOTIFY, wait_before(recorded), arguments
