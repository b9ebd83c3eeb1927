"""A bank statement against our payouts; what an officer lets be recorded is recorded by that officer's command."""

from dataclasses import dataclass
from datetime import datetime

from backend.domain.authority.sight import Sight
from backend.domain.commands import Command, RecordConfirmed, RecordReturned
from backend.domain.parties import Officer
from backend.domain.problems import ClaimProblem
from backend.domain.reconciliation import Comparison, Difference, Offer, Statement, compare
from backend.store import payouts
from backend.store.engine import Transaction
from backend.store.run import Store
from backend.store.sights import seen_of


@dataclass(frozen=True, slots=True)
class Finding:
    """A difference, and what became of its offer: recorded, or why not."""

    difference: Difference
    is_recorded: bool = False
    refusal: str | None = None


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What came of a statement."""

    statement: Statement
    comparison: Comparison
    findings: tuple[Finding, ...]

    @property
    def open_differences(self) -> int:
        """Differences that still stand."""
        return sum(not finding.is_recorded for finding in self.findings)


def reconcile(
    connection: Transaction,
    store: Store,
    statement: Statement,
    officer: Officer,
    sight: Sight,
    at: datetime,
    *,
    apply: bool,
) -> Reconciliation:
    """Compare; with *apply* also record what is offered. Doing it again finds what is recorded and changes nothing.

    One account pays for all counties, so a statement is compared with the payouts of all: a transfer of another county
    is none that we do not know. What is found about payouts that the officer does not see is left to who sees them.

    Args:
        connection: Sees everything; a write transaction where *apply* is set.
        store: Where claims are.
        statement: As it was read.
        officer: In whose name confirmations and returns are recorded.
        sight: What the officer sees.
        at: Now, aware.
        apply: Record what is offered.
    """
    ours = payouts.spoken_of(connection, statement)
    comparison = compare(statement, ours)
    seen = seen_of(connection, {one.claim_id for one in ours}, sight)
    findings = [
        _recorded(connection, store, one, officer, at) if apply and one.offer else Finding(one)
        for one in comparison.differences
        if one.payout is None or one.payout.claim_id in seen
    ]
    return Reconciliation(statement, comparison, tuple(findings))


def _recorded(
    connection: Transaction, store: Store, difference: Difference, officer: Officer, at: datetime
) -> Finding:
    payout, line = difference.payout, difference.line
    if payout is None or line is None:
        return Finding(difference)
    reference = line.bank_reference or payout.bank_reference or payout.reference
    command: Command
    if difference.offer is Offer.CONFIRM:
        command = RecordConfirmed(payout_id=payout.id, bank_reference=reference[:80], officer=officer)
    else:
        reason = line.reason or "on the bank's statement"
        command = RecordReturned(
            payout_id=payout.id, bank_reference=reference[:80], reason=reason[:400], officer=officer
        )
    try:
        store.carry_out(connection, payout.claim_id, command, at)
    except ClaimProblem as refused:
        return Finding(difference, refusal=f"{refused.title}: {refused.detail}")
    return Finding(difference, is_recorded=True)
