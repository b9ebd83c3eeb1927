"""Which claims figures are asked of, and by what they are told apart."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from backend.store.day_pack import Cell
from backend.store.packing import CountyDay, Span


class By(StrEnum):
    """What claims are told apart by."""

    COUNTY = "county"
    PRODUCT = "product"
    SPECIES = "species"
    PATH = "path"
    WEEK = "week"
    """ISO week of the report in Asia/Shanghai."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A filter; None leaves nothing out. Days are those of the report in Asia/Shanghai, inclusive.

    ``product`` with a version is that version, without one all of them. ``within`` are the counties that the reader
    sees; None: all.
    """

    county: str | None = None
    product: str | None = None
    species: str | None = None
    first: date | None = None
    last: date | None = None
    by: By | None = None
    within: frozenset[str] | None = None

    @property
    def counties(self) -> frozenset[str] | None:
        """The counties that are wanted of those that are seen; None: all there are."""
        if self.county is None:
            return self.within
        named = frozenset({self.county})
        return named if self.within is None else named & self.within

    @property
    def span(self) -> Span:
        """The days and counties that have to be read for it."""
        return Span(self.counties, self.first, self.last)

    def holds(self, cell: Cell) -> bool:
        """Whether claims of this kind are wanted."""
        product, species, _ = cell
        is_product = self.product is None or self.product in {product, product.split("@")[0]}
        return is_product and (self.species is None or self.species == species)

    def group_of(self, place: CountyDay, cell: Cell) -> str:
        """The group that a claim of this kind is in; empty where they are not told apart."""
        product, species, path = cell
        match self.by:
            case None:
                return ""
            case By.COUNTY:
                return place.county
            case By.PRODUCT:
                return product
            case By.SPECIES:
                return species
            case By.PATH:
                return path or "untriaged"
            case By.WEEK:
                return _week(place.day)

    def as_json(self) -> dict[str, object]:
        """As it was asked, for whoever reads the figures."""
        return {
            "county": self.county,
            "product": self.product,
            "species": self.species,
            "from": self.first.isoformat() if self.first else None,
            "to": self.last.isoformat() if self.last else None,
            "by": self.by,
        }


@lru_cache(maxsize=5_000)
def _week(day: date) -> str:
    """The ISO week of a day; asked for each kind of claim of each county, a few hundred different ones in all."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"
