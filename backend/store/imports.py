"""What was imported, by whom, from which file, and every value that it changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any  # a row's columns are what its statement selects
from uuid import UUID

from sqlalchemy import Connection, Row, insert, select

from backend.domain.ids import OfficerId
from backend.domain.problems import NotFound
from backend.domain.register.fields import Register
from backend.store import tables
from backend.store.sealed import AFTER, BEFORE
from backend.store.vault import vault_of

_CHANGES_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one registered row, before and after, as text."""

    key: str
    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One import as it is kept; ``officer`` None is whoever runs the server, at the server."""

    id: UUID
    register: Register
    at: datetime
    officer: OfficerId | None
    file_name: str
    file_sha256: str
    read: int
    new: int
    changed: int
    same: int
    refused: int


def record(connection: Connection, done: Import, changes: Sequence[Change]) -> None:
    """Keep an import, in the transaction that writes its rows."""
    connection.execute(
        insert(tables.imports),
        {
            "id": done.id,
            "register": done.register,
            "at": done.at,
            "officer_id": done.officer,
            "file_name": done.file_name,
            "file_sha256": done.file_sha256,
            "rows_read": done.read,
            "rows_new": done.new,
            "rows_changed": done.changed,
            "rows_same": done.same,
            "rows_refused": done.refused,
        },
    )
    vault = vault_of(connection)
    for start in range(0, len(changes), _CHANGES_AT_ONCE):
        some = changes[start : start + _CHANGES_AT_ONCE]
        connection.execute(
            insert(tables.import_changes),
            [
                {
                    "import_id": done.id,
                    "place": place,
                    "key": change.key,
                    "field": change.field,
                    "before": vault.seal_some(change.before, BEFORE, done.id, place),
                    "after": vault.seal_some(change.after, AFTER, done.id, place),
                }
                for place, change in enumerate(some, start=start + 1)
            ],
        )


def listed(connection: Connection, county: str, limit: int) -> Sequence[Row[Any]]:
    """Imports by officers of a county and at the server, newest first."""
    return connection.execute(
        _IMPORTS.where((tables.organisations.c.county == county) | tables.imports.c.officer_id.is_(None))
        .order_by(tables.imports.c.at.desc(), tables.imports.c.id)
        .limit(limit)
    ).all()


def one(connection: Connection, import_id: UUID, county: str) -> Row[Any]:
    """One import.

    Raises:
        NotFound: None of this id in the county.
    """
    row = connection.execute(_IMPORTS.where(tables.imports.c.id == import_id)).one_or_none()
    if row is None or (row.officer_id is not None and row.county != county):
        raise NotFound("import", import_id)
    return row


def changes(connection: Connection, import_id: UUID, after: int, limit: int) -> Sequence[tuple[int, Change]]:
    """Values that an import changed with their places, in its order, beyond the first *after*."""
    table, vault = tables.import_changes, vault_of(connection)
    rows = connection.execute(
        select(table)
        .where(table.c.import_id == import_id, table.c.place > after)
        .order_by(table.c.place)
        .limit(limit)
    )
    return [
        (
            row.place,
            Change(
                row.key,
                row.field,
                vault.open_some(row.before, BEFORE, import_id, row.place),
                vault.open_some(row.after, AFTER, import_id, row.place),
            ),
        )
        for row in rows
    ]


_IMPORTS = select(
    tables.imports, tables.officers.c.name.label("officer_name"), tables.organisations.c.county
).select_from(
    tables.imports.outerjoin(tables.officers, tables.officers.c.id == tables.imports.c.officer_id).outerjoin(
        tables.organisations, tables.organisations.c.id == tables.officers.c.organisation_id
    )
)
