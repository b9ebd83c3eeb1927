"""Alembic from code: bring a database to the newest schema, or say how far it is."""

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from backend.store.postgres_roles import protect, relax, require_protected

_FOLDER = Path(__file__).parent / "migrations"


class SchemaOutdated(Exception):
    """The database is not at the schema that this version needs; ``flashclaim server migrate`` mends it."""

    def __init__(self, found: str | None, wanted: str | None) -> None:
        super().__init__(f"the database is at schema {found or 'none'}, this version needs {wanted}")
        self.found, self.wanted = found, wanted


class DatabaseUnreachable(Exception):
    """The database cannot be opened; the password in its URL is not said."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{make_url(url)} cannot be opened: {reason}")


def migrate(url: str) -> str:
    """Bring the database at *url* to the newest schema and return its revision.

    Raises:
        DatabaseUnreachable: With the server's reason.
    """
    _make_folder(url)
    if current_revision(url) != wanted_revision(url):
        _at_rows(url, relax)
        command.upgrade(config(url), "head")
    _at_rows(url, protect)
    return current_revision(url) or ""


def rebuild(url: str, revision: str) -> None:
    """Give an empty database the schema of an earlier version; ``migrate`` brings what is put there up to date."""
    _make_folder(url)
    _at_rows(url, relax)
    if current_revision(url) not in {None, revision}:
        command.downgrade(config(url), "base")
    command.upgrade(config(url), revision)


def is_known(revision: str) -> bool:
    """Whether this version's history leads through this schema."""
    return revision in {one.revision for one in ScriptDirectory.from_config(config("")).walk_revisions()}


def check_schema(url: str) -> None:
    """Refuse to work on an older or newer schema.

    Raises:
        SchemaOutdated: With what was found and what is needed.
        DatabaseUnreachable: With the server's reason.
        RowsUnprotected: PostgreSQL would show rows to whom they are not for.
    """
    found, wanted = current_revision(url), wanted_revision(url)
    if found != wanted:
        raise SchemaOutdated(found, wanted)
    _at_rows(url, require_protected)


def current_revision(url: str) -> str | None:
    """The schema revision of the database at *url*; None for an empty one, and for a file that is not there.

    Raises:
        DatabaseUnreachable: With the server's reason.
    """
    file = file_of(url)
    if file is not None and not file.exists():
        return None
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return revision_of(connection)
    except OperationalError as away:
        raise DatabaseUnreachable(url, str(away.orig).strip()) from away
    finally:
        engine.dispose()


def wanted_revision(url: str) -> str | None:
    """The schema revision that this version needs."""
    return ScriptDirectory.from_config(config(url)).get_current_head()


def revision_of(connection: Connection) -> str | None:
    """The schema revision of the database that *connection* leads to; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def file_of(url: str) -> Path | None:
    """The file of an SQLite database; None for any other."""
    made = make_url(url)
    return Path(made.database) if made.get_backend_name() == "sqlite" and made.database else None


def _at_rows(url: str, work: Callable[[Connection], None]) -> None:
    """Look at or change the rules for rows, which only PostgreSQL keeps in the database."""
    if make_url(url).get_backend_name() != "postgresql":
        return
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            work(connection)
    finally:
        engine.dispose()


def _make_folder(url: str) -> None:
    file = file_of(url)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)


def config(url: str) -> Config:
    """Alembic's settings for the database at *url*."""
    settings = Config()
    settings.set_main_option("script_location", str(_FOLDER))
    settings.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return settings
