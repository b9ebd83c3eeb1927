"""A page of claims column by column, as the formats of ``stats export`` write them."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any  # a driver gives moments as text or as they are

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sqlalchemy import Connection, Row, Select, select

from backend.insight.claim_rows import (
    MOMENTS,
    SECONDS,
    STAGES,
    TICKETS,
    VOICES,
    Page,
    as_given,
    claim_pages,
    of_page,
)
from backend.insight.claim_seconds import Ints, Passed, Stretches, epoch_us, milliseconds, passed
from backend.insight.wanted import Wanted
from backend.store import tables
from backend.store.day_pack import AFTER_PAYMENT, HOLDERS, SHARES, STANDSTILLS, SUMS, UNPAID_ENDS
from backend.store.rating_tables import tickets

_MOMENT = pa.timestamp("us", tz="UTC")
_TIMES = [SUMS.index(name) for name in (*HOLDERS, *STANDSTILLS, AFTER_PAYMENT)]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ClaimColumns:
    """As many values in every column as the page has claims; each mapping in the order of its names in ``claim_rows``.

    Attributes:
        texts: By TEXTS.
        moments: By MOMENTS, microseconds in UTC, Arrow's.
        flags: By FLAGS.
        seconds: By SECONDS; NaN for what is not there.
        counts: By VOICES and TICKETS.
        farms: The claims' farms, which are no column of the export.
    """

    texts: dict[str, list[str | None]]
    moments: dict[str, Any]
    flags: dict[str, NDArray[np.bool_]]
    seconds: dict[str, Floats]
    counts: dict[str, list[int | None]]
    farms: list[str]


def claim_columns(
    connection: Connection, wanted: Wanted, now: datetime
) -> Iterator[tuple[Page, ClaimColumns]]:
    """The wanted claims by number, page by page: memory holds one."""
    for page in claim_pages(connection, wanted):
        yield page, _columns(connection, wanted, page, now)


def _columns(connection: Connection, wanted: Wanted, page: Page, now: datetime) -> ClaimColumns:
    number, county, product, species, path, state, assisted, farm, *rest = map(list, zip(*page, strict=True))
    reported, due, paid, *said = rest
    place = {one: at for at, one in enumerate(number)}
    stretches = _stretches(connection, wanted, page, place)
    took = passed(stretches, len(page), now)
    moments = {
        name: _moments(given)
        for name, given in zip(MOMENTS, ([now] * len(page), reported, due, paid), strict=True)
    }
    is_unpaid_end = np.array([one in UNPAID_ENDS for one in state])
    lasting = [stretches.kinds[kind] if kind >= 0 else (None, None) for kind in took.lasting]
    texts = {
        "number": number,
        "county": county,
        "product": product,
        "species": species,
        "path": path,
        "state": state,
    }
    return ClaimColumns(
        texts=texts
        | {
            "open_stage": [one[0] for one in lasting],
            "held_by": [one[1] for one in lasting],
            "assisted_by": assisted,
        },
        moments=moments,
        flags={"ended_unpaid": is_unpaid_end, "asked": took.is_there[:, STAGES.index("evidence")]},
        seconds=_seconds(took, _way(moments, is_unpaid_end, now)),
        counts=dict(zip(VOICES, said, strict=True)) | _tickets(connection, wanted, page, place, now),
        farms=farm,
    )


def _way(moments: dict[str, Any], is_unpaid_end: NDArray[np.bool_], now: datetime) -> Floats:
    paid = moments["paid_at"].cast(pa.int64()).fill_null(epoch_us(now))
    way = milliseconds(_us(moments["reported_at"]), paid.to_numpy(zero_copy_only=False)) / 1000
    return np.where(is_unpaid_end, np.nan, way)


def _seconds(took: Passed, way: Floats) -> dict[str, Floats]:
    stages = np.where(took.is_there, took.by_stage_ms / 1000, np.nan)
    held = took.by_column[:, _TIMES] / (SHARES * 1000)
    return dict(zip(SECONDS, (way, *stages.T, *held.T), strict=True))


def _stretches(connection: Connection, wanted: Wanted, page: Page, place: dict[str, int]) -> Stretches:
    """The stages of a page's claims."""
    claims, stages = tables.claims, tables.claim_stages
    borders = map(as_given, (stages.c.entered_at, stages.c.started_at, stages.c.ended_at))
    statement = (
        # By number, and without the claim's id: to make and compare a million UUIDs takes longer than to read them.
        select(claims.c.number, stages.c.name, stages.c.held_by, stages.c.standstill, *borders)
        .join(stages, claims.c.id == stages.c.claim_id)
        .order_by(claims.c.number, stages.c.place)
    )
    rows = connection.execute(of_page(statement, wanted, page)).all()
    number, name, held_by, standstill, *given = zip(*rows, strict=True) if rows else ((),) * 7
    kinds: defaultdict[Any, int] = defaultdict()
    kinds.default_factory = kinds.__len__
    entered, started, ended = map(_moments, given)
    return Stretches(
        claim=np.array([place[one] for one in number], np.int64),
        kind=np.array([kinds[one] for one in zip(name, held_by, standstill, strict=True)], np.int64),
        kinds=list(kinds),
        entered_us=_us(entered),
        started_us=_us(started),
        ended_us=_us(ended.fill_null(0)),
        is_over=ended.is_valid().to_numpy(zero_copy_only=False),
    )


def _tickets(
    connection: Connection, wanted: Wanted, page: Page, place: dict[str, int], now: datetime
) -> dict[str, list[int | None]]:
    claims = tables.claims
    statement: Select[Any] = select(claims.c.number, tickets.c.due_at, tickets.c.closed_at).join(
        claims, claims.c.id == tickets.c.claim_id
    )
    served = np.zeros((len(TICKETS), len(page)), np.int64)
    for row in connection.execute(of_page(statement, wanted, page)):
        served[_how_served(row, now), place[row.number]] += 1
    return {name: list(counted.tolist()) for name, counted in zip(TICKETS, served, strict=True)}


def _how_served(row: Row[Any], now: datetime) -> int:
    """The place in TICKETS of how a ticket ended."""
    if row.due_at is not None and (row.closed_at or now) > row.due_at:
        return TICKETS.index("tickets_late")
    return TICKETS.index("tickets_waiting" if row.closed_at is None else "tickets_in_time")


def _moments(given: Any) -> Any:
    """Arrow's moments of what a driver gave; SQLite gives text, fixed-width RFC 3339 in UTC."""
    first = next((one for one in given if one is not None), None)
    return pa.array(given, pa.string() if isinstance(first, str) else _MOMENT).cast(_MOMENT)


def _us(moments: Any) -> Ints:
    us: Ints = moments.cast(pa.int64()).to_numpy(zero_copy_only=False)
    return us
