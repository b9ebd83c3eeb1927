"""Whole rows of a register with what is sealed in them opened, and the way back; index columns are not seen."""

from collections.abc import Iterable
from functools import cache
from typing import Any  # a row's columns are what its table has

from sqlalchemy import Connection, Table

from backend.store.sealed import COLUMNS, SealedColumn
from backend.store.vault import vault_of

Values = dict[str, Any]


def in_clear(connection: Connection, table: Table, rows: Iterable[Values]) -> list[Values]:
    """The rows as people know them."""
    sealed = columns_of(table)
    if not sealed:
        return list(rows)
    vault, key = vault_of(connection), _key(table)
    opened = []
    for row in rows:
        clear = dict(row)
        for one in sealed:
            clear[one.column] = vault.open_some(row[one.column], one.name, row[key])
            clear.pop(one.index or "", None)
        opened.append(clear)
    return opened


def sealed(connection: Connection, table: Table, rows: Iterable[Values]) -> list[Values]:
    """The rows, or parts of them that name their key, as they are kept."""
    columns = columns_of(table)
    if not columns:
        return list(rows)
    vault, key = vault_of(connection), _key(table)
    kept = []
    for row in rows:
        changed = dict(row)
        for one in columns:
            if one.column not in row:
                continue
            changed[one.column] = vault.seal_some(row[one.column], one.name, row[key])
            if one.index:
                changed[one.index] = vault.index(row[one.column], one.name)
        kept.append(changed)
    return kept


@cache
def columns_of(table: Table) -> tuple[SealedColumn, ...]:
    """What is sealed in a table."""
    return tuple(one for one in COLUMNS if one.table is table)


def _key(table: Table) -> str:
    return str(next(iter(table.primary_key)).name)
