"""Whole tables out of one database and into another: one snapshot here, one transaction there, in bounded memory."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any  # a row is whatever its table says

from sqlalchemy import (
    Connection,
    Engine,
    Table,
    column,
    create_engine,
    func,
    insert,
    inspect,
    literal,
    select,
    table,
    text,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from backend.domain.personal.keys import Keys
from backend.store import numbers
from backend.store.portable import Row, Tally, columns_of, lines_of
from backend.store.postgres_roles import as_who_signed_in, see_everything
from backend.store.refusals import CopyUnfinished, DatabaseInUse, DatabaseUnusable, TargetNotEmpty
from backend.store.schema import metadata
from backend.store.vault import options

Progress = Callable[[str, int], None]
"""Told what is being done, and how many rows of it are done."""

BATCH = 2000
"""Rows in memory at a time."""

_REVISION_TABLE = "alembic_version"


@contextmanager
def snapshot(url: str, keys: Keys | None = None) -> Iterator[Connection]:
    """The database as it stands at one moment, while others go on writing; sealed values are opened with *keys*.

    Raises:
        DatabaseUnusable: It cannot be opened.
    """
    with _opened(url, keys) as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA query_only=ON")
            connection.exec_driver_sql("BEGIN")
        else:
            connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection
        connection.rollback()


@contextmanager
def sole_reader(url: str) -> Iterator[Connection]:
    """As ``snapshot``, and nobody else has the database open until this is done.

    Raises:
        DatabaseInUse: Somebody has.
        DatabaseUnusable: It cannot be opened.
    """
    with _opened(url) as connection:
        if connection.dialect.name == "sqlite":
            _close_to_others(connection)
        else:
            connection.execution_options(isolation_level="REPEATABLE READ")
            _refuse_company(connection)
        yield connection
        connection.rollback()


@contextmanager
def filling(url: str, keys: Keys | None = None) -> Iterator[Connection]:
    """One transaction that fills an empty database: everything in the end, or nothing; sealing with *keys*.

    Raises:
        DatabaseUnusable: It cannot be opened.
        CopyUnfinished: It, or the source that is read meanwhile, broke off.
    """
    with _opened(url, keys) as connection:
        try:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA synchronous=FULL")
                connection.exec_driver_sql("PRAGMA foreign_keys=ON")
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            _set_identities(connection)
            numbers.carry_on(connection)
            connection.commit()
        except DBAPIError as broken:
            raise CopyUnfinished(_first_line(broken)) from broken


def rows_of(connection: Connection, source: Table) -> Iterator[Any]:
    """Every row as a tuple, in the order of its number where rows are numbered."""
    statement = select(source)
    if source.autoincrement_column is not None:
        statement = statement.order_by(source.autoincrement_column)
    return iter(connection.execute(statement, execution_options={"yield_per": BATCH}))


def tally_of(connection: Connection, source: Table) -> Tally:
    """What the table holds."""
    tally = Tally()
    for line in lines_of(columns_of(source), rows_of(connection, source)):
        tally.add(line)
    return tally


def put_rows(connection: Connection, target: Table, rows: Iterable[Row]) -> Iterator[int]:
    """Write rows, and say after each batch how many there are by now."""
    written, left = 0, iter(rows)
    while batch := list(islice(left, BATCH)):
        connection.execute(insert(target), batch)
        written += len(batch)
        yield written


def require_empty(url: str) -> None:
    """Refuse a database that holds a row of any table, ours or not; an empty schema is no hindrance.

    Raises:
        TargetNotEmpty: With the table's name.
        DatabaseUnusable: It cannot be opened.
    """
    if is_missing_file(url):
        _make_folder(url)
        return
    with _opened(url) as connection:
        for name in inspect(connection).get_table_names():
            one = select(literal(1)).select_from(table(name))
            if name != _REVISION_TABLE and connection.execute(one.limit(1)).first():
                raise TargetNotEmpty(f"table {name} of the database holds rows")


def is_missing_file(url: str) -> bool:
    """Whether this is SQLite in a file that is not there: opening it would make one."""
    parts = _parsed(url)
    return parts.get_backend_name() == "sqlite" and not Path(parts.database or "").exists()


def _make_folder(url: str) -> None:
    folder = Path(_parsed(url).database or "").parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as wrong:
        raise DatabaseUnusable(f"{folder} cannot be made: {wrong.strerror}") from wrong


def shown(url: str) -> str:
    """The address without its password."""
    return make_url(url).render_as_string(hide_password=True)


def _close_to_others(connection: Connection) -> None:
    # In this mode SQLite wants the file to itself: a server that is merely open is found, one that starts
    # meanwhile waits.
    connection.exec_driver_sql("PRAGMA busy_timeout=500")
    connection.exec_driver_sql("PRAGMA locking_mode=EXCLUSIVE")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except OperationalError as locked:
        raise DatabaseInUse(f"{connection.engine.url.database} is open in another process") from locked


def _refuse_company(connection: Connection) -> None:
    names = ", ".join(
        connection.dialect.identifier_preparer.format_table(one) for one in metadata.sorted_tables
    )
    try:
        # Whoever connects from now on can read, and waits before it writes.
        connection.execute(text(f"LOCK TABLE {names} IN SHARE MODE NOWAIT"))
    except OperationalError as locked:
        raise DatabaseInUse("another session writes to it now") from locked
    with as_who_signed_in(connection):
        others = connection.execute(
            text(
                "SELECT coalesce(nullif(application_name, ''), 'unnamed') AS name, count(*) AS sessions"
                " FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND backend_type = 'client backend' GROUP BY 1 ORDER BY 1"
            )
        ).all()
    if others:
        said = ", ".join(f"{one.sessions} × {one.name}" for one in others)
        raise DatabaseInUse(f"open sessions on it: {said}")


def _set_identities(connection: Connection) -> None:
    """PostgreSQL numbers rows from a sequence that copied rows have not moved; SQLite looks at the rows."""
    if connection.dialect.name != "postgresql":
        return
    # Asked of the database: its schema may be older than the tables that this version speaks of.
    numbered = connection.execute(
        text(
            "SELECT table_name, column_name, pg_get_serial_sequence(quote_ident(table_name), column_name) AS sequence"
            " FROM information_schema.columns WHERE table_schema = current_schema()"
            " AND pg_get_serial_sequence(quote_ident(table_name), column_name) IS NOT NULL"
        )
    ).all()
    for one in numbered:
        last = connection.scalar(select(func.max(column(one.column_name))).select_from(table(one.table_name)))
        connection.execute(select(func.setval(one.sequence, last or 1, last is not None)))


@contextmanager
def _opened(url: str, keys: Keys | None = None) -> Iterator[Connection]:
    engine = _engine(url).execution_options(**options(keys))
    try:
        with _connected(engine) as connection:
            see_everything(connection)
            yield connection
    finally:
        engine.dispose()


def _engine(url: str) -> Engine:
    parts = _parsed(url)
    if parts.get_backend_name() == "sqlite":
        # Whoever begins says so: the driver would begin at the first write only, and read without a snapshot.
        return create_engine(parts, connect_args={"isolation_level": None, "timeout": 5})
    return create_engine(parts)


def _parsed(url: str) -> URL:
    try:
        parts = make_url(url)
        parts.get_dialect().import_dbapi()
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as wrong:
        raise DatabaseUnusable(f"{url!r} is no address of a database that is supported here") from wrong
    return parts


def _connected(engine: Engine) -> Connection:
    try:
        return engine.connect()
    except OperationalError as away:
        raise DatabaseUnusable(
            f"{engine.url.render_as_string(hide_password=True)}: {_first_line(away)}"
        ) from away


def _first_line(error: DBAPIError) -> str:
    return next(iter(str(error.orig).strip().splitlines()), "no reason was given")
