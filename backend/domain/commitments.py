"""What a claim takes of its policy's heads and its programme's money, from its payout's start on."""

from dataclasses import dataclass

from backend.domain.claim import Claim
from backend.domain.money import ZERO, Money
from backend.domain.words import PayoutState

COMMITTING = frozenset(
    {PayoutState.STARTED, PayoutState.ACCEPTED, PayoutState.UNKNOWN, PayoutState.CONFIRMED}
)
"""The money is, or may be, on its way or with the farmer. A refused, returned or replaced payout gives it back."""


@dataclass(frozen=True, slots=True)
class Commitment:
    """Insured heads and money that no other claim may have."""

    heads: int = 0
    amount: Money = ZERO


NOTHING = Commitment()


def commitment_of(claim: Claim) -> Commitment:
    """What this claim's payout commits, as it was when the payout was started.

    An offer alone commits nothing: of two claims that were offered the last head, the one that is paid first has it.
    """
    payout = claim.payout
    if payout is None or payout.state not in COMMITTING:
        return NOTHING
    return Commitment(payout.heads, payout.amount)
