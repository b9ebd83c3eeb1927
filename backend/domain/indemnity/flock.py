"""One event of a flock 群体事故: pays when more die than the threshold, for the whole event in one line.

A farm's event lasts at most seven days; who reports it counts the deaths of those days (domain.md §3).
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from backend.domain.indemnity.amount import (
    MethodAmount,
    Needs,
    amount_of,
    exact,
    known,
    nothing,
    plain,
    share,
)
from backend.domain.indemnity.working import Step, StepKind, step
from backend.domain.money import Money
from backend.domain.policy import Loss
from backend.domain.words import ReasonCode


@dataclass(frozen=True, slots=True)
class FlockEvent:
    """Pays only if deaths exceed ``threshold_percent`` of the stock before the event."""

    needs: ClassVar[Needs] = Needs(
        sum_insured=True, loss=("deaths", "age_percent", "normal_mortality_percent")
    )

    threshold_percent: Decimal

    def amount(self, heads: int, stock: int, loss: Loss, sum_insured: Money | None) -> MethodAmount:
        """Deaths × (1 − normal mortality) × sum insured × age share.

        Args:
            heads: The deaths that still find an insured head; the threshold looks at all of them.
            stock: Animals before the event.
            loss: With deaths, age and normal mortality in percent.
            sum_insured: Per head.
        """
        deaths = known(loss.deaths)
        mortality, age = known(loss.normal_mortality_percent), known(loss.age_percent)
        if deaths <= share(self.threshold_percent) * stock:
            least = plain(self.threshold_percent)
            why = step(StepKind.BELOW_THRESHOLD, deaths=deaths, percent=least, stock=stock)
            return nothing(why, ReasonCode.BELOW_LOSS_THRESHOLD)
        told = step(StepKind.FLOCK, mortality=plain(mortality), sum=sum_insured, age=plain(age))
        # Deaths beyond normal mortality are a quotient: they are not rounded to whole animals.
        beyond_normal = Fraction(heads) * (1 - share(mortality))
        return amount_of(beyond_normal * exact(sum_insured) * share(age), deaths_paid(heads, deaths), told)


def deaths_paid(heads: int, deaths: int) -> Step:
    """The deaths that are paid, as the working names them."""
    if heads == deaths:
        return step(StepKind.DEATHS, deaths=deaths)
    return step(StepKind.SOME_DEATHS, heads=heads, deaths=deaths)
