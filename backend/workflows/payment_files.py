"""Payouts that leave in a file: an officer makes it and takes it to the bank; the statement says what became of it.

The file and every payout in it are recorded in one transaction, so a payout is in exactly one file, and the gateway
never sends it (``Payout.bank_file``).
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from backend.adapters.bank import Transfer
from backend.adapters.pain001 import Payer, pain001
from backend.domain.authority.sight import Sight
from backend.domain.claim import Claim
from backend.domain.commands import StartPayout
from backend.domain.ids import ClaimId
from backend.domain.money import Money
from backend.domain.parties import Officer
from backend.domain.policy import policy_day
from backend.domain.problems import LeavesThroughGateway, MoveNotAllowed, PaymentsStopped
from backend.store import bank_files, payment_gate, payouts
from backend.store.bank_files import BankFile
from backend.store.engine import Transaction
from backend.store.run import Store
from backend.workflows.payout import transfer_of

MOST_IN_A_FILE = 1000


@dataclass(frozen=True, slots=True)
class Made:
    """What was made: None where nothing could leave. ``left_out`` are claims that the day's limit keeps back."""

    file: BankFile | None
    left_out: tuple[str, ...]
    has_more: bool


@dataclass(frozen=True, slots=True)
class PaymentFiles:
    """Makes payment files. ``payer`` is None where payouts leave through the gateway."""

    store: Store
    payer: Payer | None

    def make(self, connection: Transaction, officer: Officer, sight: Sight, at: datetime) -> Made:
        """Put what is payable and seen into one file, what was promised first first, at most ``MOST_IN_A_FILE``.

        Raises:
            LeavesThroughGateway: This installation's bank takes no files.
            PaymentsStopped: Payments are stopped.
        """
        if self.payer is None:
            raise LeavesThroughGateway("payouts leave through the bank's gateway by themselves")
        payment_gate.hold(connection, alone=True)
        stop = payment_gate.standing(connection)
        if stop:
            raise PaymentsStopped(f"{stop.by} stopped all payments: {stop.reason}")
        day = policy_day(at)
        serial = bank_files.next_serial(connection, day)
        found = payouts.payable(connection, MOST_IN_A_FILE + 1, sight)
        message_id = f"FC-{day:%Y%m%d}-F{serial:03d}-{found[0].hex[:8]}" if found else ""
        transfers: list[Transfer] = []
        left_out: list[str] = []
        for claim_id in found[:MOST_IN_A_FILE]:
            with suppress(MoveNotAllowed):  # withdrawn or stopped a moment ago
                claim, transfer = self._start(connection, claim_id, message_id, officer, at)
                if transfer:
                    transfers.append(transfer)
                else:
                    left_out.append(claim.report.number)
        has_more = len(found) > MOST_IN_A_FILE
        if not transfers:
            return Made(None, tuple(left_out), has_more)
        file = BankFile(
            message_id=message_id,
            day=day,
            serial=serial,
            made_at=at,
            made_by=officer.id,
            payouts=len(transfers),
            amount=Money.total(one.amount for one in transfers),
            content=pain001(message_id, at, day, self.payer, transfers),
        )
        bank_files.put(connection, file)
        return Made(file, tuple(left_out), has_more)

    def _start(
        self, connection: Transaction, claim_id: ClaimId, message_id: str, officer: Officer, at: datetime
    ) -> tuple[Claim, Transfer | None]:
        command = StartPayout(bank_file=message_id, officer=officer)
        claim = self.store.carry_out(connection, claim_id, command, at).claim
        payout = claim.payout
        is_in_file = payout is not None and payout.bank_file == message_id
        return claim, transfer_of(claim, payout) if payout and is_in_file else None
