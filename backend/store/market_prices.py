"""Market prices 市场价 by county, species and week."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any  # a row's columns are what its statement selects

from sqlalchemy import Connection, Row, bindparam, insert, select, tuple_, update

from backend.domain.ids import OfficerId
from backend.domain.indemnity.market import MarketPrice
from backend.domain.words import Species
from backend.store import tables

COUNTER = "market-prices"
"""The name under which imports of prices are counted."""

Key = tuple[str, Species, date]

_PRICES = tables.market_prices.c
_KEYS_AT_ONCE = 300


def find(connection: Connection, county: str, species: Species, week: date) -> MarketPrice | None:
    """The price of a county's species in the week that begins on this Monday; None where nobody imported it."""
    row = connection.execute(
        select(tables.market_prices).where(
            _PRICES.county == county, _PRICES.species == species, _PRICES.week == week
        )
    ).one_or_none()
    return None if row is None else _price(row)


def standing(connection: Connection, keys: Sequence[Key]) -> dict[Key, MarketPrice]:
    """The prices that are known for these counties, species and weeks."""
    found: dict[Key, MarketPrice] = {}
    for start in range(0, len(keys), _KEYS_AT_ONCE):
        some = keys[start : start + _KEYS_AT_ONCE]
        rows = connection.execute(
            select(tables.market_prices).where(
                tuple_(_PRICES.county, _PRICES.species, _PRICES.week).in_(some)
            )
        )
        found |= {(price.county, price.species, price.week): price for price in map(_price, rows)}
    return found


def listed(
    connection: Connection, county: str | None, species: Species | None, limit: int
) -> Sequence[MarketPrice]:
    """Prices, newest week first."""
    wanted = select(tables.market_prices).order_by(_PRICES.week.desc(), _PRICES.county, _PRICES.species)
    if county is not None:
        wanted = wanted.where(_PRICES.county == county)
    if species is not None:
        wanted = wanted.where(_PRICES.species == species)
    return [_price(row) for row in connection.execute(wanted.limit(limit))]


def put(
    connection: Connection,
    new: Sequence[MarketPrice],
    changed: Sequence[MarketPrice],
    by: OfficerId,
    at: datetime,
) -> None:
    """Keep new prices, and give known weeks another one."""
    if new:
        connection.execute(insert(tables.market_prices), [_row(price) | _by(by, at) for price in new])
    if changed:
        step = (
            update(tables.market_prices)
            .where(
                _PRICES.county == bindparam("the_county"),
                _PRICES.species == bindparam("the_species"),
                _PRICES.week == bindparam("the_week"),
            )
            .values({name: bindparam(f"new_{name}") for name in (*_CHANGING, *_by(by, at))})
        )
        connection.execute(step, [_step(price) | _new(_by(by, at)) for price in changed])


_CHANGING = ("price_per_kg", "source", "published_on")


def _by(officer: OfficerId, at: datetime) -> dict[str, object]:
    return {"officer_id": officer, "imported_at": at}


def _step(price: MarketPrice) -> dict[str, object]:
    row = _row(price)
    key = {f"the_{name}": row[name] for name in ("county", "species", "week")}
    return key | _new({name: row[name] for name in _CHANGING})


def _new(values: dict[str, object]) -> dict[str, object]:
    return {f"new_{name}": value for name, value in values.items()}


def _row(price: MarketPrice) -> dict[str, object]:
    return {
        "county": price.county,
        "species": price.species,
        "week": price.week,
        "price_per_kg": f"{price.per_kg:f}",
        "source": price.source,
        "published_on": price.published_on,
    }


def _price(row: Row[Any]) -> MarketPrice:
    return MarketPrice(
        county=row.county,
        species=Species(row.species),
        week=row.week,
        per_kg=Decimal(row.price_per_kg),
        source=row.source,
        published_on=row.published_on,
    )
