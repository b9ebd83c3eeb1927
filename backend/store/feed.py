"""State changes in the order of the audit log: a cursor over it misses nothing and repeats nothing.

Places are given by one transaction at a time (``audit_log.sequence``), without a gap: whoever sees one sees all before
it, also while many write on PostgreSQL, where ids of events become visible out of order.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any  # a row's columns are what its statement selects

from sqlalchemy import Connection, Row, Select, and_, or_, select

from backend.domain.claim import Claim
from backend.domain.events import Recorded
from backend.domain.feed.cloud_event import StateChange
from backend.domain.feed.cursor import Cursor
from backend.domain.feed.problems import CursorUnknown
from backend.domain.fold import apply
from backend.domain.ids import ClaimId, Digest
from backend.store import tables
from backend.store.audit_tables import audit_log
from backend.store.codec import recorded_from

_AT_ONCE = 200
"""Claims whose events one query reads: both databases take so many parameters."""


@dataclass(frozen=True, slots=True)
class Page:
    """Changes in order, and the cursor behind what was looked at; ``more``: there are others behind it by now."""

    changes: tuple[StateChange, ...]
    cursor: Cursor | None
    more: bool


def require(connection: Connection, cursor: Cursor) -> None:
    """Whether the record that a cursor names still stands at its place, as far as this reading sees.

    Raises:
        CursorUnknown: No.
    """
    leaf = connection.scalar(select(audit_log.c.leaf_hash).where(audit_log.c.place == cursor.place))
    if not cursor.names(leaf):
        raise CursorUnknown(f"at {cursor.place} stands another record than the cursor names, or none")


def newest(connection: Connection) -> Cursor | None:
    """The last place that this reading sees."""
    last = select(audit_log.c.place, audit_log.c.leaf_hash).order_by(audit_log.c.place.desc()).limit(1)
    row = connection.execute(last).one_or_none()
    return None if row is None else Cursor.at(row.place, row.leaf_hash)


def page(connection: Connection, after: Cursor | None, types: Sequence[str], most: int) -> Page:
    """At most so many changes that follow *after*, of these types (none: all), as far as this reading sees.

    Raises:
        CursorUnknown: *after* names what does not stand there any more.
    """
    if after is not None:
        require(connection, after)
    # Asked for first: what is placed meanwhile is behind it, and comes with the next page.
    end = newest(connection)
    if end is None:
        return Page((), after, more=False)
    start = 0 if after is None else after.place + 1
    rows = connection.execute(_placed(types).where(audit_log.c.place >= start).limit(most + 1)).all()
    kept = rows[:most]
    if len(rows) > most:
        stands = Cursor.at(kept[-1].place, kept[-1].leaf_hash)
        return Page(changes_of(connection, kept), stands, more=True)
    return Page(changes_of(connection, kept), end, more=False)


def placed_from(connection: Connection, start: int, most: int) -> Sequence[Row[Any]]:
    """At most so many places from *start* on, with ``claim_id``, ``leaf_hash``, ``type`` and the claim's ``county``."""
    return connection.execute(_placed(()).where(audit_log.c.place >= start).limit(most)).all()


def change_at(connection: Connection, place: int) -> StateChange | None:
    """The change at one place of the log; None where there is none."""
    rows = connection.execute(_placed(()).where(audit_log.c.place == place)).all()
    return next(iter(changes_of(connection, rows)), None)


def changes_of(connection: Connection, placed: Sequence[Row[Any]]) -> tuple[StateChange, ...]:
    """The changes at these places, in order."""
    last: dict[ClaimId, int] = {}
    for row in placed:
        last[row.claim_id] = max(last.get(row.claim_id, 0), row.seq)
    wanted = {(row.claim_id, row.seq): row for row in placed}
    found = []
    for claim_id, recorded, before, after in _walked(connection, last):
        at = wanted.get((claim_id, recorded.seq))
        if at is not None:
            leaf = Digest(at.leaf_hash)
            found.append(
                StateChange(place=at.place, leaf_hash=leaf, recorded=recorded, before=before, after=after)
            )
    return tuple(sorted(found, key=lambda change: change.place))


def _placed(types: Sequence[str]) -> Select[Any]:
    log, events, claims = audit_log, tables.events, tables.claims
    statement = (
        select(log.c.place, log.c.leaf_hash, log.c.claim_id, log.c.seq, events.c.type, claims.c.county)
        .join(events, events.c.id == log.c.event_id)
        .join(claims, claims.c.id == log.c.claim_id)
        .order_by(log.c.place)
    )
    return statement.where(events.c.type.in_(types)) if types else statement


def _walked(
    connection: Connection, last: Mapping[ClaimId, int]
) -> Iterable[tuple[ClaimId, Recorded, Claim | None, Claim]]:
    """Each event up to a claim's last wanted one, with the claim before and after it."""
    ids = sorted(last)
    events = tables.events
    for start in range(0, len(ids), _AT_ONCE):
        some = [
            and_(events.c.claim_id == one, events.c.seq <= last[one]) for one in ids[start : start + _AT_ONCE]
        ]
        rows = connection.execute(
            select(events).where(or_(*some)).order_by(events.c.claim_id, events.c.seq)
        ).all()
        for claim_id, own in groupby(rows, key=lambda row: ClaimId(row.claim_id)):
            claim: Claim | None = None
            for row in own:
                # Without what stands beside events: personal facts are read as erased, and cannot leave.
                recorded = recorded_from(row)
                before, claim = claim, apply(claim, recorded)
                yield claim_id, recorded, before, claim
