"""A product in words, fact by fact, and what differs between two."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from backend.domain.indemnity.amount import plain
from backend.domain.indemnity.bands import Band, Inclusive, WeightBands
from backend.domain.indemnity.fixed import FixedSum
from backend.domain.indemnity.flock import FlockEvent
from backend.domain.indemnity.months import BaseAndMonths
from backend.domain.indemnity.per_kg import PerKilogram
from backend.domain.indemnity.price_weight import PriceByWeight
from backend.domain.indemnity.product import Method, Product
from backend.domain.indemnity.sizes import BySize


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact that two products do not share; None where one of them has no such fact."""

    what: str
    before: str | None
    after: str | None

    @property
    def words(self) -> str:
        """As a person reads it."""
        if self.before is None:
            return f"{self.what}: new, {self.after}"
        if self.after is None:
            return f"{self.what}: gone, was {self.before}"
        return f"{self.what}: {self.before} → {self.after}"


def facts_of(product: Product) -> dict[str, str]:
    """What the product says, each fact by its name, in the order in which people ask."""
    until = f"to {product.effective_to}" if product.effective_to else "until further notice"
    return {
        "in force": f"from {product.effective_from} {until}",
        "insures": ", ".join(sorted(product.species)),
        "causes": ", ".join(sorted(product.perils)),
        "observation period": f"{product.observation_days} days",
        "sum insured": f"{product.sum_insured} a head by default" if product.sum_insured else "the policy's",
        **dict(_method(product.method)),
        **{f"culled, {kind}": f"sum insured − {amount}" for kind, amount in product.subsidies.items()},
        "source": product.source,
    }


def differences(product: Product, other: Product) -> list[Difference]:
    """What stands in one product and not, or otherwise, in the *other*."""
    before, after = facts_of(product), facts_of(other)
    return [
        Difference(what, before.get(what), after.get(what))
        for what in dict.fromkeys((*before, *after))
        if before.get(what) != after.get(what)
    ]


def _method(method: Method) -> Iterator[tuple[str, str]]:
    match method:
        case WeightBands(inclusive, bands):
            edge = "heavier" if inclusive is Inclusive.LOWER else "lighter"
            yield "pays", f"a share of the sum insured by weight; on an edge the {edge} band counts"
            for band in bands:
                yield f"band {_edges(band)}", f"{plain(band.percent)} %"
        case FixedSum():
            yield "pays", "the sum insured"
        case PriceByWeight(percent):
            yield "pays", f"{plain(percent)} % of the market price per kg × weight, at most the sum insured"
        case PerKilogram(rate, most_kg):
            yield "pays", f"{rate} per kg, at most {plain(most_kg)} kg counted"
        case BaseAndMonths(base, per_month):
            yield "pays", f"{base} + {per_month} × months of age, at most the sum insured"
        case BySize(sums):
            yield "pays", "a sum by size"
            for size, amount in sums.items():
                yield f"size {size}", str(amount)
        case FlockEvent(threshold):
            told = "deaths × (1 − normal mortality) × sum insured × share at this age"
            yield "pays", f"if more than {plain(threshold)} % of the stock die: {told}"
        case _:
            assert_never(method)


def _edges(band: Band) -> str:
    if band.to_kg is None:
        return f"from {plain(band.from_kg)} kg"
    return f"{plain(band.from_kg)} to {plain(band.to_kg)} kg"
