"""The joint review 联合审核: three signed decisions, the farmer's acceptance, holds."""

from backend.domain.claim import Claim
from backend.domain.commands import AcceptOffer, DecideLane, PlaceHold, ReleaseHold, Withdraw
from backend.domain.decisions.facts import Facts
from backend.domain.decisions.standing_in import require_own_part, require_second_look, require_unbiased
from backend.domain.events import (
    ClaimWithdrawn,
    Event,
    EvidenceRequested,
    HoldPlaced,
    HoldReleased,
    LaneDecided,
    OfferAccepted,
)
from backend.domain.parties import Officer
from backend.domain.problems import (
    ClaimOnHold,
    HoldNotSet,
    LaneAlreadyDecided,
    NotAllowed,
    NoteNeeded,
    NothingToPay,
    OfferChanged,
    OfferIncomplete,
    OnePersonOneLane,
    ReasonNeeded,
    StaleApproval,
    WrongLane,
)
from backend.domain.words import Decision, HoldKind, Lane, LaneState, Path


def repeats_decision(claim: Claim, command: DecideLane) -> bool:
    """Whether exactly this decision by this officer already stands.

    A question that was answered without new evidence leaves the lane open: the next one is another question.
    """
    record = claim.lanes[command.lane]
    given = record.decided
    return (
        given is not None
        and record.state not in {LaneState.VOID, LaneState.OPEN}
        and (given.by, given.decision, given.evidence_hash, given.offer_hash)
        == (command.officer.id, command.decision, command.evidence_hash, command.offer_hash)
    )


def decide_lane(claim: Claim, command: DecideLane, facts: Facts) -> list[Event]:
    """One office's decision on exactly the evidence and the offer that stand now.

    Raises:
        WrongLane, OnePersonOneLane, OfficerHasRecused, TiedToFarm, AssistedByYou, SecondLookNeeded: Who may fill it.
        AnotherOfficesPart, OfficeNotNamed: Whose part it is.
        ClaimOnHold: Only a rejection is open while the claim is on hold, also in a lane that had approved before.
        StaleApproval: Something moved after the officer looked.
        LaneAlreadyDecided: Someone was first.
        OfferIncomplete, NothingToPay, NoteNeeded, ReasonNeeded: A rule stands against it.
    """
    officer, lane = command.officer, command.lane
    if officer.lane is not lane:
        raise WrongLane(lane=lane, own=officer.lane)
    require_unbiased(claim, officer, facts)
    require_second_look(claim, command)
    basis = require_own_part(claim, command, facts)
    record, hold = claim.lanes[lane], claim.hold(HoldKind.SIGNALS)
    is_way_out = hold is not None and command.decision is Decision.REJECT
    if record.state is LaneState.APPROVED and record.decided and not is_way_out:
        raise LaneAlreadyDecided(lane=lane, by=record.decided.by)
    if hold and not is_way_out:
        raise ClaimOnHold(f"since {hold.since:%Y-%m-%d %H:%M} UTC: {hold.reason}")
    _require_current(claim, command)
    _require_other_people(claim, command)
    _require_words(claim, command)
    events: list[Event] = [
        LaneDecided(
            lane=lane,
            decision=command.decision,
            by=officer.id,
            organisation=officer.organisation,
            reason_code=command.reason_code,
            note=command.note,
            evidence_hash=command.evidence_hash,
            offer_hash=command.offer_hash,
            key_id=command.key_id,
            signature=command.signature,
            on_behalf_of=command.on_behalf_of,
            basis=basis,
        )
    ]
    if command.decision is Decision.ASK:
        events.append(EvidenceRequested(reason=command.note))
    return events


def accept_offer(claim: Claim, command: AcceptOffer) -> list[Event]:
    """The farmer agrees to the offer that stands now.

    Raises:
        OfferChanged: Another offer stands.
        OfferIncomplete, NothingToPay: There is no sum yet that could be agreed to.
    """
    if command.offer_hash != claim.offer_hash:
        raise OfferChanged(
            f"the code was for {command.offer_hash:.8}, the claim offers {claim.offer_hash:.8}"
        )
    _require_a_sum(claim)
    return [OfferAccepted(offer_hash=command.offer_hash, method=command.method)]


def place_hold(claim: Claim, command: PlaceHold) -> list[Event]:
    """Any of the three offices may stop a claim, with a reason.

    Raises:
        NotAllowed: The officer belongs to none of the three lanes.
        ReasonNeeded: A hold says why.
    """
    if command.officer.lane is None:
        raise NotAllowed("a claim is stopped by one of the three offices")
    if not command.reason.strip():
        raise ReasonNeeded("a hold says why")
    if claim.hold(command.kind):
        return []
    return [HoldPlaced(kind=command.kind, reason=command.reason)]


def release_hold(claim: Claim, command: ReleaseHold, facts: Facts) -> list[Event]:
    """A named person of the insurer, who carries the risk, has looked.

    Raises:
        WrongLane: The officer is not of the insurer lane.
        OfficerHasRecused, TiedToFarm, AssistedByYou: Who never decides on this claim.
        HoldNotSet: There is nothing to release.
        ReasonNeeded: The release says what was found.
    """
    _require_insurer(command.officer)
    require_unbiased(claim, command.officer, facts)
    if claim.hold(command.kind) is None:
        raise HoldNotSet(f"no hold {command.kind} is set on this claim")
    if not command.reason.strip():
        raise ReasonNeeded("a release says what was found")
    return [HoldReleased(kind=command.kind, reason=command.reason)]


def withdraw(claim: Claim, command: Withdraw) -> list[Event]:
    """The farmer takes the report back; nothing is paid."""
    return [] if claim.withdrawn else [ClaimWithdrawn(reason=command.reason)]


def _require_insurer(officer: Officer) -> None:
    if officer.lane is not Lane.INSURER:
        raise WrongLane(lane=Lane.INSURER, own=officer.lane)


def _require_current(claim: Claim, command: DecideLane) -> None:
    if command.evidence_hash != claim.evidence_hash:
        raise StaleApproval(what="evidence", seen=command.evidence_hash, current=claim.evidence_hash)
    if command.offer_hash != claim.offer_hash:
        raise StaleApproval(what="offer", seen=command.offer_hash, current=claim.offer_hash)


def _require_other_people(claim: Claim, command: DecideLane) -> None:
    for lane, record in claim.lanes.items():
        if lane is command.lane or record.decided is None:
            continue
        if (
            record.decided.by == command.officer.id
            or record.decided.organisation == command.officer.organisation
        ):
            raise OnePersonOneLane(f"{record.decided.by} of {record.decided.organisation} decided in {lane}")


def _require_words(claim: Claim, command: DecideLane) -> None:
    match command.decision:
        case Decision.APPROVE:
            if command.lane is Lane.INSURER:
                _require_a_sum(claim)
            if claim.path is Path.ASSISTED and not command.note.strip():
                raise NoteNeeded(", ".join(doubt.code for doubt in claim.findings) or "a hold was released")
        case Decision.REJECT:
            if command.reason_code is None or not command.note.strip():
                raise ReasonNeeded("a rejection needs a reason code and a note for the farmer")
        case Decision.ASK:
            if not command.note.strip():
                raise ReasonNeeded("a question says what is missing")


def _require_a_sum(claim: Claim) -> None:
    if claim.offer is None or not claim.offer.complete:
        raise OfferIncomplete("weight or age of some animals is unknown")
    if not claim.offer.amount:
        raise NothingToPay("the offer is 0.00")
