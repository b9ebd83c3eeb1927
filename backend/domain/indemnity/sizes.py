"""A sum by size category 按体型赔付."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from backend.domain.indemnity.amount import MethodAmount, Needs, known, nothing
from backend.domain.money import Money
from backend.domain.policy import Animal, Loss
from backend.domain.words import Category, ReasonCode


@dataclass(frozen=True, slots=True)
class BySize:
    """Pays what the tariff says for the animal's category."""

    needs: ClassVar[Needs] = Needs(animal=("category",))

    sums: Mapping[Category, Money]

    def amount(self, animal: Animal, _loss: Loss, _sum_insured: Money | None) -> MethodAmount:
        """The category's sum; a category that is no size of this tariff leaves the size unknown."""
        category = known(animal.category)
        if category not in self.sums:
            return nothing(f"{category} is not a size of this tariff", ReasonCode.EVIDENCE_MISSING)
        return MethodAmount(self.sums[category].yuan, f"{category} {self.sums[category]}")
