"""Which events are news, for the farmer and for the offices. ``docs/notices.md`` is generated from ``NEWS``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from backend.domain import events as e
from backend.domain.claim import FOR_ALL_PAYMENTS, Claim
from backend.domain.clocks.deadlines import ClockName
from backend.domain.clocks.events import ClaimEscalated, DeadlineAtRisk, DeadlineBreached
from backend.domain.duties.events import HolderNudged, LaneAssigned, LaneDelegated, OfficerRecused
from backend.domain.events import Recorded
from backend.domain.flags.events import FlagJudged
from backend.domain.ids import PayoutId
from backend.domain.notices.steps import Next, Promises, next_step
from backend.domain.policy import SHANGHAI
from backend.domain.ratings.events import ClaimRated
from backend.domain.rules.weights import asks_for_scale
from backend.domain.tickets.events import TicketAssigned, TicketClosed, TicketOpened
from backend.domain.visits.events import VisitEnded, VisitStarted
from backend.domain.visits.words import ExpectedFrom, VisitEnd
from backend.domain.words import AcceptanceMethod, ActorKind, Decision, HoldKind, Lane, Path, State

REJECTED = "rejected"
"""The sentence that says no; whoever tells it adds ``who`` decided, by name."""
STILL_UNKNOWN_AFTER = timedelta(minutes=5)
"""Most unanswered transfers are found within seconds; only those that are not are news."""


@dataclass(frozen=True, slots=True)
class Weight:
    """When one kind of event is news for the farmer, empty: never; and why."""

    told: str
    why: str


NEWS: Mapping[type[e.Event], Weight] = {
    e.ClaimReported: Weight("always", "the number, and that the clock runs"),
    e.PhotoReceived: Weight(
        "when it answers a request", "the page counts photos; a message each would be noise"
    ),
    e.PhotoChecked: Weight("", "a step of the machine's; the triage says what came of it"),
    e.EvidenceRequested: Weight("unless the report itself had no photo", "the farmer has something to do"),
    e.EvidenceAdded: Weight("when it answers a request", "what was asked for has come"),
    e.ClaimTriaged: Weight("unless it is held: then the hold says so", "the first sum, and who looks at it"),
    e.ClaimAssessed: Weight("always", "the sum changed: both sums, and why"),
    e.LaneDecided: Weight("the last approval, and each rejection", "single approvals stand on the page"),
    e.OfferAccepted: Weight("unless agreed to in advance", "proof that the code was used"),
    e.HandoverRecorded: Weight("unless the claim has ended unpaid", "the receipt, and whether it fits"),
    e.CertificateIssued: Weight("unless the claim has ended unpaid", "the last paper"),
    e.PhotoLabelled: Weight("", "about the counter, not about the claim"),
    e.ConsentGiven: Weight("", "the farmer just said so"),
    e.ConsentWithdrawn: Weight("", "the farmer just said so"),
    e.HoldPlaced: Weight("always", "why nothing is paid for now"),
    e.HoldReleased: Weight("when a person released it", "payments that go on are told by the payout itself"),
    e.ClaimWithdrawn: Weight("always", "so that nobody takes back another's report unseen"),
    e.PayoutStarted: Weight("always", "the sum, and the account it goes to"),
    e.PayoutAccepted: Weight("", "nothing changes until the bank says how it ended"),
    e.PayoutUnanswered: Weight("when nobody knows after 5 minutes", "most are found within seconds"),
    e.PayoutConfirmed: Weight("always", "the money is there"),
    e.PayoutFailed: Weight("always", "no money moved, and who mends it"),
    e.PayoutReturned: Weight("always", "the money went back, and what the farmer can check"),
    e.PayoutRetried: Weight("", "the new payout tells itself"),
    DeadlineAtRisk: Weight("", "for the offices: they can still keep the promise"),
    DeadlineBreached: Weight("of the payout's promise", "a promise that was not kept is owned to"),
    ClaimEscalated: Weight("", "for service officers, who are told by name"),
    OfficerRecused: Weight("", "between offices: the lane stays open"),
    LaneDelegated: Weight("", "between offices: who decides stands on the page"),
    ClaimRated: Weight("", "the farmer just said so"),
    TicketOpened: Weight("always", "who answers a bad rating, and by when"),
    TicketAssigned: Weight("", "between colleagues: who answers is told when it is answered"),
    TicketClosed: Weight("always", "who did what about a bad rating"),
    FlagJudged: Weight("", "the insurer's own look; a hold that it places or releases tells itself"),
    HolderNudged: Weight("when the farmer has the claim", "something waits for the farmer alone"),
    LaneAssigned: Weight("", "between colleagues: who decides is told by name"),
    VisitStarted: Weight("always", "somebody has to be there: who comes, and when"),
    VisitEnded: Weight("when it was called off", "whoever waits need not wait; who has arrived is seen"),
}


@dataclass(frozen=True, slots=True)
class News:
    """What to tell: the sentence's key and facts, and what comes next.

    ``facts`` are plain texts, by placeholder; ``reason`` among them is a person's own words and may be shortened.
    """

    key: str
    facts: Mapping[str, str]
    next: Next


def wait_before(recorded: Recorded) -> timedelta:
    """How long to wait before telling; by then it may be news no more (``is_stale``)."""
    return STILL_UNKNOWN_AFTER if isinstance(recorded.event, e.PayoutUnanswered) else timedelta(0)


def is_stale(recorded: Recorded, now: Claim) -> bool:
    """Whether what was waited with has passed by itself."""
    return isinstance(recorded.event, e.PayoutUnanswered) and now.state is not State.PAYMENT_UNKNOWN


def farmer_news(before: Claim | None, recorded: Recorded, after: Claim, promises: Promises) -> News | None:
    """What the farmer is told of this event; None where it is no news."""
    key = farmer_key(before, recorded, after)
    if key is None:
        return None
    return News(key, _facts(before, recorded, after), next_step(after, recorded.at, promises))


def farmer_key(before: Claim | None, recorded: Recorded, after: Claim) -> str | None:  # noqa: C901, PLR0911, PLR0912 - one arm per event is the point
    """The key of the sentence for the farmer; None where the event is no news."""
    match recorded.event:
        case e.ClaimReported(assistance=helped):
            return "reported-assisted" if helped else "reported"
        case e.PhotoReceived() | e.EvidenceAdded():
            was_asked = before is not None and before.asked is not None
            return "evidence-came" if was_asked and after.asked is None else None
        case e.EvidenceRequested():
            if recorded.seq == 2:  # noqa: PLR2004 - the report's own second event: the report says it already
                return None
            return "asked" if recorded.actor.kind is ActorKind.OFFICER else "asked-photo"
        case e.ClaimTriaged(path=path):
            if path is Path.HOLD and not after.hold(HoldKind.SIGNALS):
                return None
            return "checked-scale" if asks_for_scale(after.findings) else "checked"
        case e.ClaimAssessed():
            return "assessed"
        case e.LaneDecided(decision=Decision.REJECT):
            return REJECTED
        case e.LaneDecided():
            was_open = before is not None and bool(before.open_lanes)
            return "approved" if was_open and not after.open_lanes else None
        case e.OfferAccepted(method=method):
            return None if method is AcceptanceMethod.IN_ADVANCE else "accepted"
        case e.HandoverRecorded():
            if after.has_ended_unpaid:
                return None
            return "handover-differs" if after.receipt_gaps else "handed-over"
        case e.CertificateIssued():
            return None if after.has_ended_unpaid else "certified"
        case e.HoldPlaced(because=because) if FOR_ALL_PAYMENTS in because:
            return "payout-waits"
        case e.HoldPlaced(kind=kind):
            return f"held-{kind.value.lower().replace('_', '-')}"
        case e.HoldReleased():
            was_above_all = before is not None and any(
                hold.is_above_all for hold in before.holds if hold not in after.holds
            )
            return None if was_above_all else "released"
        case e.ClaimWithdrawn():
            return "withdrawn"
        case DeadlineBreached(clock=ClockName.PAYOUT):
            return "late"
        case HolderNudged(held_by=ActorKind.FARMER):
            return "nudged"
        case e.PayoutStarted():
            return "paying"
        case e.PayoutUnanswered():
            return "unanswered"
        case e.PayoutConfirmed():
            return "paid"
        case e.PayoutFailed():
            return "failed"
        case e.PayoutReturned(payout_id=payout):
            is_current = after.payout is not None and after.payout.id == payout
            return "returned" if is_current else "earlier-returned"
        case TicketOpened():
            return "ticket-opened"
        case TicketClosed():
            return "ticket-closed"
        case VisitStarted():
            return "visit-started"
        case VisitEnded(how=VisitEnd.CALLED_OFF):
            return "visit-called-off"
        case _:
            return None


def office_keys(before: Claim | None, recorded: Recorded, after: Claim) -> Mapping[Lane, str]:
    """Offices that now have something to do, with the key of the sentence for each."""
    match recorded.event:
        case e.ClaimTriaged(path=Path.HOLD) if not after.hold(HoldKind.SIGNALS):
            return {}
        case e.PayoutFailed() | e.PayoutReturned() if after.state is State.PAYMENT_FAILED:
            return {Lane.INSURER: "correct"}
        case e.HandoverRecorded() if after.receipt_gaps and not after.has_ended_unpaid:
            return {Lane.INSURER: "compare"}
        case e.HoldPlaced() if not after.holds[-1].is_above_all:
            return {Lane.INSURER: "look"}
    if after.state is not State.JOINT_REVIEW or not _is_new_review(before, after):
        return {}
    return dict.fromkeys(after.open_lanes, "review")


def office_news(
    before: Claim | None, recorded: Recorded, after: Claim, lane: Lane, promises: Promises
) -> News | None:
    """What this lane's office is told of this event; None where it has nothing new to do."""
    key = office_keys(before, recorded, after).get(lane)
    if key is None:
        return None
    facts = {"lane": lane.value, "heads": str(after.heads), "species": after.report.species.value}
    return News(key, facts | _sum(after), next_step(after, recorded.at, promises))


