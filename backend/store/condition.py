"""What a database says about itself, asked once from outside of any running server."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, create_engine, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from backend.store import effects, migrate, tables
from backend.store.effects import EffectState
from backend.store.migrate import DatabaseUnreachable
from backend.store.postgres_roles import RowsUnprotected, require_protected, see_everything

_PATIENCE_S = 3
_POSTGRESQL = "postgresql+psycopg"


@dataclass(frozen=True, slots=True)
class Condition:
    """How a database stands. ``journal_mode`` is SQLite's; effects are counted where the schema is this version's.

    ``exposed`` says why rows would be shown to whom they are not for; None where they would not.
    """

    kind: str
    version: tuple[int | str, ...]
    journal_mode: str | None
    revision: str | None
    wanted: str | None
    dead_effects: int = 0
    due_since: datetime | None = None
    exposed: str | None = None


def condition(url: str, now: datetime) -> Condition:
    """Look at the database at *url*; nothing is made and nothing is changed.

    Raises:
        DatabaseUnreachable: It cannot be looked at; the message has no password.
    """
    address, file = make_url(url), migrate.file_of(url)
    if file is not None and not file.exists():
        raise DatabaseUnreachable(url, f"there is no file {file}")
    patience: dict[str, int] = {} if file else {"connect_timeout": _PATIENCE_S}
    try:
        engine = create_engine(
            address if file else address.set(drivername=_POSTGRESQL), connect_args=patience
        )
    except ModuleNotFoundError as missing:
        raise DatabaseUnreachable(url, f"{missing.name} is not installed (extra postgres)") from missing
    try:
        with engine.connect() as connection:
            exposed = _exposed(connection)
            journal = connection.exec_driver_sql("PRAGMA journal_mode").scalar() if file else None
            found = Condition(
                address.get_backend_name(),
                tuple(connection.dialect.server_version_info or ()),
                None if journal is None else str(journal),
                migrate.revision_of(connection),
                migrate.wanted_revision(url),
                exposed=exposed,
            )
            if exposed or found.revision != found.wanted:
                # What is in the tables may not be ours to look at.
                return found
            is_dead = tables.effects.c.state == EffectState.DEAD
            dead = connection.scalar(select(func.count()).select_from(tables.effects).where(is_dead))
            since = effects.due_since(connection, now)
            return replace(found, dead_effects=int(dead or 0), due_since=since)
    except DBAPIError as failure:
        raise DatabaseUnreachable(url, str(failure.orig).partition("\n")[0]) from failure
    finally:
        engine.dispose()


def _exposed(connection: Connection) -> str | None:
    try:
        see_everything(connection)
        require_protected(connection)
    except RowsUnprotected as wrong:
        return str(wrong)
    return None
