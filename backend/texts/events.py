"""A claim's events in the reader's words."""

from datetime import datetime

from backend.domain.assessments import Assessment
from backend.domain.claim import FOR_ALL_PAYMENTS, Claim
from backend.domain.clocks.events import ClaimEscalated, DeadlineAtRisk, DeadlineBreached
from backend.domain.duties.events import HolderNudged, LaneAssigned, LaneDelegated, OfficerRecused
from backend.domain.events import (
    CertificateIssued,
    ClaimAssessed,
    ClaimReported,
    ClaimTriaged,
    ClaimWithdrawn,
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
    PhotoLabelled,
    Recorded,
)
from backend.domain.flags.events import FlagJudged
from backend.domain.policy import SHANGHAI
from backend.domain.ratings.events import ClaimRated
from backend.domain.rules.weights import SCALE_PHOTO, asks_for_scale
from backend.domain.tickets.events import TicketAssigned, TicketClosed, TicketOpened
from backend.domain.visits.events import VisitEnded, VisitStarted
from backend.domain.visits.words import ExpectedFrom
from backend.domain.words import ActorKind, ReasonCode
from backend.texts.load import Language, Table, sentence


def event_sentence(language: Language, recorded: Recorded, claim: Claim) -> str:
    """One event in the reader's words."""
    match recorded.event:
        case HoldPlaced(kind=kind, because=because) if FOR_ALL_PAYMENTS in because:
            return sentence(language, Table.NOTICE, "payout-waits", reason=kind)
        case HoldReleased() if recorded.actor.kind is ActorKind.MACHINE:
            return sentence(language, Table.NOTICE, "payout-goes-on")
    return sentence(language, Table.EVENT, recorded.event.type, **_facts(recorded, claim))


def _facts(recorded: Recorded, claim: Claim) -> dict[str, object]:  # noqa: C901, PLR0911, PLR0912 - one arm per event
    event = recorded.event
    facts: dict[str, object] = {"actor": recorded.actor.id, "organisation": recorded.actor.organisation}
    match event:
        case ClaimReported(heads=heads, assistance=helped):
            by = {"helper": helped.name, "proof": helped.proof} if helped else {}
            return facts | {"heads": heads} | by
        case EvidenceRequested(reason=reason):
            return facts | {"reason": reason}
        case ClaimTriaged(offer=offer, path=path, findings=findings):
            codes = ", ".join(dict.fromkeys(finding.code for finding in findings))
            send = SCALE_PHOTO if asks_for_scale(findings) else None
            return facts | {"amount": offer.amount, "path": path, "reason": codes, "send": send}
        case ClaimAssessed():
            return facts | _assessed(claim.assessments[-1])
        case LaneDecided():
            reason = event.reason_code or event.note
            return facts | {"lane": event.lane, "decision": event.decision, "reason": reason}
        case OfferAccepted():
            return facts | {"amount": claim.offer.amount if claim.offer else None}
        case HandoverRecorded(heads=heads):
            return facts | {"heads": heads} | _weighed(claim)
        case CertificateIssued(heads=heads):
            return facts | {"heads": heads}
        case HoldPlaced(reason=reason) | HoldReleased(reason=reason) | ClaimWithdrawn(reason=reason):
            return facts | {"reason": reason}
        case DeadlineAtRisk() | DeadlineBreached():
            held_by = event.held_by.replace("+", ", ")
            return facts | {"clock": event.clock, "due": _shown(event.due_at), "held_by": held_by}
        case ClaimEscalated(clock=clock, level=level, percent=percent, told=told):
            return facts | {"clock": clock, "level": level, "percent": percent, "told": ", ".join(told)}
        case OfficerRecused(reason=reason):
            return facts | {"reason": reason}
        case FlagJudged(state=said):
            # The farmer reads this too: which suspicion it was, and whose, stands with the flag.
            return facts | {"said": said}
        case LaneDelegated(lane=lane, on_behalf_of=office, to=to, reason=reason):
            whose = {"office": office, "to": to} if to else {"own": office}
            return facts | {"lane": lane, "reason": reason} | whose
        case HolderNudged(held_by=held_by, note=note):
            return facts | {"held_by": held_by.replace("+", ", "), "note": note}
        case LaneAssigned(to=to, reason=reason):
            return facts | {"to": to, "reason": reason}
        case VisitStarted(kind=kind, expected_at=expected_at, expected_from=source):
            named = "about" if source is ExpectedFrom.DISTANCE else "expected"
            return facts | {"visitor": kind, named: _shown(expected_at) if expected_at else None}
        case VisitEnded(kind=kind, how=how):
            return facts | {"visitor": kind, "how": how}
        case PhotoLabelled(label=label):
            return facts | {"heads": label.heads}
        case ClaimRated(scores=scores, recommend=recommend, words=words):
            stages = ", ".join(one.stage for one in scores)
            marks = ", ".join(str(one.score) for one in scores)
            return facts | {"stages": stages, "marks": marks, "recommend": recommend, "words": words}
        case TicketOpened(about=about, owner=owner, due_at=due_at):
            due = _shown(due_at) if due_at else None
            return facts | {"about": ", ".join(about), "owner": owner, "due": due}
        case TicketAssigned(to=to):
            return facts | {"to": to}
        case TicketClosed(reason=reason, words=words, name=name):
            return facts | {"reason": reason, "words": words, "who": name}
        case PayoutStarted(amount=amount):
            return facts | {"amount": amount}
        case PayoutConfirmed() | PayoutAccepted():
            return facts | {"amount": claim.payout.amount if claim.payout else None}
        case PayoutFailed(reason=reason) | PayoutRetried(reason=reason):
            return facts | {"reason": reason}
        case PayoutReturned(payout_id=payout_id, reason=reason):
            returned = next((one.amount for one in claim.payouts if one.id == payout_id), None)
            return facts | {"amount": returned, "reason": reason}
        case _:
            return facts


def _assessed(told: Assessment) -> dict[str, object]:
    """Both sums, or the one that stays."""
    now: dict[str, object] = {"reason": told.reason}
    if told.amount_before == told.amount_after:
        return now | {"same": told.amount_after}
    return now | {"before": told.amount_before, "amount": told.amount_after}


def _weighed(claim: Claim) -> dict[str, object]:
    """Both weights where the receipt's does not fit."""
    handover, claimed = claim.handover, claim.claimed_weight
    if handover is None or claimed is None or ReasonCode.WEIGHT_MISMATCH not in claim.receipt_gaps:
        return {}
    return {"weighed": f"{handover.weight_kg:f}", "claimed": f"{claimed.kg:f}"}


def _shown(at: datetime) -> str:
    """A moment as people read it: Asia/Shanghai, to the minute."""
    return f"{at.astimezone(SHANGHAI):%m-%d %H:%M}"
