"""So much per kilogram 按公斤赔付, up to a counted weight."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from backend.domain.indemnity.amount import MethodAmount, Needs, amount_of, known, plain
from backend.domain.indemnity.working import StepKind, step
from backend.domain.money import Money
from backend.domain.policy import Animal, Loss


@dataclass(frozen=True, slots=True)
class PerKilogram:
    """Pays ``rate`` (CNY per kg) for every kg, of which at most ``most_kg`` count."""

    needs: ClassVar[Needs] = Needs(animal=("weight_kg",))

    rate: Money
    most_kg: Decimal

    def amount(self, animal: Animal, _loss: Loss, _sum_insured: Money | None) -> MethodAmount:
        """Rate × counted weight."""
        kg = known(animal.weight_kg)
        told = step(StepKind.PER_KG, rate=self.rate, kg=plain(kg))
        if kg > self.most_kg:
            told = step(StepKind.PER_KG_AT_MOST, rate=self.rate, kg=plain(kg), most=plain(self.most_kg))
        return amount_of(self.rate.yuan * Fraction(min(kg, self.most_kg)), told)
