"""Packs of days and counties: what changed since they were made, and how they are made again.

A reading takes a day that nothing changed in from its pack and every other from its rows, so that figures are never
older than the database, whether anybody packs or not.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any  # a row's columns are what its statement selects
from uuid import UUID

from sqlalchemy import Connection, Select, String, bindparam, delete, insert, select, type_coerce

from backend.domain.claim import Claim
from backend.domain.policy import SHANGHAI, policy_day
from backend.domain.stages import Stage, Standstill
from backend.store import tables
from backend.store.day_pack import Counted, DayPack, decode, encode, pack
from backend.store.fresh_packs import Notes, fresh_packs
from backend.store.pack_tables import day_packs, unpacked_claims

BATCH = 500
_NOTE = insert(unpacked_claims)
_TAKE_AWAY = delete(unpacked_claims).where(
    unpacked_claims.c.claim_id == bindparam("claim"), unpacked_claims.c.version == bindparam("seen")
)


@dataclass(frozen=True, slots=True, order=True)
class CountyDay:
    """Claims that were reported on one day (Asia/Shanghai) from farms of one county."""

    day: date
    county: str


class PackedMeanwhile(Exception):
    """Another process has packed the same day and county."""


@dataclass(frozen=True, slots=True)
class Made:
    """A pack as the rows say, and the changes that are in it."""

    place: CountyDay
    content: bytes
    seen: tuple[tuple[UUID, int], ...]


@dataclass(frozen=True, slots=True)
class Span:
    """Which days and counties are read; ``counties`` None: all that are seen. Days are inclusive, None: without end."""

    counties: frozenset[str] | None = None
    first: date | None = None
    last: date | None = None

    def narrow(self, statement: Select[Any], table: Any) -> Select[Any]:
        """The statement over this span of a table that has day and county."""
        if self.counties is not None:
            statement = statement.where(table.c.county.in_(sorted(self.counties)))
        if self.first:
            statement = statement.where(table.c.day >= self.first)
        if self.last:
            statement = statement.where(table.c.day <= self.last)
        return statement


def note(connection: Connection, claim: Claim) -> None:
    """Remember that what is packed of this claim's day is no longer all."""
    row = {
        "claim_id": claim.report.claim_id,
        "version": claim.version,
        "day": policy_day(claim.reported_at),
        "county": claim.report.policy.county,
    }
    connection.execute(_NOTE, row)


def packs(connection: Connection, span: Span) -> Iterator[tuple[CountyDay, DayPack]]:
    """Every day and county of the span as it stands now; *connection* reads a snapshot."""
    changed, fresh = _noted(connection, span), fresh_packs(connection)
    listed = span.narrow(select(day_packs), day_packs)
    for row in connection.execute(listed, execution_options={"yield_per": BATCH}):
        place = CountyDay(row.day, row.county)
        if place not in changed:
            yield place, decode(row.content)
    for place, notes in sorted(changed.items()):
        yield place, fresh.get(place, notes, partial(_packed, connection, place))


def _packed(connection: Connection, place: CountyDay) -> DayPack:
    return pack(counted(connection, place))


def _noted(connection: Connection, span: Span) -> dict[CountyDay, Notes]:
    """What changed since it was packed, by day and county."""
    table, found = unpacked_claims, defaultdict[CountyDay, set[tuple[object, int]]](set)
    wanted = span.narrow(select(table.c.day, table.c.county, _raw(table.c.claim_id), table.c.version), table)
    for day, county, claim_id, version in connection.execute(wanted):
        found[CountyDay(day, county)].add((claim_id, version))
    return {place: frozenset(notes) for place, notes in found.items()}


def unpacked(connection: Connection, span: Span = Span()) -> list[CountyDay]:
    """Days and counties that something changed in since they were packed, the oldest day first."""
    table = unpacked_claims
    wanted = span.narrow(select(table.c.day, table.c.county).distinct(), table)
    return sorted(CountyDay(row.day, row.county) for row in connection.execute(wanted))


def make(connection: Connection, place: CountyDay) -> Made:
    """Pack one day of one county anew; *connection* reads a snapshot."""
    table = unpacked_claims
    rows = connection.execute(
        select(table.c.claim_id, table.c.version).where(
            table.c.day == place.day, table.c.county == place.county
        )
    )
    seen = tuple((row.claim_id, row.version) for row in rows)
    return Made(place, encode(_packed(connection, place)), seen)


