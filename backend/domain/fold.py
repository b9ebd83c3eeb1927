"""``apply``: what each event makes of a claim. Nothing here decides or refuses."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import reduce
from typing import assert_never

from backend.domain.assessments import Assessed, Assessment, VoidedApproval, changes
from backend.domain.claim import Claim, Hold, Payout, Rejection
from backend.domain.clocks.events import ClaimEscalated, DeadlineAtRisk, DeadlineBreached
from backend.domain.clocks.pauses import PauseKind, pauses_after
from backend.domain.duties.events import HolderNudged, LaneAssigned, LaneDelegated, OfficerRecused
from backend.domain.events import (
    CertificateIssued,
    ClaimAssessed,
    ClaimReported,
    ClaimTriaged,
    ClaimWithdrawn,
    ConsentGiven,
    ConsentWithdrawn,
    EvidenceAdded,
    EvidenceRequested,
    HandoverRecorded,
    HoldPlaced,
    HoldReleased,
    LaneDecided,
    OfferAccepted,
    PayoutAccepted,
    PayoutConfirmed,
    PayoutFailed,
    PayoutRetried,
    PayoutReturned,
    PayoutStarted,
    PayoutUnanswered,
    PhotoChecked,
    PhotoLabelled,
    PhotoReceived,
    Recorded,
)
from backend.domain.evidence import evidence_hash
from backend.domain.flags.events import FlagJudged
from backend.domain.flags.flag import judged, raised, released
from backend.domain.ids import OfficerId
from backend.domain.labels import Labelled
from backend.domain.lanes import ALL_OPEN, decided, with_current, without
from backend.domain.photos import Photo
from backend.domain.ratings.events import ClaimRated
from backend.domain.replacing import replace
from backend.domain.tickets.events import TicketAssigned, TicketClosed, TicketOpened
from backend.domain.tickets.ticket import Closing, Ticket
from backend.domain.visits.events import VisitEnded, VisitStarted
from backend.domain.visits.visit import Visit, visit_of
from backend.domain.visits.visit import without as visits_without
from backend.domain.words import Decision, HoldKind, LaneState, PayoutState

Step = tuple[Claim | None, Recorded, Claim]
"""A claim before one of its events, the event, and the claim after it."""


def fold(events: Iterable[Recorded]) -> Claim:
    """The claim that these events make, in order.

    Raises:
        ValueError: No events, the first is not a report, or the sequence has a gap.
    """
    claim = reduce(apply, events, None)
    if claim is None:
        raise ValueError("a claim begins with a report")
    return claim


def apply(claim: Claim | None, recorded: Recorded) -> Claim:
    """The claim after one more event.

    Raises:
        ValueError: The event does not follow the claim's last one.
    """
    if recorded.seq != (claim.version if claim else 0) + 1:
        raise ValueError(f"event {recorded.seq} does not follow version {claim.version if claim else 0}")
    if isinstance(recorded.event, ClaimReported):
        return _reported(recorded.event, recorded)
    if claim is None:
        raise ValueError("a claim begins with a report")
    changed = _changed(claim, recorded)
    # Nobody has seen this copy yet: its version is put into it, which saves every event a second one.
    object.__setattr__(changed, "version", recorded.seq)
    if changed.asked is claim.asked and changed.holds is claim.holds:
        return changed
    return replace(changed, pauses=pauses_after(claim.pauses, _pausing(changed), recorded.at))


def steps(before: Claim | None, recorded: Sequence[Recorded], after: Claim) -> Iterator[Step]:
    """What each of some events made of a claim that they took from *before* to *after*."""
    for entry in recorded:
        became = after if entry is recorded[-1] else apply(before, entry)
        yield before, entry, became
        before = became


def _pausing(claim: Claim) -> frozenset[PauseKind]:
    lasting = {PauseKind.QUARANTINE} if claim.hold(HoldKind.QUARANTINE) else set()
    return frozenset(lasting | ({PauseKind.EVIDENCE_REQUESTED} if claim.asked else set()))


def _reported(report: ClaimReported, recorded: Recorded) -> Claim:
    return Claim(
        version=recorded.seq,
        report=report,
        reported_at=recorded.at,
        reported_by=recorded.actor,
        gathering_since=recorded.at,
        heads=report.heads,
        animals=report.animals,
        photos=tuple(Photo(announced) for announced in report.photos),
        lanes=ALL_OPEN,
        notes=(report.note,) if report.note else (),
        photos_may_teach=report.photos_may_teach,
    )


def _changed(claim: Claim, recorded: Recorded) -> Claim:  # noqa: C901, PLR0911, PLR0912, PLR0915 - one arm per event is the point
    event, at = recorded.event, recorded.at
    match event:
        case ClaimReported():
            raise ValueError("a claim is reported once")
        case PhotoReceived():
            photos = tuple(
                replace(photo, received_at=at) if photo.id == event.photo_id else photo
                for photo in claim.photos
            )
            return replace(claim, photos=photos, is_triage_due=True, asked=None)
        case PhotoChecked():
            photos = tuple(
                replace(photo, checks=event.checks) if photo.id == event.photo_id else photo
                for photo in claim.photos
            )
            return replace(claim, photos=photos)
        case EvidenceRequested():
            return replace(claim, asked=event)
        case EvidenceAdded():
            known = {photo.id for photo in claim.photos}
            added = tuple(Photo(photo) for photo in event.photos if photo.photo_id not in known)
            notes = (*claim.notes, event.note) if event.note else claim.notes
            return replace(
                claim,
                photos=claim.photos + added,
                notes=notes,
                gathering_since=at,
                is_triage_due=True,
                asked=None,
            )
        case ClaimTriaged():
            return _triaged(claim, event, recorded)
        case ClaimAssessed():
            return _assessed(claim, event, recorded)
        case LaneDecided():
            amount = claim.offer.amount if claim.offer else None
            rejection = Rejection(event, at) if event.decision is Decision.REJECT else None
            return replace(claim, lanes=decided(claim.lanes, event, at, amount), rejection=rejection)
        case OfferAccepted():
            return replace(claim, acceptance=event, accepted_at=at)
        case HandoverRecorded():
            return _handed_over(claim, event, at)
        case CertificateIssued():
            return replace(claim, certificate=event)
        case PhotoLabelled():
            labelled = Labelled(event.label, recorded.actor, at)
            photos = tuple(
                replace(photo, labelled=labelled) if photo.id == event.photo_id else photo
                for photo in claim.photos
            )
            return replace(claim, photos=photos)
        case ConsentGiven() | ConsentWithdrawn():
            return replace(claim, photos_may_teach=isinstance(event, ConsentGiven))
        case HoldPlaced():
            hold = Hold(event.kind, at, recorded.actor, event.reason, event.because)
            return replace(claim, holds=(*claim.holds, hold))
        case HoldReleased():
            return _released(claim, event, recorded)
        case ClaimWithdrawn():
            return replace(claim, withdrawn=True)
        case PayoutStarted():
            started = PayoutState.STARTED
            heads = claim.offer.heads_payable if claim.offer else 0
            payout = Payout(
                event.payout_no,
                event.payout_id,
                event.amount,
                started,
                at,
                bank_file=event.bank_file,
                heads=heads,
            )
            return replace(claim, payouts=(*claim.payouts, payout))
        case (
            PayoutAccepted()
            | PayoutUnanswered()
            | PayoutConfirmed()
            | PayoutFailed()
            | PayoutReturned()
            | PayoutRetried()
        ):
            return replace(
                claim,
                payouts=tuple(
                    _paid_on(payout, recorded) if payout.id == event.payout_id else payout
                    for payout in claim.payouts
                ),
            )
        case DeadlineAtRisk() | DeadlineBreached():
            return replace(claim, deadlines=(*claim.deadlines, event))
        case ClaimEscalated():
            return replace(claim, escalations=(*claim.escalations, event))
        case OfficerRecused():
            recused = claim.recused | {event.officer}
            assigned = None if claim.assigned == event.officer else claim.assigned
            lanes = without(claim.lanes, event.officer)
            return replace(claim, recused=recused, lanes=lanes, assigned=assigned)
        case HolderNudged():
            return replace(claim, nudged_at=recorded.at)
        case LaneAssigned():
            return replace(claim, assigned=event.to)
        case LaneDelegated():
            delegated = {lane: one for lane, one in claim.delegated.items() if lane is not event.lane}
            return replace(claim, delegated=delegated | ({event.lane: event} if event.to else {}))
        case ClaimRated():
            return replace(claim, voice=claim.voice.after(event, recorded.actor, at))
        case TicketOpened():
            return replace(claim, tickets=(*claim.tickets, Ticket(event, at, event.owner)))
        case TicketAssigned():
            return _with_ticket(claim, event.no, owner=event.to)
        case TicketClosed():
            return _with_ticket(claim, event.no, closing=Closing(event, at, recorded.actor))
        case FlagJudged():
            return replace(claim, flags=judged(claim.flags, event, recorded.actor, at))
        case VisitStarted():
            visit = Visit(
                recorded.seq, event.kind, recorded.actor, at, event.expected_at, event.expected_from
            )
            return replace(claim, visits=(*claim.visits, visit))
        case VisitEnded(visit=no):
            return replace(claim, visits=visits_without(claim.visits, no))
        case _:
            assert_never(event)


def _handed_over(claim: Claim, event: HandoverRecorded, at: datetime) -> Claim:
    """Whoever took the carcasses was there: their visit is over without another word."""
    visit = visit_of(claim.visits, event.collector)
    visits = visits_without(claim.visits, visit.no) if visit else claim.visits
    return replace(claim, handover=event, handed_over_at=at, visits=visits)


def _with_ticket(
    claim: Claim, no: int, *, owner: OfficerId | None = None, closing: Closing | None = None
) -> Claim:
    changed = tuple(
        replace(one, owner=owner or one.owner, closing=closing or one.closing) if one.no == no else one
        for one in claim.tickets
    )
    return replace(claim, tickets=changed)


def _triaged(claim: Claim, event: ClaimTriaged, recorded: Recorded) -> Claim:
    triaged = replace(
        claim,
        triaged_at=recorded.at,
        is_triage_due=False,
        asked=None,
        findings=event.findings,
        flags=raised(claim.flags, event.findings, recorded.at),
        scene=event.scene,
        offer=event.offer,
        evidence_hash=event.evidence_hash or evidence_hash(claim, event.findings, event.scene),
        offer_hash=event.offer.hash_for(claim.report.claim_id),
    )
    return _relaned(triaged)


def _assessed(claim: Claim, event: ClaimAssessed, recorded: Recorded) -> Claim:
    assessed = _relaned(
        replace(
            claim,
            heads=event.heads,
            animals=event.animals,
            flock=event.flock or claim.flock,
            offer=event.offer,
            offer_hash=event.offer.hash_for(claim.report.claim_id),
        )
    )
    before, after = (Assessed(one.heads, one.animals, one.flock, one.offer) for one in (claim, assessed))
    told = Assessment(
        at=recorded.at,
        by=recorded.actor,
        reason=event.reason,
        amount_before=claim.offer.amount if claim.offer else None,
        amount_after=event.offer.amount,
        changes=changes(before, after),
        voided=tuple(
            VoidedApproval(lane, record.decided.by, record.amount)
            for lane, record in assessed.lanes.items()
            if record.decided
            and record.state is LaneState.VOID
            and claim.lanes[lane].state is LaneState.APPROVED
        ),
        receipt_number=event.receipt_number,
    )
    return replace(assessed, assessments=(*claim.assessments, told))


def _relaned(claim: Claim) -> Claim:
    if claim.evidence_hash is None or claim.offer_hash is None:
        return claim
    return replace(claim, lanes=with_current(claim.lanes, claim.evidence_hash, claim.offer_hash))


def _released(claim: Claim, event: HoldReleased, recorded: Recorded) -> Claim:
    hold = claim.hold(event.kind)
    is_doubt = hold is not None and not hold.is_above_all
    cleared = claim.cleared | (
        frozenset(hold.because or (f"{hold.kind}:",)) if hold and is_doubt else frozenset()
    )
    if event.kind is HoldKind.SIGNALS:
        # Doubts that came while the hold was set were before the person's eyes too.
        cleared |= {doubt.key for doubt in claim.findings if doubt.holds}
    holds = tuple(other for other in claim.holds if other.kind is not event.kind)
    flags = claim.flags
    if cleared != claim.cleared:
        flags = released(flags, cleared, recorded.actor, recorded.at, event.reason)
    return replace(claim, holds=holds, cleared=cleared, flags=flags)


def _paid_on(payout: Payout, recorded: Recorded) -> Payout:
    match recorded.event:
        case PayoutAccepted(bank_reference=reference):
            return replace(payout, state=PayoutState.ACCEPTED, bank_reference=reference)
        case PayoutUnanswered(reason=reason):
            return replace(payout, state=PayoutState.UNKNOWN, reason=reason)
        case PayoutConfirmed(bank_reference=reference):
            return replace(
                payout,
                state=PayoutState.CONFIRMED,
                bank_reference=reference,
                reason=None,
                confirmed_at=recorded.at,
            )
        case PayoutFailed(reason=reason):
            return replace(payout, state=PayoutState.FAILED, reason=reason)
        case PayoutReturned(reason=reason):
            # A retired payout stays retired: the one that replaced it counts.
            is_retired = payout.state is PayoutState.RETIRED
            state = PayoutState.RETIRED if is_retired else PayoutState.RETURNED
            return replace(payout, state=state, reason=reason, returned_at=recorded.at)
        case PayoutRetried():
            return replace(payout, state=PayoutState.RETIRED)
        case _:
            return payout
