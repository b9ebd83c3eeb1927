"""Weight bands 尸重档: a share of the sum insured that grows with the animal's weight."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
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
from backend.domain.policy import Animal, Loss
from backend.domain.words import ReasonCode


class Inclusive(StrEnum):
    """Which edge of a band belongs to it: ``lower`` is [20, 30), ``upper`` is (20, 30]."""

    LOWER = "lower"
    UPPER = "upper"


@dataclass(frozen=True, slots=True)
class Band:
    """From one weight to another, in kg; no upper edge means any heavier animal."""

    from_kg: Decimal
    to_kg: Decimal | None
    percent: Decimal

    def holds(self, kg: Decimal, inclusive: Inclusive) -> bool:
        """Whether an animal of *kg* falls in this band."""
        if inclusive is Inclusive.LOWER:
            return self.from_kg <= kg and (self.to_kg is None or kg < self.to_kg)
        return self.from_kg < kg and (self.to_kg is None or kg <= self.to_kg)

    def step(self, inclusive: Inclusive, sum_insured: Money | None) -> Step:
        """The band's share as the working tells it."""
        figures = {"least": plain(self.from_kg), "percent": plain(self.percent), "sum": sum_insured}
        if self.to_kg is None:
            return step(
                StepKind.BAND_FROM if inclusive is Inclusive.LOWER else StepKind.BAND_ABOVE, **figures
            )
        kind = StepKind.BAND_FROM_TO if inclusive is Inclusive.LOWER else StepKind.BAND_ABOVE_TO
        return step(kind, most=plain(self.to_kg), **figures)


@dataclass(frozen=True, slots=True)
class WeightBands:
    """Bands without gap or overlap, lightest first; only the last is open above."""

    needs: ClassVar[Needs] = Needs(sum_insured=True, animal=("weight_kg",))

    inclusive: Inclusive
    bands: tuple[Band, ...]

    def amount(self, animal: Animal, _loss: Loss, sum_insured: Money | None) -> MethodAmount:
        """The band's share of the sum insured; an animal below the lightest band gets nothing."""
        kg = known(animal.weight_kg)
        for band in self.bands:
            if band.holds(kg, self.inclusive):
                told = band.step(self.inclusive, sum_insured)
                return amount_of(exact(sum_insured) * share(band.percent), told)
        kind = StepKind.BELOW_BANDS if self.inclusive is Inclusive.LOWER else StepKind.NOT_ABOVE_BANDS
        why = step(kind, kg=plain(kg), least=plain(self.bands[0].from_kg))
        return nothing(why, ReasonCode.BELOW_MIN_WEIGHT)
