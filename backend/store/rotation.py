"""A new key for everything that is sealed: some rows at a time, while others read and write."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any  # a row's columns are what its statement selects

from sqlalchemy import Connection, and_, func, select, text, tuple_, update

from backend.store.engine import DatabaseEngine
from backend.store.sealed import COLUMNS, SealedColumn
from backend.store.vault import KEY_ID_BYTES, Vault, vault_of

AT_ONCE = 500
"""Rows a transaction: a writer waits no longer than for these."""

Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Resealed:
    """How many values of one column were sealed anew, and how far the table has been gone through."""

    values: int
    last: tuple[object, ...] | None


def reseal(engine: DatabaseEngine, progress: Progress) -> int:
    """Go through every sealed column once and seal under the current key what is not; how many values that were.

    A kill in between leaves each value under the one key or the other; going through again takes up what is left.
    """
    return sum(_column(engine, one, progress) for one in COLUMNS)


def still_under(connection: Connection, key_id: str) -> int:
    """How many values are sealed under this key."""
    return sum(
        int(connection.scalar(select(func.count()).select_from(one.table).where(_is_under(one, key_id))) or 0)
        for one in COLUMNS
    )


def is_settled(connection: Connection, since: str | None) -> bool:
    """Whether every transaction has ended that may have begun to seal under a former key.

    SQLite: whoever could hold one has written before this transaction could begin. PostgreSQL: *since* is
    ``moment_of`` from after the new key was made.
    """
    if connection.dialect.name == "sqlite" or since is None:
        return True
    older = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND xact_start < CAST(:since AS timestamptz)"
    )
    return not connection.scalar(older, {"since": since})


def moment_of(connection: Connection) -> str | None:
    """The database server's clock; None where the database has none of its own."""
    if connection.dialect.name == "sqlite":
        return None
    return str(connection.scalar(text("SELECT clock_timestamp()")))


def _column(engine: DatabaseEngine, one: SealedColumn, progress: Progress) -> int:
    values, last = 0, None
    progress(f"encrypting {one.name}", 0)
    while True:
        done = engine.write(partial(_some, one=one, after=last)).result()
        values += done.values
        progress(f"encrypting {one.name}", values)
        if done.last is None:
            return values
        last = done.last


def _some(connection: Connection, one: SealedColumn, after: tuple[object, ...] | None) -> Resealed:
    vault = vault_of(connection)
    keys: list[Any] = [*one.table.primary_key]
    column = one.table.c[one.column]
    current = vault.keys.current().id
    wanted = select(*keys, column).where(column.is_not(None), ~_is_under(one, current))
    if after is not None:
        wanted = wanted.where(tuple_(*keys) > tuple_(*after))
    rows: Any = connection.execute(wanted.order_by(*keys).limit(AT_ONCE)).all()
    for row in rows:
        # Only where it is still what was read: whoever changed it meanwhile has sealed it under the new key.
        is_it = and_(*(key == part for key, part in zip(keys, row[:-1], strict=True)), column == row[-1])
        connection.execute(update(one.table).where(is_it).values(_anew(vault, one, row)))
    return Resealed(len(rows), tuple(rows[-1][:-1]) if rows else None)


def _anew(vault: Vault, one: SealedColumn, row: Any) -> dict[str, object]:
    clear = vault.open(row[-1], one.name, *row[:-1])
    found = {one.index: vault.index(clear, one.name)} if one.index else {}
    return {one.column: vault.seal(clear, one.name, *row[:-1]), **found}


def _is_under(one: SealedColumn, key_id: str) -> Any:
    return func.substr(one.table.c[one.column], 1, KEY_ID_BYTES) == bytes.fromhex(key_id)
