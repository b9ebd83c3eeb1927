"""A product 保险产品: one version of a tariff, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from backend.domain.indemnity.amount import Needs
from backend.domain.indemnity.bands import WeightBands
from backend.domain.indemnity.cull import CULL_NEEDS, FLOCK_CULL_NEEDS
from backend.domain.indemnity.fixed import FixedSum
from backend.domain.indemnity.flock import FlockEvent
from backend.domain.indemnity.months import BaseAndMonths
from backend.domain.indemnity.per_kg import PerKilogram
from backend.domain.indemnity.price_weight import PriceByWeight
from backend.domain.indemnity.sizes import BySize
from backend.domain.money import Money
from backend.domain.policy import Terms
from backend.domain.words import Category, Cause, Species

PerHead = WeightBands | FixedSum | PriceByWeight | PerKilogram | BaseAndMonths | BySize
Method = PerHead | FlockEvent


@dataclass(frozen=True, slots=True)
class Product:
    """What one version of a product pays for which animals and causes.

    In force for policies that incept from ``effective_from`` to ``effective_to``, both inclusive; no last day
    means until further notice. ``sum_insured`` is the default per head for policies that state none.
    ``observation_days`` 观察期 counts the inception day as day 1. ``subsidies`` are per head culled; the
    animal's category goes before its species.
    """

    name: str
    version: int
    effective_from: date
    effective_to: date | None
    source: str
    species: frozenset[Species]
    perils: frozenset[Cause]
    observation_days: int
    method: Method
    subsidies: Mapping[Species | Category, Money]
    sum_insured: Money | None = None

    @property
    def label(self) -> str:
        """``name@version``, as a quote and a decision name it."""
        return f"{self.name}@{self.version}"

    def in_force(self, on: date) -> bool:
        """Whether a policy that incepts *on* this day is sold under this version."""
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)

    def needs(self, cause: Cause) -> Needs:
        """The fields that the amount is computed from: culling takes the method's place."""
        if cause is not Cause.CULL:
            return self.method.needs
        return FLOCK_CULL_NEEDS if isinstance(self.method, FlockEvent) else CULL_NEEDS

    def sum_insured_under(self, terms: Terms) -> Money | None:
        """The policy's sum insured per head, else the product's default."""
        return self.sum_insured if terms.sum_insured is None else terms.sum_insured

    def subsidy(self, species: Species, category: Category | None = None) -> Money:
        """The state's subsidy for one culled head."""
        if category is not None and category in self.subsidies:
            return self.subsidies[category]
        return self.subsidies[species]
