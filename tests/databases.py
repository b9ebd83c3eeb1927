"""Databases for tests: a SQLite file, or a database of a PostgreSQL server that is made and dropped.

``FLASHCLAIM_TEST_POSTGRES`` names the server and a database on it that tests may connect to; without it, one on this
machine is looked for. Where there is none, its half of the suite is skipped and says so; where one was named, it fails.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy.engine import URL, make_url

DIALECTS = ("sqlite", "postgresql")
VARIABLE = "FLASHCLAIM_TEST_POSTGRES"
_HERE = "postgresql://postgres@127.0.0.1:5432/postgres"


def server() -> URL:
    """The server on which tests make their databases."""
    return make_url(os.environ.get(VARIABLE, _HERE)).set(drivername="postgresql")


@cache
def why_not() -> str | None:
    """What keeps tests from the server, None when nothing does."""
    try:
        psycopg.connect(server().render_as_string(hide_password=False), connect_timeout=3).close()
    except psycopg.Error as away:
        return f"no PostgreSQL at {server().render_as_string()}: {str(away).strip()}; name one in {VARIABLE}"
    return None


def require(dialect: str) -> None:
    """Skip, or fail where a server was named, when this kind of database is not to be had."""
    reason = why_not() if dialect == "postgresql" else None
    if reason and VARIABLE in os.environ:
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)


@contextmanager
def a_database(dialect: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database, which is gone afterwards.

    On PostgreSQL commits do not wait for the disk: what tests ask for survives the kill of any process but the server.
    """
    if dialect == "sqlite":
        yield f"sqlite:///{folder / 'flashclaim.db'}"
        return
    require(dialect)
    name = f"flashclaim_test_{uuid4().hex[:12]}"
    _at_server(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    _at_server(f"ALTER DATABASE {name} SET synchronous_commit = off")
    try:
        yield server().set(database=name).render_as_string(hide_password=False)
    finally:
        _at_server(f"DROP DATABASE {name} WITH (FORCE)")


def _at_server(statement: str) -> None:
    with psycopg.connect(server().render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload] - our own text
