"""Where each of the three lanes stands, and what voids an approval."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from backend.domain.canonical import canonical
from backend.domain.events import LaneDecided
from backend.domain.ids import ClaimId, Digest, OfficerId, OrganisationId
from backend.domain.money import Money
from backend.domain.replacing import replace
from backend.domain.words import Decision, Lane, LaneState, ReasonCode


@dataclass(frozen=True, slots=True)
class LaneRecord:
    """One lane: its state, the last decision given in it, and the sum that was offered then."""

    state: LaneState = LaneState.OPEN
    decided: LaneDecided | None = None
    at: datetime | None = None
    amount: Money | None = None


Lanes = Mapping[Lane, LaneRecord]
ALL_OPEN: Lanes = {lane: LaneRecord() for lane in Lane}

_STATE_AFTER = {
    Decision.APPROVE: LaneState.APPROVED,
    Decision.REJECT: LaneState.REJECTED,
    Decision.ASK: LaneState.ASKED,
}


def decided(lanes: Lanes, event: LaneDecided, at: datetime, amount: Money | None = None) -> Lanes:
    """The lanes after one decision on an offer of *amount*; a reject closes the lanes that were still open."""
    after = dict(lanes) | {event.lane: LaneRecord(_STATE_AFTER[event.decision], event, at, amount)}
    if event.decision is Decision.REJECT:
        for lane in (LaneState.OPEN, LaneState.ASKED):
            after |= {
                other: replace(record, state=LaneState.VOID)
                for other, record in after.items()
                if record.state is lane
            }
    return after


def with_current(lanes: Lanes, evidence_hash: Digest, offer_hash: Digest) -> Lanes:
    """The lanes once evidence or offer moved: approvals of anything else are void, questions are open again."""
    after = {}
    for lane, record in lanes.items():
        given = record.decided
        stands = given and (given.evidence_hash, given.offer_hash) == (evidence_hash, offer_hash)
        if record.state is LaneState.APPROVED and not stands:
            record = replace(record, state=LaneState.VOID)  # noqa: PLW2901 - the record as it now stands
        elif record.state is LaneState.ASKED:
            record = replace(record, state=LaneState.OPEN)  # noqa: PLW2901 - as above
        after[lane] = record
    return after


def without(lanes: Lanes, officer: OfficerId) -> Lanes:
    """The lanes once this officer stepped back: their approval is void, their question open for others."""
    after = {LaneState.APPROVED: LaneState.VOID, LaneState.ASKED: LaneState.OPEN}
    return {
        lane: replace(record, state=after.get(record.state, record.state))
        if record.decided and record.decided.by == officer
        else record
        for lane, record in lanes.items()
    }


def decision_document(
    *,
    claim_id: ClaimId,
    lane: Lane,
    decision: Decision,
    reason_code: ReasonCode | None,
    evidence_hash: Digest,
    offer_hash: Digest,
    on_behalf_of: OrganisationId | None = None,
) -> bytes:
    """The bytes an officer signs (Ed25519): RFC 8785 JSON of exactly what was decided, on exactly what was shown.

    ``on_behalf_of`` stands in it only where another office's part is filled: what was signed before stays what it was.
    """
    place = {} if on_behalf_of is None else {"on_behalf_of": on_behalf_of}
    return canonical(
        {
            "purpose": "flashclaim/decision/1",
            "claim_id": str(claim_id),
            "lane": lane,
            "decision": decision,
            "reason_code": reason_code,
            "evidence_hash": evidence_hash,
            "offer_hash": offer_hash,
        }
        | place
    )
