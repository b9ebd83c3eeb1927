"""支付: one payout under one key, and what the bank says of it, in any order and however often."""

from datetime import datetime, timedelta

from backend.domain.claim import FOR_ALL_PAYMENTS, Claim, Payout
from backend.domain.commands import (
    RecordAccepted,
    RecordConfirmed,
    RecordFailed,
    RecordReturned,
    RecordUnanswered,
    RetryPayout,
    StartPayout,
)
from backend.domain.decisions.facts import Facts
from backend.domain.decisions.payee_holds import held_for_payee
from backend.domain.events import (
    Event,
    HoldPlaced,
    HoldReleased,
    PayoutAccepted,
    PayoutConfirmed,
    PayoutFailed,
    PayoutRetried,
    PayoutReturned,
    PayoutStarted,
    PayoutUnanswered,
)
from backend.domain.ids import PayoutId, payout_id
from backend.domain.indemnity.lines import heads_left
from backend.domain.money import ZERO
from backend.domain.problems import PayoutUnderWay, ReasonNeeded, WrongLane, WrongPayout
from backend.domain.words import HoldKind, Lane, PayoutState, ReasonCode

SETTLED = frozenset({PayoutState.CONFIRMED, PayoutState.FAILED})
SENT_BACK = frozenset({PayoutState.FAILED, PayoutState.RETURNED})
"""The bank has the money no more and the farmer does not have it: a person may pay again."""
FILE_SETTLES_WITHIN = timedelta(days=2)
"""A payment file may lie at the bank over a night, and be carried out the day after."""


def start_payout(claim: Claim, command: StartPayout, facts: Facts, at: datetime) -> list[Event]:
    """Fix amount and key before the bank is called.

    Other claims may have used up the insured heads since this offer was made: then nothing is paid and people look.
    So they do where the policy's payee has changed since the triage.
    While payments are stopped, the programme has not the money, or the day's limit is used up, the claim is held until
    that is over. The whole sum waits: a part of it would be another offer, which nobody has agreed to.
    """
    if claim.offer is None:
        raise WrongPayout("no offer stands")
    if claim.offer.heads_payable > heads_left(facts.terms):
        code = ReasonCode.OVER_INSURED_COUNT
        return [HoldPlaced(kind=HoldKind.SIGNALS, reason=code, because=(f"{code}:payout",))]
    if held := held_for_payee(claim, facts, at):
        return [*held]
    if facts.stop:
        return [_kept_back(HoldKind.STOP_PAYMENTS)]
    if facts.programme and not facts.programme.allows(claim.offer.amount):
        return [_kept_back(HoldKind.PROGRAMME_LIMIT)]
    if facts.limit and not facts.limit.allows(claim.offer.amount):
        return [_kept_back(HoldKind.DAILY_LIMIT)]
    number = len(claim.payouts) + 1
    return [
        PayoutStarted(
            payout_no=number,
            payout_id=payout_id(claim.report.claim_id, number),
            amount=claim.offer.amount,
            bank_file=command.bank_file,
            heads_paid=facts.terms.heads_paid,
            account_last4=claim.report.policy.payee.account_last4,
        )
    ]


def lift_payment_holds(claim: Claim, facts: Facts) -> list[Event]:
    """What kept money back and no longer does: the claim goes on, and the payout is tried again."""
    amount = claim.offer.amount if claim.offer else ZERO
    is_over = {
        HoldKind.STOP_PAYMENTS: facts.stop is None,
        HoldKind.PROGRAMME_LIMIT: facts.programme is None or facts.programme.allows(amount),
        HoldKind.DAILY_LIMIT: facts.limit is None or facts.limit.allows(amount),
    }
    return [
        HoldReleased(kind=hold.kind, reason="")
        for hold in claim.holds
        if hold.is_above_all and is_over[hold.kind]
    ]


def repeats_news(
    claim: Claim,
    command: RecordAccepted | RecordUnanswered | RecordConfirmed | RecordFailed | RecordReturned,
) -> bool:
    """Whether the bank says again, or too late, what is known of this payout; a return is its last word."""
    payout = next((payout for payout in claim.payouts if payout.id == command.payout_id), None)
    if payout is None:
        return False
    if payout.returned_at is not None:
        return True
    match command:
        case RecordReturned():
            return False
        case RecordConfirmed():
            return payout.state is PayoutState.CONFIRMED
        case RecordFailed():
            return payout.state in {PayoutState.FAILED, PayoutState.RETIRED}
        case _:
            return payout.state in {*SETTLED, PayoutState.RETIRED}


