"""Market price × share × weight 市场价格赔付."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from backend.domain.indemnity.amount import MethodAmount, Needs, known, percent, plain, share
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
        words = f"{price:f} per kg × {percent(self.percent)} × {plain(kg)} kg"
        return MethodAmount(Fraction(price) * share(self.percent) * Fraction(kg), words)
