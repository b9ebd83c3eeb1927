"""The ledger 台账 of indemnities: every event of a claim as a balanced journal entry, in fen.

Double entry: a debit is positive, a credit negative, and the lines of one event add up to nothing. Nothing is kept that
the events do not say: an entry is what the event changed in the claim's balances, so the ledger can be made anew from
the events and comes out the same.

Chart of accounts (source: Chinese insurers' own charts keep claims incurred 赔付支出, outstanding claims reserve
未决赔款准备金 and claims payable 应付赔款 apart; transit and returned are the bank clearing of any payer):

    account    side    holds                                       moved by
    incurred   debit   what the loss costs                         every change of the sum; back when it ends unpaid
    reserve    credit  assessed, not yet agreed by all             triage, assessment; released when it is owed or ends
    payable    credit  agreed by all and owed                      last gate complete; a payout refused or brought back
    transit    credit  ordered from the bank                       payout started; until confirmed, refused or returned
    paid       credit  left the insurer's account                  payout confirmed; never taken back
    returned   debit   came back to it                             payout returned

So ``incurred`` is always what is set aside, owed, on its way and paid, less what came back. A loss that is triaged with
1,400.00, agreed, paid, brought back and paid again:

    event                     incurred   reserve   payable   transit      paid  returned
    claim-triaged             1,400.00 -1,400.00
    handover-recorded                   1,400.00 -1,400.00
    payout-started                                1,400.00 -1,400.00
    payout-confirmed                                         1,400.00 -1,400.00
    payout-returned                              -1,400.00                      1,400.00
    payout-started                                1,400.00 -1,400.00
    payout-confirmed                                         1,400.00 -1,400.00
    balance                   1,400.00                                -2,800.00 1,400.00
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from backend.domain.claim import Claim
from backend.domain.events import Recorded
from backend.domain.fold import apply
from backend.domain.money import ZERO, Money
from backend.domain.words import LedgerAccount, PayoutState

_UNDER_WAY = frozenset({PayoutState.STARTED, PayoutState.ACCEPTED, PayoutState.UNKNOWN})
_OWED = frozenset({PayoutState.FAILED, PayoutState.RETURNED})
NOTHING: Mapping[LedgerAccount, Money] = dict.fromkeys(LedgerAccount, ZERO)


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One line of the journal: what event ``seq`` moved on one account; a debit is positive."""

    seq: int
    line: int
    account: LedgerAccount
    amount: Money


def entries_of(before: Claim | None, recorded: Recorded, after: Claim) -> tuple[LedgerEntry, ...]:
    """The lines of one event, in the chart's order, numbered from 1; none where no money moved."""
    return lines_between(recorded.seq, balances(before) if before else NOTHING, balances(after))


def lines_between(
    seq: int, stood: Mapping[LedgerAccount, Money], stands: Mapping[LedgerAccount, Money]
) -> tuple[LedgerEntry, ...]:
    """The lines that take balances from what stood before an event to what stands after it."""
    if stands is stood:
        return ()
    moved = [(account, stands[account] - stood[account]) for account in LedgerAccount]
    return tuple(
        LedgerEntry(seq, line, account, amount)
        for line, (account, amount) in enumerate(((one, much) for one, much in moved if much), start=1)
    )


def journal(history: Iterable[Recorded]) -> tuple[LedgerEntry, ...]:
    """Every line of a claim, made anew from its events."""
    lines: list[LedgerEntry] = []
    claim: Claim | None = None
    stood = NOTHING
    for recorded in history:
        claim = apply(claim, recorded)
        stands = balances(claim)
        lines += lines_between(recorded.seq, stood, stands)
        stood = stands
    return tuple(lines)


def balances(claim: Claim) -> Mapping[LedgerAccount, Money]:
    """What stands on each account for this claim; they add up to nothing."""
    reserve, payable, transit = _set_aside(claim)
    paid = returned = ZERO
    for payout in claim.payouts:
        paid = paid + payout.amount if payout.has_left else paid
        returned = returned + payout.amount if payout.returned_at else returned
    return _chart(reserve.fen, payable.fen, transit.fen, paid.fen, returned.fen)


@lru_cache(maxsize=1024)
def _chart(
    reserve: int, payable: int, transit: int, paid: int, returned: int
) -> Mapping[LedgerAccount, Money]:
    # In fen. Most events move no money: what stands is then the very same.
    return {
        LedgerAccount.INCURRED: Money(reserve + payable + transit + paid - returned),
        LedgerAccount.RESERVE: Money(-reserve),
        LedgerAccount.PAYABLE: Money(-payable),
        LedgerAccount.TRANSIT: Money(-transit),
        LedgerAccount.PAID: Money(-paid),
        LedgerAccount.RETURNED: Money(returned),
    }


def _set_aside(claim: Claim) -> tuple[Money, Money, Money]:
    """Reserve, payable and transit; at most one of them is not nothing."""
    payout = claim.payout
    if claim.has_ended_unpaid or claim.offer is None:
        return ZERO, ZERO, ZERO
    if payout and payout.state in _UNDER_WAY:
        return ZERO, ZERO, payout.amount
    if payout and payout.state in _OWED:
        return ZERO, payout.amount, ZERO
    if payout:
        return ZERO, ZERO, ZERO
    if claim.is_due:
        return ZERO, claim.offer.amount, ZERO
    return claim.offer.amount, ZERO, ZERO
