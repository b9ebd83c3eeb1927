"""Claims one by one, as ``stats export`` writes them: each with its seconds by stage and by holder."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any  # a row's columns are what its statement selects

from sqlalchemy import Connection, Row, Select, select

from backend.domain.policy import SHANGHAI
from backend.domain.ratings.words import RatedStage
from backend.domain.stages import Stage
from backend.insight.wanted import Wanted
from backend.store import tables
from backend.store.day_pack import (
    AFTER_PAYMENT,
    HOLDERS,
    OBSERVED,
    SHARES,
    STANDSTILLS,
    SUMS,
    UNPAID_ENDS,
    WHOLE_WAY,
    columns_of,
    epoch_ms,
    milliseconds,
    observations,
)
from backend.store.packing import stretch
from backend.store.rating_tables import claim_voices, tickets

_PAGE = 1000
_STAGES = tuple(name for name in OBSERVED if name != WHOLE_WAY)
_TIMES = (*HOLDERS, *STANDSTILLS, AFTER_PAYMENT)

TEXTS = ("number", "county", "product", "species", "path", "state", "open_stage", "held_by", "assisted_by")
MOMENTS = ("as_of", "reported_at", "due_at", "paid_at")
FLAGS = ("ended_unpaid", "asked")
SECONDS = (
    WHOLE_WAY,
    *(f"stage.{name}" for name in _STAGES),
    *(f"held.{name}" for name in HOLDERS),
    *(f"paused.{name}" for name in STANDSTILLS),
    f"held.{AFTER_PAYMENT}",
)
"""``report_to_paid`` lasts until the money, or until ``as_of`` for an open claim; stages likewise, all passes."""
_SCORES = tuple(f"rating.{stage.value}" for stage in RatedStage)
VOICES = (*_SCORES, "recommend")
"""What the farmer said: 1 to 5 a stage, 0 to 10 of the recommendation; empty where nothing was said."""
TICKETS = ("tickets_in_time", "tickets_late", "tickets_waiting")
"""Service tickets by how they ended: closed by the time they were due; closed later or overdue; open and in time."""
COLUMNS = (*TEXTS, *MOMENTS, *FLAGS, *SECONDS, *VOICES, *TICKETS)


def claim_rows(connection: Connection, wanted: Wanted, now: datetime) -> Iterator[dict[str, Any]]:
    """A row a claim by number, in bounded memory."""
    after = ""
    while True:
        page = connection.execute(_page(wanted, after)).all()
        if not page:
            return
        held = _stretches(connection, page[0].number, page[-1].number)
        answered = _answered(connection, page[0].number, page[-1].number)
        for row in page:
            stages, served = held.get(row.number, ()), answered.get(row.number, ())
            yield _row(row, stages, now) | _voices(row) | _tickets(served, now)
        after = page[-1].number


def narrowed(statement: Select[Any], wanted: Wanted) -> Select[Any]:
    """Claims that a filter wants, of a statement that selects from them."""
    claims = tables.claims
    if (counties := wanted.counties) is not None:
        statement = statement.where(claims.c.county.in_(sorted(counties)))
    if wanted.product and "@" in wanted.product:
        statement = statement.where(claims.c.product == wanted.product)
    elif wanted.product:
        statement = statement.where(claims.c.product.startswith(f"{wanted.product}@", autoescape=True))
    if wanted.species:
        statement = statement.where(claims.c.species == wanted.species)
    if wanted.first:
        begin = datetime.combine(wanted.first, time(), SHANGHAI)
        statement = statement.where(claims.c.reported_at >= begin)
    if wanted.last:
        end = datetime.combine(wanted.last, time(), SHANGHAI) + timedelta(days=1)
        statement = statement.where(claims.c.reported_at < end)
    return statement


def _page(wanted: Wanted, after: str) -> Select[Any]:
    claims, voices = tables.claims, claim_voices
    said = tuple(voices.c[stage.value] for stage in RatedStage)
    statement = select(
        *(claims.c.number, claims.c.county, claims.c.product, claims.c.species, claims.c.path),
        *(claims.c.state, claims.c.reported_at, claims.c.due_at, claims.c.paid_at, claims.c.assisted_by),
        *(*said, voices.c.recommend),
    ).outerjoin(voices, voices.c.claim_id == claims.c.id)
    return narrowed(statement, wanted).where(claims.c.number > after).order_by(claims.c.number).limit(_PAGE)


def _stretches(connection: Connection, first: str, last: str) -> dict[str, list[Stage]]:
    """The stages of these claims by number."""
    claims, stages = tables.claims, tables.claim_stages
    statement = (
        # By number, and without the claim's id: to make and compare a million UUIDs takes longer than to read them.
        select(claims.c.number, *(column for column in stages.c if column is not stages.c.claim_id))
        .join(claims, claims.c.id == stages.c.claim_id)
        .where(claims.c.number >= first, claims.c.number <= last)
        .order_by(claims.c.number, stages.c.place)
    )
    rows = connection.execute(statement)
    return {number: [stretch(row) for row in group] for number, group in groupby(rows, itemgetter(0))}


def _answered(connection: Connection, first: str, last: str) -> dict[str, list[Row[Any]]]:
    claims = tables.claims
    statement: Select[Any] = (
        select(claims.c.number, tickets.c.due_at, tickets.c.closed_at)
        .join(claims, claims.c.id == tickets.c.claim_id)
        .where(claims.c.number >= first, claims.c.number <= last)
    )
    found: dict[str, list[Row[Any]]] = {}
    for row in connection.execute(statement):
        found.setdefault(row.number, []).append(row)
    return found


def _voices(row: Row[Any]) -> dict[str, int | None]:
    scores = {name: getattr(row, name.removeprefix("rating.")) for name in _SCORES}
    return scores | {"recommend": row.recommend}


def _tickets(rows: Sequence[Row[Any]], now: datetime) -> dict[str, int]:
    late = sum(one.due_at is not None and (one.closed_at or now) > one.due_at for one in rows)
    closed_late = sum(bool(one.closed_at and one.due_at and one.closed_at > one.due_at) for one in rows)
    in_time = sum(one.closed_at is not None for one in rows) - closed_late
    return dict(zip(TICKETS, (in_time, late, len(rows) - in_time - late), strict=True))


def _row(row: Row[Any], stages: Sequence[Stage], now: datetime) -> dict[str, Any]:
    lasting = stages[-1] if stages and stages[-1].ended_at is None else None
    is_unpaid_end = row.state in UNPAID_ENDS
    way = None if is_unpaid_end else milliseconds(row.reported_at, row.paid_at or now)
    return {
        "number": row.number,
        "county": row.county,
        "product": row.product,
        "species": row.species,
        "path": row.path,
        "state": row.state,
        "open_stage": lasting.name if lasting else None,
        "held_by": lasting.held_by if lasting else None,
        "assisted_by": row.assisted_by,
        "as_of": now,
        "reported_at": row.reported_at,
        "due_at": row.due_at,
        "paid_at": row.paid_at,
        "ended_unpaid": is_unpaid_end,
        "asked": any(one.name == "evidence" for one in stages),
        WHOLE_WAY: None if way is None else way / 1000,
    } | _seconds(stages, now)


def _seconds(stages: Sequence[Stage], now: datetime) -> dict[str, float | None]:
    passed: dict[str, int] = {}
    for name, took, since in observations(stages):
        passed[name] = passed.get(name, 0) + (took if since is None else max(0, epoch_ms(now) - since))
    held = [0] * len(SUMS)
    for one in stages:
        columns = columns_of(one)
        for column in columns:
            held[column] += milliseconds(one.started_at, one.ended_at or now) * SHARES // len(columns)
    kinds = (*("held" for _ in HOLDERS), *("paused" for _ in STANDSTILLS), "held")
    return {f"stage.{name}": passed[name] / 1000 if name in passed else None for name in _STAGES} | {
        f"{kind}.{name}": held[SUMS.index(name)] / (SHARES * 1000)
        for kind, name in zip(kinds, _TIMES, strict=True)
    }
