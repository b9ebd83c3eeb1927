"""A fixed sum 定额: every animal is worth its sum insured."""

from dataclasses import dataclass
from typing import ClassVar

from backend.domain.indemnity.amount import MethodAmount, Needs, exact
from backend.domain.money import Money
from backend.domain.policy import Animal, Loss


@dataclass(frozen=True, slots=True)
class FixedSum:
    """Pays the sum insured per head, whatever the animal weighed."""

    needs: ClassVar[Needs] = Needs(sum_insured=True)

    def amount(self, _animal: Animal, _loss: Loss, sum_insured: Money | None) -> MethodAmount:
        """The sum insured."""
        return MethodAmount(exact(sum_insured), f"sum insured {sum_insured}")
