"""Market price × share × weight 市场价格赔付."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from backend.domain.indemnity.amount import MethodAmount, Needs, amount_of, known, plain, share
from backend.domain.indemnity.working import StepKind, step
from backend.domain.money import Money
from backend.domain.policy import Animal, Loss


@dataclass(frozen=True, slots=True)
class PriceByWeight:
    """Pays ``percent`` of the market price (CNY per kg) for every kg; the sum insured is the cap."""

    needs: ClassVar[Needs] = Needs(sum_insured=True, loss=("market_price_per_kg",), animal=("weight_kg",))

    percent: Decimal

    def amount(self, animal: Animal, loss: Loss, _sum_insured: Money | None) -> MethodAmount:
        """Price × share × weight, before the sum insured caps it."""
        kg, price = known(animal.weight_kg), known(loss.market_price_per_kg)
        told = step(StepKind.MARKET_PRICE, price=f"{price:f}", percent=plain(self.percent), kg=plain(kg))
        return amount_of(Fraction(price) * share(self.percent) * Fraction(kg), told)
