"""Rates that hold for all processes: one row a bucket, one statement a request (docs/decisions/0030).

The generic cell rate algorithm (ITU-T I.371): a row says when all that was used has come back; a request moves that
moment on by one interval, unless it would lie further ahead than the whole span. Two processes that ask at once are
put in a row by the database, so that together they are given no more than one.
"""

import hashlib
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, bindparam, case, delete, select, text
from sqlalchemy.dialects.postgresql import insert as insert_or_update

from backend.domain.edges.problems import TooManyRequests
from backend.domain.edges.rates import Rate, Taken
from backend.store.rate_tables import request_rates

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_ROW = request_rates.c
_USED_UNTIL = case((_ROW.free_at_us > bindparam("now"), _ROW.free_at_us), else_=bindparam("now"))
_TAKE = (
    insert_or_update(request_rates)
    .values(bucket=bindparam("bucket"), free_at_us=bindparam("first"))
    .on_conflict_do_update(
        index_elements=[_ROW.bucket],
        set_={"free_at_us": _USED_UNTIL + bindparam("step")},
        where=_USED_UNTIL + bindparam("step") <= bindparam("limit"),
    )
    .returning(_ROW.free_at_us)
)
_NEED_NOT_LAST = text("SET LOCAL synchronous_commit = off")
_FREE_AT = select(_ROW.free_at_us).where(_ROW.bucket == bindparam("bucket"))


def take(connection: Connection, bucket: str, *, most: int, per: timedelta, at: datetime) -> Taken:
    """Take one of *most* per *per* out of a bucket, if there is one left.

    What is taken comes back with the transaction: whoever counts attempts that may be refused afterwards takes in a
    transaction of its own. A request that is given nothing uses up nothing.

    Args:
        connection: Of a write transaction.
        bucket: What is counted: a purpose and whom it is counted for, as ``code/phone/+8613800138000``. Kept as a hash.
        most: How many may come at once.
        per: Within which all of them come back, evenly.
        at: Now, by the clock of the database.
    """
    rate = Rate(most, per)
    span = per // _MICROSECOND
    step = max(1, span // rate.most)
    now = (at - _EPOCH) // _MICROSECOND
    name = hashlib.sha256(bucket.encode()).hexdigest()
    free_at = connection.scalar(
        _TAKE, {"bucket": name, "first": now + step, "now": now, "step": step, "limit": now + span}
    )
    if free_at is not None:
        return Taken(left=(now + span - int(free_at)) // step)
    used_until = int(connection.scalar(_FREE_AT, {"bucket": name}) or now)
    return Taken(left=0, wait=max(1, used_until + step - now - span) * _MICROSECOND)


def require(
    connection: Connection, bucket: str, *, most: int, per: timedelta, at: datetime, what: str
) -> Taken:
    """As ``take``, and refuse where nothing is left; *what* says in words who asked too often for what.

    Raises:
        TooManyRequests: It says how long to wait. Nothing was taken, so that a transaction that ends with it loses
            nothing.
    """
    taken = take(connection, bucket, most=most, per=per, at=at)
    if not taken.is_given:
        raise TooManyRequests(f"{what}: at most {most} in {per}", wait=taken.wait)
    return taken


def need_not_last(connection: Connection) -> None:
    """Let this transaction's commit not wait for the disk: what a crash makes it forget, somebody may ask once more.

    SQLite's commits are shared with others' that have to last.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_NEED_NOT_LAST)


def forget_full(connection: Connection, now: datetime) -> None:
    """Drop buckets to which all has come back: a row that says so is as good as none."""
    connection.execute(delete(request_rates).where(_ROW.free_at_us <= (now - _EPOCH) // _MICROSECOND))
