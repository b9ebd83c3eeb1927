"""Registers of farms, policies, herds and officers as whole columns: what an import compares and writes.

Every change counts its register up, so that two imports never write from the same look, and whoever keeps a copy in
memory (the fence's index) sees at a glance that it is old.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any  # a row's columns are what its table has

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    bindparam,
    exists,
    func,
    insert,
    not_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from backend.domain.ids import OrganisationId
from backend.domain.problems import NotFound
from backend.domain.register.fields import Register
from backend.domain.words import Lane, State
from backend.store import sealed_rows, tables
from backend.store.authority_tables import invitations
from backend.store.limit_tables import cover_periods as periods
from backend.store.limit_tables import programmes

Values = dict[str, Any]

TABLES: Mapping[Register, Table] = {
    Register.FARMS: tables.farms,
    Register.POLICIES: tables.policies,
    Register.HERDS: tables.herd_animals,
    Register.OFFICERS: tables.officers,
    Register.PROGRAMMES: programmes,
}
_ENDED = (State.CLOSED, State.PAID, State.REJECTED, State.WITHDRAWN)
_KEYS_AT_ONCE = 500
_ROWS_AT_ONCE = 2_000


class RegisterMoved(Exception):
    """Someone else changed the register since it was looked at."""


def version(connection: Connection, register: str) -> int:
    """How often the register has changed."""
    found = connection.scalar(select(tables.registers.c.version).where(tables.registers.c.name == register))
    return int(found or 0)


def count_up(connection: Connection, register: str, seen: int | None = None) -> None:
    """Count a change of the register, in the transaction that makes it.

    Args:
        connection: Of that transaction.
        register: Which; products are counted like a register.
        seen: The version that the change was made for; None where it does not matter.

    Raises:
        RegisterMoved: It is at another version by now.
    """
    counter = tables.registers
    step = update(counter).where(counter.c.name == register).values(version=counter.c.version + 1)
    if seen is not None:
        step = step.where(counter.c.version == seen)
    if connection.execute(step).rowcount:
        return
    if seen or connection.scalar(select(counter.c.version).where(counter.c.name == register)) is not None:
        raise RegisterMoved
    connection.execute(insert(counter), {"name": register, "version": 1})


def key_name(register: Register) -> str:
    """The column by which the register's rows are known."""
    return str(_key(TABLES[register]).name)


def standing(connection: Connection, register: Register, keys: Sequence[str]) -> dict[str, Values]:
    """The rows with these keys, what is sealed in them opened."""
    table = TABLES[register]
    found = (
        dict(row)
        for some in _batches(keys)
        for row in connection.execute(select(table).where(_key(table).in_(some))).mappings()
    )
    return {str(row[_key(table).name]): row for row in sealed_rows.in_clear(connection, table, found)}


def others_boundaries(
    connection: Connection, county: str | None, besides: Mapping[str, Values]
) -> Iterator[list[tuple[str, bytes]]]:
    """Names and boundaries of the county's farms that are not among *besides*, some at a time."""
    farms = tables.farms
    last = ""
    while True:
        page = connection.execute(
            select(farms.c.id, farms.c.name, farms.c.boundary)
            .where(farms.c.id > last, _of_county(farms.c.county, county))
            .order_by(farms.c.id)
            .limit(_ROWS_AT_ONCE)
        ).all()
        if not page:
            return
        last = page[-1].id
        found = [(row.name, row.boundary) for row in page if row.boundary and row.id not in besides]
        if found:
            yield found


def counties_of_farms(connection: Connection, farm_ids: Sequence[str]) -> dict[str, str]:
    """The county of each of these farms that is registered."""
    farms = tables.farms
    return {
        row.id: row.county
        for some in _batches(farm_ids)
        for row in connection.execute(select(farms.c.id, farms.c.county).where(farms.c.id.in_(some)))
    }


def organisations(connection: Connection) -> dict[str, Values]:
    """Every office, by its id."""
    return {row["id"]: dict(row) for row in connection.execute(select(tables.organisations)).mappings()}


def county_of(connection: Connection, organisation: OrganisationId) -> str:
    """The county of an office."""
    found = tables.organisations
    return str(connection.execute(select(found.c.county).where(found.c.id == organisation)).scalar_one())


def open_claims(connection: Connection, numbers: Sequence[str]) -> dict[str, int]:
    """By policy, how many claims on it are open; policies without one are left out."""
    claims = tables.claims
    return {
        row.policy_number: int(row.open)
        for some in _batches(numbers)
        for row in connection.execute(
            select(claims.c.policy_number, func.count(claims.c.id).label("open"))
            .where(claims.c.policy_number.in_(some), claims.c.state.not_in(_ENDED))
            .group_by(claims.c.policy_number)
        )
    }


