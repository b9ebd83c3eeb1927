"""A base sum and so much per month of age 按月龄赔付."""

from dataclasses import dataclass
from typing import ClassVar

from backend.domain.indemnity.amount import MethodAmount, Needs, amount_of, known
from backend.domain.indemnity.working import StepKind, step
from backend.domain.money import Money
from backend.domain.policy import Animal, Loss


@dataclass(frozen=True, slots=True)
class BaseAndMonths:
    """Pays ``base`` + ``per_month`` × completed months of age; the sum insured is the cap."""

    needs: ClassVar[Needs] = Needs(sum_insured=True, animal=("age_months",))

    base: Money
    per_month: Money

    def amount(self, animal: Animal, _loss: Loss, _sum_insured: Money | None) -> MethodAmount:
        """Base + months, before the sum insured caps it."""
        months = known(animal.age_months)
        told = step(StepKind.MONTHS, base=self.base, per_month=self.per_month, months=months)
        return amount_of(self.base.yuan + self.per_month.yuan * months, told)
