"""A sum by size category 按体型赔付."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from backend.domain.indemnity.amount import MethodAmount, Needs, amount_of, known, nothing
from backend.domain.indemnity.working import StepKind, step
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
            why = step(StepKind.NO_SUCH_SIZE, category=category)
            return nothing(why, ReasonCode.EVIDENCE_MISSING)
        told = step(StepKind.SIZE, category=category, sum=self.sums[category])
        return amount_of(self.sums[category].yuan, told)
