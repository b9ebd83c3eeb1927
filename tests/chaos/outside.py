"""The database as anyone may read it, past our own store: plain SQL on either engine."""

import sqlite3
from contextlib import closing
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import dict_row
from sqlalchemy.engine import make_url

Row = dict[str, Any]


def rows(database: str, table: str) -> list[Row]:
    """Every row of a table; ids are UUIDs and moments are aware on both engines."""
    address = make_url(database)
    statement = f"SELECT * FROM {table}"
    if address.get_backend_name() == "postgresql":
        plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, row_factory=dict_row) as connection:
            return connection.execute(statement).fetchall()  # type: ignore[call-overload]  # our own text
    with closing(sqlite3.connect(f"file:{address.database}?mode=ro", uri=True, timeout=30)) as connection:
        found = connection.execute(statement)
        names = [column[0] for column in found.description]
        return [{name: _meant(name, value) for name, value in zip(names, row, strict=True)} for row in found]


def _meant(name: str, value: Any) -> Any:
    """SQLite keeps ids as 32 digits and moments as text."""
    if isinstance(value, str) and (name == "at" or name.endswith(("_at", "_until"))):
        return datetime.fromisoformat(value)
    if isinstance(value, str) and len(value) == 32 and (name == "id" or name.endswith("_id")):
        return UUID(value)
    return value