def _is_new_review(before: Claim | None, after: Claim) -> bool:
    """Whether there is something that the offices have not been asked about."""
    if before is None or before.state is not State.JOINT_REVIEW:
        return True
    return (before.evidence_hash, before.offer_hash) != (after.evidence_hash, after.offer_hash)


def _facts(before: Claim | None, recorded: Recorded, after: Claim) -> dict[str, str]:  # noqa: C901, PLR0911 - one arm per event is the point
    """Facts of the event, as texts; what is not there has no place in the sentence."""
    match recorded.event:
        case e.ClaimReported(heads=heads) | e.HandoverRecorded(heads=heads):
            return {"heads": str(heads)}
        case e.EvidenceRequested(reason=reason):
            return {"reason": reason}
        case e.ClaimAssessed(reason=reason):
            was = before.offer if before else None
            return _sum(after) | ({"was": str(was.amount)} if was else {}) | {"reason": reason}
        case e.LaneDecided(lane=lane, decision=Decision.REJECT, reason_code=code):
            return {"lane": lane.value} | ({"reason": code.value} if code else {})
        case e.ClaimTriaged() | e.LaneDecided() | e.OfferAccepted():
            return _sum(after)
        case e.HoldPlaced(kind=kind):
            return {"reason": kind.value}
        case VisitStarted():
            return _coming(recorded.event)
        case VisitEnded(kind=kind):
            return {"visitor": kind.value}
        case TicketClosed(name=name, reason=how, words=words):
            return {"who": name, "how": how.value, "reason": words}
        case e.PayoutStarted(payout_id=payout) | e.PayoutConfirmed(payout_id=payout):
            return _payout(after, payout)
        case (
            e.PayoutFailed(payout_id=payout, reason=reason)
            | e.PayoutReturned(payout_id=payout, reason=reason)
        ):
            return _payout(after, payout) | {"reason": reason}
        case _:
            return {}


def _sum(claim: Claim) -> dict[str, str]:
    """The sum as far as one is known: an incomplete offer would promise too little."""
    offer = claim.offer
    return {"amount": str(offer.amount)} if offer and offer.complete else {}


def _payout(claim: Claim, wanted: PayoutId) -> dict[str, str]:
    account = {"account": claim.report.policy.payee.account_last4}
    found = next((payout for payout in claim.payouts if payout.id == wanted), None)
    return account | ({"amount": str(found.amount)} if found else {})


def _coming(event: VisitStarted) -> dict[str, str]:
    """Who comes and when: at most hours away, so that a day would say nothing more."""
    who = {"visitor": event.kind.value}
    if event.expected_at is None:
        return who
    named = "about" if event.expected_from is ExpectedFrom.DISTANCE else "expected"
    return who | {named: f"{event.expected_at.astimezone(SHANGHAI):%H:%M}"}
