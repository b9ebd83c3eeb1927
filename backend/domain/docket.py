"""The weighed total of a handover receipt 移交单 against a claim's weights (domain.md §1, pay gate)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from backend.domain.policy import Animal
from backend.domain.replacing import replace
from backend.domain.words import WeightSource

TOLERANCE_PERCENT = 10
"""How far the weighed total may lie from the claim's, inclusive (domain.md §1)."""

_STEP_KG = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class ClaimedWeight:
    """A claim's total in kg, and what it may be where sizes were picked from pictures; ``most_kg`` None: no end."""

    kg: Decimal
    least_kg: Decimal
    most_kg: Decimal | None

    def fits(self, weighed_kg: Decimal) -> bool:
        """Whether a weighed total is what was claimed.

        Within 10 % of the total; and where animals were declared by picture, anywhere within the pictures' range: who
        picked the right picture has declared nothing else.
        """
        if abs(weighed_kg - self.kg) * 100 <= self.kg * TOLERANCE_PERCENT:
            return True
        is_declared_so = self.least_kg < self.kg or self.most_kg != self.kg
        return is_declared_so and self.least_kg <= weighed_kg and self._is_below_most(weighed_kg)

    def _is_below_most(self, weighed_kg: Decimal) -> bool:
        return self.most_kg is None or weighed_kg <= self.most_kg


def claimed_weight(animals: Sequence[Animal], heads: int) -> ClaimedWeight | None:
    """The total of *heads* animals, None while any weight is unknown."""
    weights = [animal.weight_kg for animal in animals if animal.weight_kg is not None]
    if len(weights) < heads or len(animals) != heads:
        return None
    least = most = Decimal(0)
    has_end = True
    for animal, kg in zip(animals, weights, strict=True):
        band = animal.size_band
        least += kg if band is None else min(band.from_kg, kg)
        if band is not None and band.to_kg is None:
            has_end = False
        most += kg if band is None else max(band.to_kg or kg, kg)
    return ClaimedWeight(sum(weights, Decimal(0)), least, most if has_end else None)


def shared_out(animals: Sequence[Animal], total_kg: Decimal) -> tuple[Animal, ...]:
    """The animals with the receipt's total shared out among them, to 0.01 kg, adding up to it exactly.

    In proportion to the weights that stand; an animal of unknown weight counts as the mean of the known ones, all
    alike where none is known. A receipt weighs the load, not each head: this is the fairest reading of it.
    """
    known = [animal.weight_kg for animal in animals if animal.weight_kg is not None]
    mean = Fraction(sum(known, Decimal(0))) / len(known) if known else Fraction(1)
    parts = [mean if animal.weight_kg is None else Fraction(animal.weight_kg) for animal in animals]
    whole, so_far, given = sum(parts, Fraction(0)), Fraction(0), Decimal(0)
    weighed = []
    for place, (animal, part) in enumerate(zip(animals, parts, strict=True), start=1):
        so_far += part
        # Rounded as running totals: what is lost on one animal is found on the next, never piled on the last.
        up_to = total_kg if place == len(animals) else _rounded(Fraction(total_kg) * so_far / whole)
        weight = up_to - given
        weighed.append(replace(animal, weight_kg=weight, weight_source=WeightSource.DOCKET, size_band=None))
        given = up_to
    return tuple(weighed)


def _rounded(exact: Fraction) -> Decimal:
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(_STEP_KG, ROUND_HALF_UP)
