"""How many database connections this process holds and uses, whatever engine made them."""

from functools import cache
from typing import Any  # SQLAlchemy hands a driver's connection and its own record

from sqlalchemy import event
from sqlalchemy.pool import Pool

from backend import instruments


@cache
def measure_pools() -> None:
    """Count the connections of every pool that is made from now on; once a process."""
    event.listen(Pool, "connect", _opened)
    event.listen(Pool, "close", _closed)
    event.listen(Pool, "checkout", _taken)
    event.listen(Pool, "checkin", _given_back)


def _opened(_connection: Any, _record: Any) -> None:
    instruments.CONNECTIONS_OPEN.inc()


def _closed(_connection: Any, _record: Any) -> None:
    instruments.CONNECTIONS_OPEN.dec()


def _taken(_connection: Any, _record: Any, _proxy: Any) -> None:
    instruments.CONNECTIONS_IN_USE.inc()


def _given_back(_connection: Any, _record: Any) -> None:
    instruments.CONNECTIONS_IN_USE.dec()
