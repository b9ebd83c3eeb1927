"""A product as the document that its file would hold: what ``product show --json`` prints, and the schema describes."""

from typing import assert_never

from backend.domain.indemnity.amount import plain
from backend.domain.indemnity.bands import Band, WeightBands
from backend.domain.indemnity.fixed import FixedSum
from backend.domain.indemnity.flock import FlockEvent
from backend.domain.indemnity.months import BaseAndMonths
from backend.domain.indemnity.per_kg import PerKilogram
from backend.domain.indemnity.price_weight import PriceByWeight
from backend.domain.indemnity.product import Method, Product
from backend.domain.indemnity.sizes import BySize

Document = dict[str, object]


def document_of(product: Product) -> Document:
    """The product's document; ``read_tariff`` makes the same product of it."""
    optional = {
        "effective_to": product.effective_to and product.effective_to.isoformat(),
        "sum_insured": product.sum_insured and str(product.sum_insured),
    }
    return {
        "name": product.name,
        "version": product.version,
        "effective_from": product.effective_from.isoformat(),
        **{name: value for name, value in optional.items() if value},
        "source": product.source,
        "species": sorted(product.species),
        "perils": sorted(product.perils),
        "observation_days": product.observation_days,
        "method": _method(product.method),
        "subsidies": {str(kind): str(amount) for kind, amount in product.subsidies.items()},
    }


def _method(method: Method) -> Document:
    match method:
        case WeightBands(inclusive, bands):
            return {
                "kind": "weight-bands",
                "inclusive": str(inclusive),
                "bands": [_band(one) for one in bands],
            }
        case FixedSum():
            return {"kind": "fixed"}
        case PriceByWeight(percent):
            return {"kind": "price-by-weight", "percent": plain(percent)}
        case PerKilogram(rate, most_kg):
            return {"kind": "per-kilogram", "rate": str(rate), "most_kg": plain(most_kg)}
        case BaseAndMonths(base, per_month):
            return {"kind": "base-and-months", "base": str(base), "per_month": str(per_month)}
        case BySize(sums):
            return {"kind": "by-size", "sums": {str(size): str(amount) for size, amount in sums.items()}}
        case FlockEvent(threshold):
            return {"kind": "flock-event", "threshold_percent": plain(threshold)}
        case _:
            assert_never(method)


def _band(band: Band) -> Document:
    upper = {} if band.to_kg is None else {"to_kg": plain(band.to_kg)}
    return {"from_kg": plain(band.from_kg), **upper, "percent": plain(band.percent)}
