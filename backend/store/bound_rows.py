"""Rows in the form that a database's driver takes: worked out once a table, not once a value, and written in bulk."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any  # a value is whatever its column takes

from sqlalchemy import Connection, Dialect, String, Table

Row = tuple[object, ...]


class Form:
    """How rows of one table are handed to one driver; a column that the database numbers is left out."""

    def __init__(self, table: Table, dialect: Dialect) -> None:
        columns = [one for one in table.columns if one is not table.autoincrement_column]
        self._table = table.name
        self.names = [one.name for one in columns]
        self._values = [(one.name, _written(one.type, dialect)) for one in columns]

    def bind(self, row: Mapping[str, object]) -> Row:
        """The row's values in the order of ``names``; a column that it does not name is NULL."""
        given = row.get
        return tuple(
            [given(name) if written is None else written(given(name)) for name, written in self._values]
        )

    def write(self, connection: Connection, rows: Sequence[Row], before: tuple[str, ...] = ()) -> None:
        """Insert bound rows, all with one statement: PostgreSQL takes no COPY where rows are protected.

        Args:
            connection: The transaction.
            rows: Their values.
            before: Columns that stand before ``names`` in these rows.
        """
        names = [*before, *self.names]
        place = "%s" if connection.dialect.name == "postgresql" else "?"
        places = ", ".join([place] * len(names))
        statement = f"INSERT INTO {self._table} ({', '.join(names)}) VALUES ({places})"  # noqa: S608 - our own names
        connection.exec_driver_sql(statement, list(rows))


def _written(kind: Any, dialect: Dialect) -> Callable[[Any], object] | None:
    """What makes a value of this column one that the driver takes; None: it is one."""
    written: Callable[[Any], object] | None = kind.dialect_impl(dialect).bind_processor(dialect)
    if written is None and isinstance(kind, String):
        # Words of closed sets travel between processes, and to the driver, as the texts that they are.
        return lambda value: None if value is None else str(value)
    return written
