"""Databases for tests: a SQLite file, or a database of a PostgreSQL server that is made and dropped.

Most tests want the newest schema and do not care how it came about: they get a copy of a database that was migrated
once in this process. That the migrations lead there is told in tests/backend/store/test_migrate.py.

``FLASHCLAIM_TEST_POSTGRES`` names the server and a database on it that tests may connect to; without it, one on this
machine is looked for. Where there is none, its half of the suite is skipped and says so; where one was named, it fails.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy.engine import URL, make_url

from backend.store.migrate import migrate

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
def a_database(dialect: str, folder: Path, *, is_migrated: bool = False) -> Iterator[str]:
    """The URL of an empty database, which is gone afterwards.

    On PostgreSQL commits do not wait for the disk: what tests ask for survives the kill of any process but the server.

    Args:
        dialect: One of DIALECTS.
        folder: Holds the file of a SQLite database.
        is_migrated: It has the tables of the newest schema, without rows.
    """
    if dialect == "sqlite":
        here = f"sqlite:///{folder / 'flashclaim.db'}"
        if is_migrated:
            put_migrated(here)
        yield here
        return
    require(dialect)
    url = _made("test", _migrated_on_server() if is_migrated else "template0 ENCODING 'UTF8'")
    try:
        yield url
    finally:
        _dropped(url)


def put_migrated(url: str) -> None:
    """Put a database with the tables of the newest schema where SQLite would begin an empty one."""
    address = make_url(url)
    file = Path(address.database or "")
    if address.get_backend_name() == "sqlite" and not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_migrated_file(), file)


@cache
def _migrated_file() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="flashclaim-migrated-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = folder / "flashclaim.db"
    migrate(f"sqlite:///{file}")
    return file


@cache
def _migrated_on_server() -> str:
    url = _made("migrated", "template0 ENCODING 'UTF8'")
    atexit.register(_dropped, url)
    migrate(url)
    return str(make_url(url).database)


def _made(kind: str, like: str) -> str:
    name = f"flashclaim_{kind}_{uuid4().hex[:12]}"
    _at_server(f"CREATE DATABASE {name} TEMPLATE {like}")
    _at_server(f"ALTER DATABASE {name} SET synchronous_commit = off")
    return server().set(database=name).render_as_string(hide_password=False)


def _dropped(url: str) -> None:
    _at_server(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")


def _at_server(statement: str) -> None:
    with psycopg.connect(server().render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload] - our own text
