"""Reads the ``[method]`` table of a tariff: ``kind`` says which method, the other keys are its figures."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from backend.domain.indemnity.amount import known, plain
from backend.domain.indemnity.bands import Band, Inclusive, WeightBands
from backend.domain.indemnity.fixed import FixedSum
from backend.domain.indemnity.flock import FlockEvent
from backend.domain.indemnity.months import BaseAndMonths
from backend.domain.indemnity.per_kg import PerKilogram
from backend.domain.indemnity.price_weight import PriceByWeight
from backend.domain.indemnity.product import Method
from backend.domain.indemnity.reading import Fields
from backend.domain.indemnity.sizes import BySize
from backend.domain.indemnity.values import above_zero, money, percentage, text, word
from backend.domain.words import Category


def read_method(table: Fields) -> Method | None:
    """Return the method, or None with errors kept in *table*."""
    kind = table.read("kind", text)
    if kind is None:
        return None
    if kind not in KINDS:
        table.wrong("kind", f"must be one of {', '.join(KINDS)}")
        return None
    method = KINDS[kind](table)
    table.close()
    return method


def _weight_bands(table: Fields) -> WeightBands | None:
    inclusive = table.read("inclusive", word(Inclusive))
    rows = table.items("bands")
    bands = [_band(row) for row in rows]
    if not rows:
        table.wrong("bands", "must hold at least one band")
    _refuse_gaps(rows, bands)
    if inclusive is None or table.errors:
        return None
    return WeightBands(inclusive, tuple(known(band) for band in bands))


def _band(row: Fields) -> Band | None:
    """The band, its share 0 where that cannot be read; None where its edges cannot."""
    from_kg = row.read("from_kg", above_zero)
    to_kg = row.read("to_kg", above_zero, required=False)
    share = row.read("percent", percentage)
    row.close()
    if to_kg is not None and from_kg is not None and to_kg <= from_kg:
        row.wrong("to_kg", f"must be above from_kg {plain(from_kg)}")
    is_lost = from_kg is None or (to_kg is None and row.at("to_kg") in row.given)
    return None if is_lost else Band(known(from_kg), to_kg, share or Decimal(0))


def _refuse_gaps(rows: Sequence[Fields], bands: Sequence[Band | None]) -> None:
    for row, band, following in zip(rows[1:], bands, bands[1:], strict=False):
        if band is None or following is None:
            continue
        if band.to_kg is None or following.from_kg < band.to_kg:
            row.wrong("from_kg", f"{plain(following.from_kg)} overlaps the band before it")
        elif following.from_kg > band.to_kg:
            row.wrong("from_kg", f"leaves a gap: the band before it ends at {plain(band.to_kg)}")
    last = bands[-1] if bands else None
    if last is not None and last.to_kg is not None:
        rows[-1].wrong("to_kg", "the last band must be open above: leave to_kg out")


def _fixed(_table: Fields) -> FixedSum:
    return FixedSum()


def _price_by_weight(table: Fields) -> PriceByWeight | None:
    share = table.read("percent", percentage)
    return None if share is None else PriceByWeight(share)


def _per_kilogram(table: Fields) -> PerKilogram | None:
    rate, most_kg = table.read("rate", money), table.read("most_kg", above_zero)
    return None if rate is None or most_kg is None else PerKilogram(rate, most_kg)


def _base_and_months(table: Fields) -> BaseAndMonths | None:
    base, per_month = table.read("base", money), table.read("per_month", money)
    return None if base is None or per_month is None else BaseAndMonths(base, per_month)


def _by_size(table: Fields) -> BySize | None:
    sums = table.inside("sums")
    sizes = {
        size: amount for size in Category if (amount := sums.read(size, money, required=False)) is not None
    }
    sums.close()
    if not sizes:
        table.wrong("sums", "must hold a sum for at least one category")
    return BySize(sizes)


def _flock_event(table: Fields) -> FlockEvent | None:
    threshold = table.read("threshold_percent", percentage)
    return None if threshold is None else FlockEvent(threshold)


KINDS: dict[str, Callable[[Fields], Method | None]] = {
    "weight-bands": _weight_bands,
    "fixed": _fixed,
    "price-by-weight": _price_by_weight,
    "per-kilogram": _per_kilogram,
    "base-and-months": _base_and_months,
    "by-size": _by_size,
    "flock-event": _flock_event,
}
