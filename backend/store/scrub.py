"""Nothing stays behind in the database's files of what was erased, or was there in clear before."""

from collections.abc import Sequence

from sqlalchemy import Table, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError


def empty_log(url: str) -> bool:
    """Empty SQLite's log of what erased values stood in; False where a reader kept it from being done whole.

    Enough after an erasure: what is overwritten in the file itself is zeroed as it goes (``PRAGMA secure_delete``).
    PostgreSQL leaves dead rows to its vacuum; ``docs/personal-data.md`` says what to run.
    """
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return True
    engine = create_engine(address, isolation_level="AUTOCOMMIT", connect_args={"timeout": 30})
    try:
        with engine.connect() as connection:
            busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
            return not busy
    finally:
        engine.dispose()


def scrub(url: str, changed: Sequence[Table]) -> bool:
    """Write the files anew without what is free in them; False where another process kept it from being done whole.

    SQLite: the file is vacuumed and its log emptied. PostgreSQL: the *changed* tables are rewritten under a lock; its
    own write-ahead log and whatever archives that keep older pages until they are recycled.
    """
    address = make_url(url)
    is_sqlite = address.get_backend_name() == "sqlite"
    if not is_sqlite:
        address = address.set(drivername="postgresql+psycopg")
    engine = create_engine(
        address, isolation_level="AUTOCOMMIT", connect_args={"timeout": 30} if is_sqlite else {}
    )
    try:
        with engine.connect() as connection:
            if not is_sqlite:
                names = (connection.dialect.identifier_preparer.format_table(one) for one in changed)
                for name in names:
                    connection.execute(text(f"VACUUM (FULL) {name}"))
                return True
            connection.exec_driver_sql("PRAGMA secure_delete=ON")
            connection.exec_driver_sql("VACUUM")
            busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
            return not busy
    except OperationalError:
        return False
    finally:
        engine.dispose()
