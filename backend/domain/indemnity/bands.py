"""Weight bands 尸重档: a share of the sum insured that grows with the animal's weight."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from backend.domain.indemnity.amount import MethodAmount, Needs, exact, known, nothing, percent, plain, share
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

    def words(self, inclusive: Inclusive) -> str:
        """The band as the working names it, such as ``≥ 60 and < 90 kg``."""
        above, below = ("≥", "<") if inclusive is Inclusive.LOWER else (">", "≤")
        upper = "" if self.to_kg is None else f" and {below} {plain(self.to_kg)}"
        return f"{above} {plain(self.from_kg)}{upper} kg"


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
                words = f"{band.words(self.inclusive)}: {percent(band.percent)} of {sum_insured}"
                return MethodAmount(exact(sum_insured) * share(band.percent), words)
        edge = "below" if self.inclusive is Inclusive.LOWER else "not above"
        least = plain(self.bands[0].from_kg)
        return nothing(f"{plain(kg)} kg is {edge} {least} kg", ReasonCode.BELOW_MIN_WEIGHT)
