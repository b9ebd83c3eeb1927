"""The offer that three offices and the farmer agree to: the assessed sum with its working."""

from dataclasses import dataclass

from backend.domain.canonical import digest
from backend.domain.ids import ClaimId, Digest
from backend.domain.money import Money
from backend.domain.words import ReasonCode


@dataclass(frozen=True, slots=True)
class OfferLine:
    """One animal's part of the sum, with its arithmetic in words."""

    ref: str
    amount: Money
    working: str
    codes: tuple[ReasonCode, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """A sum for ``heads`` dead animals under one product version.

    ``complete`` is False while a weight or age that the product needs is unknown: such a sum is shown, but an
    officer of the insurer has to assess it before it can be approved.
    """

    product: str
    heads: int
    heads_payable: int
    amount: Money
    lines: tuple[OfferLine, ...]
    covered: bool
    complete: bool

    def hash_for(self, claim_id: ClaimId) -> Digest:
        """What an approval and an acceptance are bound to: this sum, line by line, on this claim."""
        return digest(
            {
                "claim_id": str(claim_id),
                "product": self.product,
                "heads": self.heads,
                "heads_payable": self.heads_payable,
                "amount": str(self.amount),
                "lines": [{"ref": line.ref, "amount": str(line.amount)} for line in self.lines],
            }
        )