def cover_periods(connection: Connection, numbers: Sequence[str]) -> dict[str, list[tuple[date, date, int]]]:
    """By policy, first day, last day and committed heads of each cover period that has had payouts."""
    found: dict[str, list[tuple[date, date, int]]] = defaultdict(list)
    for some in _batches(numbers):
        for row in connection.execute(select(periods).where(periods.c.policy_number.in_(some))):
            found[row.policy_number].append((row.incepted, row.expires, row.heads_committed))
    return found


def never_signed_in(connection: Connection, officers: Sequence[str]) -> set[str]:
    """Those of these officers who have no invitation that waits, and never used one."""
    table = tables.officers
    is_invited = exists().where(invitations.c.officer_id == table.c.id, invitations.c.withdrawn_at.is_(None))
    has_key = exists().where(tables.officer_keys.c.officer_id == table.c.id)
    return {
        found
        for some in _batches(officers)
        for found in connection.scalars(
            select(table.c.id).where(table.c.id.in_(some), not_(is_invited), not_(has_key))
        )
    }


def how_many(
    connection: Connection, register: Register, county: str | None, organisation: OrganisationId | None
) -> int:
    """Rows of the register in a county, of officers those of an office; None asks for all."""
    table = TABLES[register]
    wanted = select(func.count()).select_from(table)
    if register is Register.FARMS:
        wanted = wanted.where(_of_county(tables.farms.c.county, county))
    elif register is Register.OFFICERS:
        if organisation is not None:
            wanted = wanted.where(tables.officers.c.organisation_id == organisation)
    elif register is Register.PROGRAMMES:
        wanted = wanted.where(_of_county(programmes.c.county, county))
    elif county is not None:
        joined = table.join(tables.farms, tables.farms.c.id == table.c.farm_id)
        wanted = select(func.count()).select_from(joined).where(tables.farms.c.county == county)
    return int(connection.scalar(wanted) or 0)


def put_organisations(connection: Connection, new: Sequence[Values]) -> None:
    """Register offices."""
    if new:
        connection.execute(insert(tables.organisations), list(new))


def put_rows(connection: Connection, register: Register, new: Sequence[Values]) -> None:
    """Add rows."""
    for some in _batches(new, _ROWS_AT_ONCE):
        connection.execute(insert(TABLES[register]), sealed_rows.sealed(connection, TABLES[register], some))


def change_rows(connection: Connection, register: Register, changed: Sequence[Values]) -> None:
    """Give registered rows new values; each names its key and what changes.

    Raises:
        RegisterMoved: What was looked at no longer allows it.
    """
    table = TABLES[register]
    key = key_name(register)
    alike: dict[tuple[str, ...], list[Values]] = defaultdict(list)
    for row in sealed_rows.sealed(connection, table, changed):
        given = {f"the_{name}" if name == key else f"new_{name}": value for name, value in row.items()}
        alike[tuple(sorted(name for name in row if name != key))].append(given)
    for names, rows in alike.items():
        step = (
            update(table)
            .where(_key(table) == bindparam(f"the_{key}"))
            .values({name: bindparam(f"new_{name}") for name in names})
        )
        for some in _batches(rows, _ROWS_AT_ONCE):
            try:
                connection.execute(step, some)
            except IntegrityError as held:
                # Such as a limit that is lowered while a payout takes the money: look again, and say so in words.
                raise RegisterMoved from held


def _key(table: Table) -> Any:
    return next(iter(table.primary_key))


def insurer_of(connection: Connection, county: str) -> OrganisationId:
    """The insurer's office of a county, the first by its id where there are several.

    Raises:
        NotFound: The county has none.
    """
    offices = tables.organisations.c
    found = connection.scalar(
        select(offices.id)
        .where(offices.county == county, offices.lane == Lane.INSURER)
        .order_by(offices.id)
        .limit(1)
    )
    if found is None:
        raise NotFound("insurer's office of county", county)
    return OrganisationId(found)


def _of_county(column: ColumnElement[str], county: str | None) -> ColumnElement[bool]:
    return and_(True) if county is None else column == county


def _batches(rows: Sequence[Any], size: int = _KEYS_AT_ONCE) -> Iterator[list[Any]]:
    waiting = iter(rows)
    while some := list(islice(waiting, size)):
        yield some
