"""The gate that every payout leaves through: the switch that stops them all, and the day's limit.

Whoever starts a payout holds the gate until the commit, so that a stop that was acknowledged is never overtaken, and
two payouts never both see the last of the day's sum. SQLite writes one transaction at a time; PostgreSQL has a lock of
our own for it (an advisory one, since what is counted may have no row yet).
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any  # a row's columns are what its statement selects

from sqlalchemy import Connection, Row, func, insert, or_, select

from backend.domain.ids import OfficerId
from backend.domain.money import ZERO, Money
from backend.domain.parties import Officer
from backend.domain.policy import SHANGHAI, policy_day
from backend.domain.spending import DayLimit, PaymentStop
from backend.domain.words import PayoutState
from backend.store import tables

_LOCK = 7_266_971_110
"""Our own number among the database's advisory locks."""
_SHARED, _ALONE = func.pg_advisory_xact_lock_shared(_LOCK), func.pg_advisory_xact_lock(_LOCK)
_NEVER_LEFT = (PayoutState.FAILED, PayoutState.RETIRED)


def hold(connection: Connection, *, alone: bool) -> None:
    """Hold the gate until this transaction ends.

    Taken before any policy's or claim's row, always, so that two writers never wait for each other.

    Args:
        connection: A write transaction.
        alone: Nobody else starts a payout meanwhile: needed where a limit is counted or the switch is turned.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(_ALONE if alone else _SHARED))


def turn(connection: Connection, officer: Officer, *, stopped: bool, reason: str, at: datetime) -> bool:
    """Stop or resume all payouts; False where the switch stands so already, and nothing is recorded."""
    hold(connection, alone=True)
    if (standing(connection) is not None) == stopped:
        return False
    connection.execute(
        insert(tables.payment_stops),
        {
            "stopped": stopped,
            "by": officer.id,
            "organisation": officer.organisation,
            "at": at,
            "reason": reason,
        },
    )
    return True


def standing(connection: Connection) -> PaymentStop | None:
    """The stop that is in force; None while payouts may leave."""
    last = next(iter(turns(connection, most=1)), None)
    return PaymentStop(OfficerId(last.by), last.at, last.reason) if last and last.stopped else None


def turns(connection: Connection, most: int) -> Sequence[Row[Any]]:
    """Every turn of the switch, the newest first."""
    stops = tables.payment_stops
    return connection.execute(select(stops).order_by(stops.c.id.desc()).limit(most)).all()


def limit(connection: Connection, most: Money | None, at: datetime) -> DayLimit | None:
    """The limit on the day of *at*; None where there is none."""
    return None if most is None else DayLimit(most, used(connection, policy_day(at)))


def used(connection: Connection, day: date) -> Money:
    """What left or is leaving in payouts that were started on this day (Asia/Shanghai)."""
    payouts = tables.payouts
    began = datetime.combine(day, time(), SHANGHAI)
    counts = or_(payouts.c.state.not_in(_NEVER_LEFT), payouts.c.returned_at.is_not(None))
    found: Money | None = connection.scalar(
        select(func.sum(payouts.c.amount, type_=payouts.c.amount.type)).where(
            payouts.c.started_at >= began, payouts.c.started_at < began + timedelta(days=1), counts
        )
    )
    return found or ZERO