def keep(connection: Connection, made: Made) -> None:
    """Write a pack.

    Raises:
        PackedMeanwhile: By somebody else, who may have seen more. Deleting first decides it: of two packers one finds a
            row gone that it had seen.
    """
    seen = [{"claim": claim_id, "seen": version} for claim_id, version in made.seen]
    if seen and connection.execute(_TAKE_AWAY, seen).rowcount != len(seen):
        raise PackedMeanwhile(made.place)
    own = (day_packs.c.day == made.place.day, day_packs.c.county == made.place.county)
    connection.execute(delete(day_packs).where(*own))
    row = {"day": made.place.day, "county": made.place.county, "content": made.content}
    connection.execute(insert(day_packs), row)


def faults(connection: Connection) -> Iterator[str]:
    """Packs that are not what their rows say, a sentence each; a day that has changed since is nobody's fault."""
    changed = frozenset(unpacked(connection))
    for row in connection.execute(select(day_packs).order_by(day_packs.c.day, day_packs.c.county)).all():
        place = CountyDay(row.day, row.county)
        if place not in changed and bytes(row.content) != encode(_packed(connection, place)):
            yield f"the pack of {place.day}, county {place.county}, is not what its claims say"
    places = select(day_packs.c.day, day_packs.c.county)
    packed = {CountyDay(row.day, row.county) for row in connection.execute(places)}
    for place in sorted(_places(connection) - packed - changed):
        yield f"there is no pack of {place.day}, county {place.county}, and nothing says so"


def _places(connection: Connection) -> frozenset[CountyDay]:
    claims = tables.claims
    rows = connection.execute(select(claims.c.county, claims.c.reported_at))
    return frozenset(CountyDay(policy_day(row.reported_at), row.county) for row in rows)


def counted(connection: Connection, place: CountyDay) -> Iterator[Counted]:
    """The claims of one day and county with their stages, straight from their rows."""
    claims, stages = tables.claims, tables.claim_stages
    begin = midnight(place.day)
    own = (
        claims.c.county == place.county,
        claims.c.reported_at >= begin,
        claims.c.reported_at < begin + timedelta(days=1),
    )
    moments = (claims.c.reported_at, claims.c.due_at, claims.c.paid_at)
    borders = (stages.c.entered_at, stages.c.started_at, stages.c.ended_at)
    statement = (
        select(
            *(_raw(claims.c.id), claims.c.product, claims.c.species, claims.c.path, claims.c.state),
            *map(_raw, moments),
            *(stages.c.place, stages.c.name, stages.c.held_by, stages.c.standstill),
            *map(_raw, borders),
        )
        .join(stages, stages.c.claim_id == claims.c.id)
        .where(*own)
    )
    # Put in order here: asked to do it, SQLite reads all claims in order of their ids.
    rows = sorted(connection.execute(statement).all(), key=itemgetter(0, 8))
    read = _Moments()
    for _, group in groupby(rows, key=itemgetter(0)):
        held = list(group)
        _, product, species, path, state, reported_at, due_at, paid_at, *_ = held[0]
        yield Counted(
            cell=(product, species, path or ""),
            state=state,
            reported_at=read[reported_at],
            due_at=read[due_at],
            paid_at=read[paid_at] if paid_at else None,
            stages=[
                Stage(
                    *(row[9], row[10], read[row[12]], read[row[13]], read[row[14]] if row[14] else None),
                    Standstill(row[11]) if row[11] else None,
                )
                for row in held
            ],
        )


def _raw(column: Any) -> Any:
    """The column as the driver gives it: of a day's ten thousand stages half the time went into reading each value."""
    return type_coerce(column, String()).label(column.name)


class _Moments(dict[Any, datetime]):
    """Moments by how the driver gives them; one stretch ends where the next begins, so that most are read once."""

    def __missing__(self, given: Any) -> datetime:
        moment = datetime.fromisoformat(given) if isinstance(given, str) else given
        self[given] = moment
        return moment


def stretch(row: Any) -> Stage:
    """A row of ``claim_stages``."""
    standstill = Standstill(row.standstill) if row.standstill else None
    return Stage(row.name, row.held_by, row.entered_at, row.started_at, row.ended_at, standstill)


def midnight(day: date) -> datetime:
    """When a day begins in Asia/Shanghai."""
    return datetime.combine(day, time(), SHANGHAI)
