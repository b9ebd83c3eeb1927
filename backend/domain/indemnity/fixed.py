"""A fixed sum 定额: every animal is worth its sum insured."""

from dataclasses import dataclass
from typing import ClassVar

from backend.domain.indemnity.amount import MethodAmount, Needs, amount_of, exact
from backend.domain.indemnity.working import StepKind, step
from backend.domain.money import Money
from backend.domain.policy import Animal, Loss


@dataclass(frozen=True, slots=True)
class FixedSum:
    """Pays the sum insured per head, whatever the animal weighed."""

    needs: ClassVar[Needs] = Needs(sum_insured=True)

    def amount(self, _animal: Animal, _loss: Loss, sum_insured: Money | None) -> MethodAmount:
        """The sum insured."""
        return amount_of(exact(sum_insured), step(StepKind.SUM_INSURED, sum=sum_insured))
