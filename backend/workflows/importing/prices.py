"""Imports of market prices 市场价 from CSV: whole or not at all, row and field named."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from backend.domain.ids import OfficerId
from backend.domain.indemnity.import_problems import PricesRefused
from backend.domain.indemnity.market import MarketPrice
from backend.domain.policy import policy_day
from backend.domain.problems import FieldError
from backend.domain.register.cells import Cell, CellUnusable, code, day, one_of, words
from backend.domain.register.problems import ImportUnreadable
from backend.domain.words import Species
from backend.store import market_prices, registers
from backend.store.engine import Transaction
from backend.texts.columns import heading_key
from backend.workflows.importing.columns import text_of
from backend.workflows.importing.delimited import read_delimited

Document = dict[str, object]

_DEAREST = 10_000
"""CNY per kg; above it somebody wrote the price of an animal."""
_PRICE = re.compile(r"[0-9]{1,5}(\.[0-9]{1,4})?")
_WEEK = re.compile(r"([0-9]{4})-?W([0-9]{2})")
_MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class PriceSheet:
    """The prices of a file, each by its row counted from 1 below the headings."""

    prices: Mapping[int, MarketPrice]


def read_prices(content: bytes) -> PriceSheet:
    """The prices of a CSV file.

    Raises:
        ImportUnreadable: It is no text table, or lacks a column.
        PricesRefused: Naming every wrong cell by its row and field.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / "prices.csv"
        path.write_bytes(content)
        table = read_delimited(path)
    if not table.properties:
        raise ImportUnreadable("it holds no rows", "Export at least one row.")
    columns = _columns(list(table.properties[0]))
    errors = [FieldError(f"/{row + 1}", why) for row, why in table.faults.items()]
    prices: dict[int, MarketPrice] = {}
    places: dict[market_prices.Key, int] = {}
    for row, cells in enumerate(table.properties, start=1):
        values: dict[str, object] = {}
        for name, read in _FIELDS.items():
            try:
                values[name] = _read(read, text_of(cells[columns[name]]))
            except CellUnusable as wrong:
                errors.append(FieldError(f"/{row}/{_HEADINGS[name][0]}", f"{wrong.why}. {wrong.next}"))
        if len(values) < len(_FIELDS):
            continue
        price = MarketPrice(**values)  # type: ignore[arg-type]  # each by the reading of its field
        errors += [FieldError(f"/{row}/{name}", why) for name, why in _odd(price)]
        first = places.setdefault((price.county, price.species, price.week), row)
        if first != row:
            errors.append(FieldError(f"/{row}/week", f"stands in row {first} too: one price a week"))
        prices[row] = price
    if errors:
        raise PricesRefused(len(table.properties), errors)
    return PriceSheet(prices)


def import_prices(
    connection: Transaction, sheet: PriceSheet, county: str, by: OfficerId, at: datetime, *, dry_run: bool
) -> Document:
    """Keep the prices, in the transaction that the caller has; say what is new and what changes.

    Raises:
        PricesRefused: Prices of another county than the officer's, or published after *at*; nothing was written.
    """
    errors = [
        FieldError(f"/{row}/county", f"{price.county} is another county than yours, {county}")
        for row, price in sheet.prices.items()
        if price.county != county
    ]
    errors += [
        FieldError(f"/{row}/published_on", f"{price.published_on} is still to come")
        for row, price in sheet.prices.items()
        if price.published_on > policy_day(at)
    ]
    if errors:
        raise PricesRefused(len(sheet.prices), errors)
    if not dry_run:
        # Locked before looking: of two files for one week each must see the other.
        registers.count_up(connection, market_prices.COUNTER)
    prices = list(sheet.prices.values())
    known = market_prices.standing(connection, [(one.county, one.species, one.week) for one in prices])
    new = [one for one in prices if (one.county, one.species, one.week) not in known]
    changed = [one for one in prices if known.get((one.county, one.species, one.week), one) != one]
    if not dry_run:
        market_prices.put(connection, new, changed, by, at)
    return {
        "dry_run": dry_run,
        "rows": len(prices),
        "new": len(new),
        "changed": len(changed),
        "same": len(prices) - len(new) - len(changed),
        "changes": [_change(known, one) for one in changed[:_MOST_LISTED]],
    }


def _change(known: Mapping[market_prices.Key, MarketPrice], price: MarketPrice) -> Document:
    before = known[price.county, price.species, price.week]
    return {
        "county": price.county,
        "species": price.species,
        "week": price.week.isoformat(),
        "before": str(before.per_kg),
        "after": str(price.per_kg),
    }


def _columns(headings: list[str]) -> dict[str, str]:
    by_key = {heading_key(heading): heading for heading in reversed(headings)}
    found: dict[str, str] = {}
    for name, others in _HEADINGS.items():
        heading = next((by_key[key] for key in map(heading_key, others) if key in by_key), None)
        if heading is None:
            told = ", ".join(others)
            raise ImportUnreadable(
                f"no column is called one of {told}; the file has {', '.join(headings)}",
                f"Add the column {others[0]}.",
            )
        found[name] = heading
    return found


def _odd(price: MarketPrice) -> list[tuple[str, str]]:
    wrong = []
    if not 0 < price.per_kg <= _DEAREST:
        wrong.append(("price_per_kg", f"{price.per_kg} is not above 0 and at most {_DEAREST} CNY per kg"))
    if price.published_on < price.week:
        wrong.append(
            ("published_on", f"{price.published_on} is before its week, which begins on {price.week}")
        )
    return wrong


def _read(read: Callable[[str], Cell], cell: str) -> object:
    if not cell:
        raise CellUnusable("is missing", "Every price needs all six columns.")
    return read(cell).value


def _price(cell: str) -> Cell:
    if not _PRICE.fullmatch(cell):
        raise CellUnusable("is not a price in CNY per kg", "Write a decimal such as 14.20.")
    return Cell(Decimal(cell))


def _week(cell: str) -> Cell:
    found = _WEEK.fullmatch(cell)
    try:
        if found:
            return Cell(date.fromisocalendar(int(found[1]), int(found[2]), 1))
        read = day(cell).value
    except (ValueError, CellUnusable):
        read = None
    if not isinstance(read, date) or read.weekday():
        raise CellUnusable("is no week", "Write it as 2026-W48, or as the day of its Monday.")
    return Cell(read)


_FIELDS: Mapping[str, Callable[[str], Cell]] = {
    "county": code(12, r"[0-9]{6,12}"),
    "species": one_of(Species),
    "week": _week,
    "per_kg": _price,
    "source": words(200),
    "published_on": day,
}
_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "county": ("county", "county_code", "区县代码", "行政区划代码"),
    "species": ("species", "畜种", "品种"),
    "week": ("week", "周", "周次", "周一"),
    "per_kg": ("price_per_kg", "price", "per_kg", "价格", "每公斤价格", "单价"),
    "source": ("source", "来源", "数据来源", "发布单位"),
    "published_on": ("published_on", "published", "发布日期"),
}
