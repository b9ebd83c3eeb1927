"""The serial in a claim number: ``FC-20261123-0042`` is the 42nd claim of that day, Asia/Shanghai.

On SQLite one writer counts in a row. On PostgreSQL such a row would make every report wait for the commit of the one
before, so a sequence counts, and the row keeps where it stood before the day's first claim: serials may have gaps
there, and two reports at the same instant may get theirs in either order.
"""

from datetime import date

from sqlalchemy import Connection, Integer, bindparam, cast, delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as insert_or_leave

from backend.store import tables

_NUMBERS = tables.claim_numbers
_COUNT_UP = (
    update(_NUMBERS)
    .where(_NUMBERS.c.day == bindparam("today"))
    .values(last=_NUMBERS.c.last + 1)
    .returning(_NUMBERS.c.last)
)
_FIRST = insert(_NUMBERS)
_DAY = select(_NUMBERS.c.last).where(_NUMBERS.c.day == bindparam("today"))
_DRAW = select(tables.claim_serials.next_value().label("drawn"), _DAY.scalar_subquery().label("before"))
_OPEN_DAY = insert_or_leave(_NUMBERS).on_conflict_do_nothing()


def next_serial(connection: Connection, day: date) -> int:
    """The next serial of *day*, from 1; never given twice, also when its transaction is taken back."""
    if connection.dialect.name == "postgresql":
        return _drawn(connection, day)
    last = connection.scalar(_COUNT_UP, {"today": day})
    if last is None:
        connection.execute(_FIRST, {"day": day, "last": 1})
        return 1
    return int(last)


def carry_on(connection: Connection) -> None:
    """After rows were copied from another database: count on from the numbers that claims have.

    What ``claim_numbers`` says is not the same on both engines, and no sequence is copied.
    """
    number = tables.claims.c.number
    day, serial = func.substr(number, 4, 8).label("day"), cast(func.substr(number, 13), Integer)
    highest = connection.execute(select(day, func.max(serial)).group_by(day)).all()
    drawn = 0
    if connection.dialect.name == "postgresql":
        if connection.scalar(text("SELECT to_regclass('claim_serials')")) is None:
            # An older schema: there is nothing to set yet, and its migration makes the sequence.
            return
        drawn = connection.scalar(tables.claim_serials.next_value())
    connection.execute(delete(_NUMBERS))
    rows = [
        {"day": date.fromisoformat(when), "last": drawn - last if drawn else last} for when, last in highest
    ]
    if rows:
        connection.execute(_FIRST, rows)


def _drawn(connection: Connection, day: date) -> int:
    while True:
        drawn, before = connection.execute(_DRAW, {"today": day}).one()
        if before is None:
            connection.execute(_OPEN_DAY, {"day": day, "last": drawn - 1})
            before = connection.scalar(_DAY, {"today": day})
        # Two first reports of a day at once: the one that drew the lower number opened the day too late for it.
        if before is not None and drawn > before:
            return int(drawn - before)
