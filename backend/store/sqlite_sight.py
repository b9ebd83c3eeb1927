"""SQLite's rows by sight: a reading connection on which every table's name means a view of what is seen.

Temporary views go before the database's own tables wherever a statement names a table, so there is no query that
could forget the filter. A view is flattened into the statement around it: indexes serve it as they serve its table.
"""

import sqlite3

from backend.domain.authority.sight import Sight
from backend.store.row_rules import RULES, Kind, condition, named_by

_SEEN = "CREATE TEMP TABLE sight (kind TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (kind, value)) WITHOUT ROWID"


def shadow(connection: sqlite3.Connection) -> None:
    """Put the views before the tables; nothing is seen until ``see``."""
    connection.execute("PRAGMA temp_store=MEMORY")
    connection.execute(_SEEN)
    known = {
        name for (name,) in connection.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")
    }
    for table, rule in RULES.items():
        wanted = condition(rule, "own", _among)
        # An older schema lacks the newer tables: whoever looks at it for its revision meets no error here.
        if wanted and table in known:
            view = f"SELECT * FROM main.{table} AS own WHERE {wanted}"  # noqa: S608 - our own names
            connection.execute(f"CREATE TEMP VIEW {table} AS {view}")


def see(connection: sqlite3.Connection, sight: Sight) -> None:
    """From now on this connection sees this much, and nothing of what it saw before."""
    rows = [(kind, value) for kind, values in named_by(sight).items() for value in values]
    # Readers may not write; where they remember what they see is the one exception.
    connection.execute("PRAGMA query_only=OFF")
    try:
        connection.execute("DELETE FROM temp.sight")
        connection.executemany("INSERT INTO temp.sight VALUES (?, ?)", rows)
    finally:
        connection.execute("PRAGMA query_only=ON")


def _among(column: str, kind: Kind) -> str:
    return f"{column} IN (SELECT value FROM temp.sight WHERE kind = '{kind}')"  # noqa: S608 - our own names
