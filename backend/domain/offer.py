"""The offer that three offices and the farmer agree to: the assessed sum with its working."""

from dataclasses import dataclass
from decimal import Decimal

from backend.domain.canonical import digest
from backend.domain.ids import ClaimId, Digest
from backend.domain.indemnity.market import MarketPrice
from backend.domain.indemnity.working import Steps
from backend.domain.money import Money
from backend.domain.policy import Loss, Terms
from backend.domain.words import ReasonCode


@dataclass(frozen=True, slots=True)
class OfferLine:
    """One animal's part of the sum, with its arithmetic in words; ``weight_kg`` is what it rests on, if known.

    ``steps`` tell the same arithmetic in any language; there are none in offers recorded before they were kept.
    """

    ref: str
    amount: Money
    working: str
    codes: tuple[ReasonCode, ...] = ()
    weight_kg: Decimal | None = None
    steps: Steps = ()


@dataclass(frozen=True, slots=True)
class OfferBasis:
    """What an offer was computed from beside the animals: with them and its product it comes to the same sum again.

    ``terms`` with the heads that were paid by then; ``loss`` with the market price that was taken, whose source and
    date are in ``market_price``.
    """

    terms: Terms
    loss: Loss
    market_price: MarketPrice | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A sum for ``heads`` dead animals under one product version.

    ``complete`` is False while a weight or age that the product needs is unknown: such a sum is shown, but an
    officer of the insurer has to assess it before it can be approved. ``basis`` is None in offers recorded before it
    was kept.
    """

    product: str
    heads: int
    heads_payable: int
    amount: Money
    lines: tuple[OfferLine, ...]
    covered: bool
    complete: bool
    basis: OfferBasis | None = None

    def hash_for(self, claim_id: ClaimId) -> Digest:
        """What an approval and an acceptance are bound to: this sum, line by line, on this claim.

        Weights are part of it although another weight may come to the same sum: the handover is weighed against them.
        The basis is not: another price or fewer heads left that come to the same lines ask nobody to sign again.
        """
        return digest(self.document_for(claim_id))

    def document_for(self, claim_id: ClaimId) -> dict[str, object]:
        """What ``hash_for`` is over."""
        return {
            "claim_id": str(claim_id),
            "product": self.product,
            "heads": self.heads,
            "heads_payable": self.heads_payable,
            "amount": str(self.amount),
            "lines": [
                {
                    "ref": line.ref,
                    "amount": str(line.amount),
                    "weight_kg": None if line.weight_kg is None else f"{line.weight_kg:f}",
                }
                for line in self.lines
            ],
        }
