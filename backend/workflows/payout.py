"""Effects ``pay`` and ``inquire``, and the bank's callbacks: one transfer under one key, whatever breaks.

Order of every step: look at what is recorded, ask the bank where a transfer may exist, send only when the bank surely
has none, record through a command.
"""

from dataclasses import dataclass
from datetime import timedelta

import structlog

from backend.adapters.bank import (
    Bank,
    BankAnswer,
    BankUnanswered,
    BankUnreachable,
    Refusal,
    Transfer,
    TransferState,
)
from backend.adapters.bank_notice import BankNotice, NoticeEvent
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.claim import Claim, Payout
from backend.domain.commands import (
    Command,
    LiftPaymentHolds,
    RecordAccepted,
    RecordConfirmed,
    RecordFailed,
    RecordReturned,
    RecordUnanswered,
    StartPayout,
)
from backend.domain.effects import LOOK_AGAIN
from backend.domain.ids import ClaimId, payout_reference
from backend.domain.problems import ClaimProblem, NotFound, WrongPayout
from backend.domain.words import PayoutState, State
from backend.store import claims, events
from backend.store.effects import Leased
from backend.store.run import Outcome, Store
from backend.workflows.clock import Clock
from backend.workflows.worker import GiveUp, KeepTrying, Later

ASK_AGAIN = timedelta(seconds=5)
FILE_PATIENCE = timedelta(minutes=10)
MOST_PATIENCE = timedelta(minutes=5)
log = structlog.get_logger()
_OPEN = frozenset({PayoutState.STARTED, PayoutState.ACCEPTED, PayoutState.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Payouts:
    """Money out, exactly once."""

    store: Store
    bank: Bank
    clock: Clock
    key_memory: timedelta
    leaves_in_files: bool = False
    """The bank takes payment files: payouts wait for the next one, and nothing goes through the gateway."""

    def pay(self, leased: Leased) -> Later | None:
        """Start the payout, then send it, unless an earlier attempt that was cut off may have sent it."""
        claim = self._load(leased.claim_id)
        if "held_since" in leased.arguments:
            return self._wait(claim, leased.arguments["held_since"])
        if claim.state is State.PAYABLE and self.leaves_in_files:
            # Kept, so that payouts leave also after the installation has gone over to a gateway.
            return Later(FILE_PATIENCE)
        if claim.state is State.PAYABLE:
            claim = self._record(leased.claim_id, StartPayout()).claim
            payout = claim.payout
            if payout is not None and payout.state is PayoutState.STARTED:
                self._send(claim, payout)
            return None
        payout = claim.payout
        if payout is not None and payout.state is PayoutState.STARTED and not payout.bank_file:
            self._ask_or_send(claim, payout)
        return None

    def _wait(self, claim: Claim, held_since: str) -> Later | None:
        """Look whether what keeps every claim's money back is over; the claim then asks for its payout afresh."""
        if claim.has_ended_unpaid or not _is_kept_back(claim, held_since):
            return None
        after = self._record(claim.report.claim_id, LiftPaymentHolds()).claim
        return Later(LOOK_AGAIN) if _is_kept_back(after, held_since) else None

    def inquire(self, leased: Leased) -> Later | None:
        """Ask the bank about a payout that it has not settled; look again while it has not."""
        claim = self._load(leased.claim_id)
        payout = claim.payout
        wanted = leased.arguments["payout_id"]
        if payout is None or str(payout.id) != wanted or payout.state not in _OPEN:
            return None
        after = self._ask_or_send(claim, payout)
        if after.payout is None or after.payout.state not in _OPEN:
            return None
        # What the bank said first, and was recorded, has asked for an inquiry of its own.
        return Later(self._patience(payout)) if after.version == claim.version else None

    async def heard(self, notice: BankNotice) -> Outcome:
        """Record a callback whose signature has been checked; repeats change nothing.

        Raises:
            NotFound: No payout has this key.
            WrongPayout: The claim has another payout under way, or this one is of another amount.
        """
        try:
            return await self._hear(notice)
        except (NotFound, ClaimProblem) as unplaced:
            # The bank hears the refusal too; but money may have moved, and only our own log is sure to be kept.
            log.warning(
                "bank.notice_unplaced",
                event_told=notice.event,
                payout_id=str(notice.key),
                amount=str(notice.amount),
                bank_reference=notice.bank_reference,
                reason=unplaced.detail,
            )
            raise

    async def _hear(self, notice: BankNotice) -> Outcome:
        payout_id = notice.key
        claim = await self.store.read(
            lambda connection: events.load(connection, claims.claim_of_payout(connection, payout_id)),
            sight=EVERYWHERE,
        )
        _require_amount(claim, notice)
        said_as, reason = notice.bank_reference, _in_words(notice.reason)
        command: Command
        match notice.event:
            case NoticeEvent.SETTLED:
                command = RecordConfirmed(payout_id=payout_id, bank_reference=said_as)
            case NoticeEvent.REFUSED:
                command = RecordFailed(payout_id=payout_id, reason=reason)
            case NoticeEvent.RETURNED:
                command = RecordReturned(payout_id=payout_id, bank_reference=said_as, reason=reason)
        return await self.store.run(claim.report.claim_id, command, at=self.clock())

    def _send(self, claim: Claim, payout: Payout) -> Claim:
        """Give the order.

        Raises:
            KeepTrying: The bank cannot be reached, so nothing was sent.
        """
        try:
            answer = self.bank.send(transfer_of(claim, payout))
        except BankUnanswered as silence:
            return self._record(
                claim.report.claim_id, RecordUnanswered(payout_id=payout.id, reason=silence.detail)
            ).claim
        except BankUnreachable as away:
            raise KeepTrying(away.detail) from away
        return self._record_answer(claim, payout, answer)

    def _ask_or_send(self, claim: Claim, payout: Payout) -> Claim:
        """Where a transfer may exist: ask first. A bank that surely has none gets the same key again.

        Raises:
            KeepTrying: The bank is away: an outage of hours needs nobody to look at each claim.
            GiveUp: The bank's memory of keys is over.
        """
        under = reference(claim, payout)
        try:
            answer = self.bank.ask(payout.id, under)
        except (BankUnreachable, BankUnanswered) as away:
            raise KeepTrying(away.detail) from away
        if answer.state is not TransferState.UNKNOWN_TRANSFER:
            return self._record_answer(claim, payout, answer)
        if self.clock() - payout.started_at > self.key_memory:
            # The bank may have forgotten the key of a transfer that it did make: sending could pay twice.
            raise GiveUp(
                f"the bank knows neither payout {payout.id} nor {under}, and its memory of keys "
                f"is over: look at the account's statement; if it is not there, "
                f"flashclaim payout retry --not-on-statement"
            )
        return self._send(claim, payout)

    def _record_answer(self, claim: Claim, payout: Payout, answer: BankAnswer) -> Claim:
        if answer.amount is not None and answer.amount != payout.amount:
            raise GiveUp(
                f"the bank holds {answer.amount} under payout {payout.id} of {payout.amount}: nothing is recorded "
                f"until a person has looked"
            )
        bank_reference = answer.bank_reference or reference(claim, payout)
        command: Command
        match answer.state:
            case TransferState.ACCEPTED:
                command = RecordAccepted(payout_id=payout.id, bank_reference=bank_reference)
            case TransferState.SETTLED:
                command = RecordConfirmed(payout_id=payout.id, bank_reference=bank_reference)
            case TransferState.REFUSED:
                command = RecordFailed(payout_id=payout.id, reason=_in_words(answer.reason))
            case TransferState.RETURNED:
                reason = _in_words(answer.reason)
                command = RecordReturned(payout_id=payout.id, bank_reference=bank_reference, reason=reason)
            case TransferState.UNKNOWN_TRANSFER:
                raise BankUnanswered("the bank answered a transfer with not knowing it")
        return self._record(claim.report.claim_id, command).claim

    def _patience(self, payout: Payout) -> timedelta:
        """A bank that settles overnight is not asked every few seconds until then."""
        return min(MOST_PATIENCE, max(ASK_AGAIN, (self.clock() - payout.started_at) / 10))

    def _record(self, claim_id: ClaimId, command: Command) -> Outcome:
        return self.store.run_blocking(claim_id, command, at=self.clock())

    def _load(self, claim_id: ClaimId) -> Claim:
        return self.store.engine.read(lambda connection: events.load(connection, claim_id), EVERYWHERE)


def _is_kept_back(claim: Claim, held_since: str) -> bool:
    return any(hold.is_above_all and hold.since.isoformat() == held_since for hold in claim.holds)


def _in_words(reason: Refusal | None) -> str:
    return f"{reason.code}: {reason.text}" if reason else "the bank gave no reason"


def _require_amount(claim: Claim, notice: BankNotice) -> None:
    for payout in claim.payouts:
        if payout.id == notice.key and payout.amount != notice.amount:
            raise WrongPayout(f"payout {payout.no} is of {payout.amount}, the bank speaks of {notice.amount}")


def transfer_of(claim: Claim, payout: Payout) -> Transfer:
    """The payout as the bank is asked to make it."""
    return Transfer(
        key=payout.id,
        amount=payout.amount,
        payee_name=claim.report.policy.payee.name,
        account=claim.report.policy.payee.account,
        reference=reference(claim, payout),
    )


def reference(claim: Claim, payout: Payout) -> str:
    """What stands on the statement for this payout."""
    return payout_reference(claim.report.number, payout.no, payout.id)