def record_accepted(claim: Claim, command: RecordAccepted) -> list[Event]:
    """The bank took the order; late news about a settled payout changes nothing.

    Raises:
        WrongPayout: It is not the payout under way.
    """
    payout = _payout(claim, command.payout_id)
    if payout.state is PayoutState.ACCEPTED or payout.state in SETTLED:
        return []
    return [PayoutAccepted(payout_id=payout.id, bank_reference=command.bank_reference)]


def record_unanswered(claim: Claim, command: RecordUnanswered) -> list[Event]:
    """Nobody knows: unless the bank has said something since.

    Raises:
        WrongPayout: It is not the payout under way.
    """
    payout = _payout(claim, command.payout_id)
    if payout.state is not PayoutState.STARTED:
        return []
    return [PayoutUnanswered(payout_id=payout.id, reason=command.reason)]


def record_confirmed(claim: Claim, command: RecordConfirmed) -> list[Event]:
    """The money is there; a second callback changes nothing.

    Also after the bank had refused: it contradicts itself, and the money counts. A retired payout is confirmed as long
    as no other one has been started.

    Raises:
        WrongPayout: It is not a payout of this claim, or another one is under way beside it.
    """
    known = next((payout for payout in claim.payouts if payout.id == command.payout_id), None)
    is_alone = claim.payout is None or claim.payout.id == command.payout_id
    if known is None or not is_alone:
        raise WrongPayout(f"payout {command.payout_id} is not the one under way")
    return [PayoutConfirmed(payout_id=known.id, bank_reference=command.bank_reference)]


def record_failed(claim: Claim, command: RecordFailed) -> list[Event]:
    """No money will move.

    Raises:
        WrongPayout: It is not the payout under way, or it was confirmed: a return after payment is another thing.
    """
    payout = _payout(claim, command.payout_id)
    if payout.state is PayoutState.CONFIRMED:
        raise WrongPayout(f"payout {payout.no} was confirmed; it cannot have failed")
    if payout.state is PayoutState.FAILED:
        return []
    return [PayoutFailed(payout_id=payout.id, reason=command.reason)]


def record_returned(claim: Claim, command: RecordReturned) -> list[Event]:
    """退汇: the money came back, and the farmer does not have it.

    Also of a payout that nobody had confirmed, which it thereby is, and of a retired one, whose successor counts.

    Raises:
        WrongPayout: It is not a payout of this claim.
    """
    if all(payout.id != command.payout_id for payout in claim.payouts):
        raise WrongPayout(f"payout {command.payout_id} is none of this claim's")
    return [
        PayoutReturned(
            payout_id=command.payout_id, bank_reference=command.bank_reference, reason=command.reason
        )
    ]


def retry_payout(claim: Claim, command: RetryPayout, facts: Facts, at: datetime) -> list[Event]:
    """A person of the insurer asks for a new payout, under a new key.

    After the bank surely refused the last one or brought it back; or, while the bank leaves one unanswered, with the
    word that the account's statement does not show it, and not before the bank's memory of keys is over (for a payment
    file: ``FILE_SETTLES_WITHIN``): until then it may be made.

    Raises:
        WrongLane: The officer is not of the insurer lane.
        PayoutUnderWay: The bank may still make the last one.
        ReasonNeeded: Which statement does not show it.
    """
    if command.officer.lane is not Lane.INSURER:
        raise WrongLane(lane=Lane.INSURER, own=command.officer.lane)
    payout = claim.payout
    if payout is None:
        raise WrongPayout("no payout has failed")
    if payout.state not in SENT_BACK:
        wait = FILE_SETTLES_WITHIN if payout.bank_file else facts.clocks.bank_key_memory
        settled_from = payout.started_at + wait
        if not command.is_missing_from_statement or at < settled_from:
            raise PayoutUnderWay(
                f"the bank may still make payout {payout.no} until {settled_from:%Y-%m-%d %H:%M} UTC"
            )
        if not command.reason.strip():
            raise ReasonNeeded("say which statement does not show the payout")
    return [PayoutRetried(payout_id=payout.id, reason=command.reason)]


def _kept_back(kind: HoldKind) -> HoldPlaced:
    return HoldPlaced(kind=kind, reason=kind, because=(FOR_ALL_PAYMENTS,))


def _payout(claim: Claim, wanted: PayoutId) -> Payout:
    if claim.payout is None or claim.payout.id != wanted:
        raise WrongPayout(f"payout {wanted} is not the one under way")
    return claim.payout
