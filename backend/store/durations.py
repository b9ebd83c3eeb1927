"""How long something took, computed by the database: a hundred thousand moments need not become Python objects."""

from typing import Any  # SQLAlchemy's compiler and its elements are untyped

from sqlalchemy import BigInteger, ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class Microseconds(FunctionElement[int]):
    """Whole microseconds from the first ``UtcDateTime`` to the second; exact on both engines."""

    type = BigInteger()
    inherit_cache = True

    def __init__(self, start: ColumnElement[Any], end: ColumnElement[Any]) -> None:
        super().__init__(start, end)


@compiles(Microseconds, "sqlite")
def _on_sqlite(element: Microseconds, compiler: Any, **options: Any) -> str:
    # Moments are text of fixed width there: whole seconds by strftime, microseconds from their six digits. julianday
    # would be a float that is off by some 40 microseconds.
    start, end = (compiler.process(clause, **options) for clause in element.clauses)
    return (
        f"((strftime('%s', {end}) - strftime('%s', {start})) * 1000000"
        f" + substr({end}, 21, 6) - substr({start}, 21, 6))"
    )


@compiles(Microseconds)
def _on_postgresql(element: Microseconds, compiler: Any, **options: Any) -> str:
    start, end = (compiler.process(clause, **options) for clause in element.clauses)
    return f"CAST(EXTRACT(EPOCH FROM {end} - {start}) * 1000000 AS BIGINT)"
