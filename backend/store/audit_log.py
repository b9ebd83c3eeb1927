"""The audit log: every event's leaf in a place of its own, from 0 without a gap, and the tree over them.

An event's transaction only marks it as waiting: a place taken there would queue every writer on one row. Places are
given here, by one transaction at a time.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, Connection, cast, delete, exists, func, insert, literal, select, tuple_

from backend.domain.ids import ClaimId
from backend.domain.merkle.tree import node_hash
from backend.store import tables
from backend.store.audit_tables import audit_log, audit_tiles, audit_waiting
from backend.store.bound_rows import Form

TILE = 256
"""Leaves whose common hash is kept; 256 such make the next one. Of any log a root or proof reads a few hundred."""

_LEVELS_A_TILE = 8
_LOCK = 0x61756469
"""Of PostgreSQL's advisory locks: who gives places. SQLite has one writer."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an event stands in the log; ``place`` counts from 0."""

    place: int
    claim_id: ClaimId
    seq: int
    leaf_hash: str


def lock(connection: Connection) -> None:
    """Until the end of this transaction nobody else gives places or makes checkpoints."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(cast(literal(_LOCK), BigInteger))))


def is_waiting(connection: Connection) -> bool:
    """Whether an event has no place yet."""
    return bool(connection.scalar(select(exists().select_from(audit_waiting))))


def size(connection: Connection) -> int:
    """How many events have a place."""
    last: int | None = connection.scalar(select(func.max(audit_log.c.place)))
    return 0 if last is None else last + 1


def sequence(connection: Connection, *, most: int) -> int:
    """Give at most so many waiting events their places, and return how many; ``lock`` was called before.

    In a claim the order of places is that of its events, between claims it is roughly that of time.
    """
    events, waiting = tables.events, audit_waiting
    taken = (
        select(waiting.c.claim_id, waiting.c.seq)
        # An event is never taken before an earlier one of its claim.
        .order_by(waiting.c.claim_id, waiting.c.seq)
        .limit(most)
        .subquery()
    )
    rows = connection.execute(
        select(events.c.id, events.c.claim_id, events.c.seq, events.c.leaf_hash)
        .join(taken, (taken.c.claim_id == events.c.claim_id) & (taken.c.seq == events.c.seq))
        .order_by(events.c.id)
    ).all()
    if not rows:
        return 0
    first = size(connection)
    connection.execute(
        insert(audit_log),
        [
            {
                "place": place,
                "event_id": row.id,
                "claim_id": row.claim_id,
                "seq": row.seq,
                "leaf_hash": row.leaf_hash,
            }
            for place, row in enumerate(rows, start=first)
        ],
    )
    placed = select(audit_log.c.claim_id, audit_log.c.seq).where(audit_log.c.place >= first)
    connection.execute(delete(waiting).where(tuple_(waiting.c.claim_id, waiting.c.seq).in_(placed)))
    _close_tiles(connection, first, [bytes.fromhex(row.leaf_hash) for row in rows])
    return len(rows)


def place_at_once(connection: Connection, first_event: int, events: Sequence[tuple[object, ...]]) -> None:
    """Give new events their places where nobody else writes: an empty database that is being filled.

    Args:
        connection: The transaction that fills it.
        first_event: The number of the first; the others follow without a gap.
        events: Claim, number in the claim and leaf hash, as the driver takes them.
    """
    begin = first_event - 1
    rows = [(place, place + 1, *event) for place, event in enumerate(events, start=begin)]
    Form(audit_log, connection.dialect).write(connection, rows)
    _close_tiles(connection, begin, [bytes.fromhex(str(leaf)) for _, _, leaf in events])


def leaves(connection: Connection, start: int, end: int) -> list[bytes]:
    """The leaf hashes, 32 bytes each, at places *start* to *end*, the end left out."""
    log = audit_log
    wanted = select(log.c.leaf_hash).where(log.c.place >= start, log.c.place < end).order_by(log.c.place)
    return [bytes.fromhex(one) for one in connection.scalars(wanted)]


def places(connection: Connection, claim_id: ClaimId, most_seq: int) -> tuple[Place, ...]:
    """Where a claim's events stand that have a place, in their order, up to *most_seq*."""
    log = audit_log
    # Through the events: the log itself is found by place and by event alone.
    found = connection.execute(
        select(log)
        .join(tables.events, tables.events.c.id == log.c.event_id)
        .where(tables.events.c.claim_id == claim_id, tables.events.c.seq <= most_seq)
        .order_by(log.c.seq)
    )
    return tuple(Place(row.place, ClaimId(row.claim_id), row.seq, row.leaf_hash) for row in found)


class StoredTree:
    """The tree over the log's leaves: complete subtrees by (level, number), read a tile at a time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._tiles: dict[tuple[int, int], list[bytes]] = {}

    def __call__(self, level: int, number: int) -> bytes:
        """The hash over the 2**level leaves from number * 2**level on.

        Raises:
            IndexError: The log is not that long.
        """
        height, rest = divmod(level, _LEVELS_A_TILE)
        start = number << rest
        tile, offset = divmod(start, TILE)
        if (height, tile) not in self._tiles:
            self._tiles[height, tile] = _row(self._connection, height, tile * TILE, (tile + 1) * TILE)
        found = self._tiles[height, tile][offset : offset + (1 << rest)]
        if len(found) != 1 << rest:
            raise IndexError(f"the log has no complete subtree {number} of level {level}")
        return _folded(found)


def _row(connection: Connection, height: int, start: int, end: int) -> list[bytes]:
    """Hashes over 256 ** height leaves each, by number, as far as there are any."""
    if height == 0:
        return leaves(connection, start, end)
    tiles = audit_tiles
    wanted = select(tiles.c.hash).where(
        tiles.c.level == height, tiles.c.number >= start, tiles.c.number < end
    )
    return [bytes(one) for one in connection.scalars(wanted.order_by(tiles.c.number))]


def _close_tiles(connection: Connection, first: int, added: Sequence[bytes]) -> None:
    """Keep the hashes of tiles that *added* leaves, which stand from *first* on, made complete."""
    height, begins, fresh = 0, first, list(added)
    while fresh:
        tile, before = divmod(begins, TILE)
        whole = _row(connection, height, begins - before, begins) + fresh if before else fresh
        made = [_folded(whole[at : at + TILE]) for at in range(0, len(whole) - TILE + 1, TILE)]
        height, begins, fresh = height + 1, tile, made
        if made:
            connection.execute(
                insert(audit_tiles),
                [
                    {"level": height, "number": number, "hash": one}
                    for number, one in enumerate(made, start=tile)
                ],
            )


def _folded(hashes: Sequence[bytes]) -> bytes:
    """The root over 2**n neighbouring hashes of one level."""
    while len(hashes) > 1:
        hashes = [node_hash(hashes[at], hashes[at + 1]) for at in range(0, len(hashes), 2)]
    return hashes[0]
