"""Size bands 体型档: a picture that the farmer picked, and the weights that an animal of that size may have."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class SizeBand:
    """The picture that was picked, as it stood then: from ``from_kg`` to below ``to_kg``, None for no upper end.

    Kept with the animal, so that a later set of pictures changes nothing about an earlier report.
    """

    code: str
    from_kg: Decimal
    to_kg: Decimal | None

    def straddles(self, edge_kg: Decimal) -> bool:
        """Whether animals of this picture stand on both sides of a weight."""
        return self.from_kg < edge_kg and (self.to_kg is None or edge_kg < self.to_kg)
