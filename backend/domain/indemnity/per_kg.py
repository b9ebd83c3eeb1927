"""So much per kilogram 按公斤赔付, up to a counted weight."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from backend.domain.indemnity.amount import MethodAmount, Needs, known, plain
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
        weight = (
            f"{plain(kg)} kg" if kg <= self.most_kg else f"({plain(kg)} kg, at most {plain(self.most_kg)} kg)"
        )
        counted = Fraction(min(kg, self.most_kg))
        return MethodAmount(self.rate.yuan * counted, f"{self.rate} per kg × {weight}")
