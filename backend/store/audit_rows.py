"""The log and its events side by side, as their texts stand in the database: what a verification hashes.

Read past SQLAlchemy's types: a million rows are hashed from their own characters, and a row that somebody wrote by hand
is looked at as it is, not as our types would have it.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from sqlalchemy import Connection

from backend.domain.merkle.tree import leaf_hash
from backend.domain.record import actor_text, record_text

_AT_ONCE = 5000
_DASHED = (8, 12, 16, 20)

_SQL = """
SELECT l.place, {log_claim}, l.seq, l.leaf_hash,
    {claim}, e.seq, {at}, e.type, e.actor_kind, e.actor, e.organisation, e.payload, e.leaf_hash
FROM audit_log l LEFT JOIN events e ON e.id = l.event_id
ORDER BY l.place
"""
_UNPLACED_SQL = """
SELECT {claim}, e.seq FROM events e
WHERE NOT EXISTS (SELECT 1 FROM audit_log l WHERE l.event_id = e.id)
AND NOT EXISTS (SELECT 1 FROM audit_waiting w WHERE w.claim_id = e.claim_id AND w.seq = e.seq)
ORDER BY e.id LIMIT {most}
"""
_GAPS_SQL = """
SELECT c.number, min(e.seq), max(e.seq), count(e.seq), c.version
FROM claims c LEFT JOIN events e ON e.claim_id = c.id
GROUP BY c.id, c.number, c.version
HAVING count(e.seq) <> c.version OR coalesce(max(e.seq), 0) <> count(e.seq) OR coalesce(min(e.seq), 1) <> 1
ORDER BY c.number LIMIT {most}
"""
_MISSING_SQL = """
SELECT min(a.seq) FROM (
    SELECT e.seq + 1 AS seq FROM events e JOIN claims c ON c.id = e.claim_id WHERE c.number = {number}
    UNION ALL SELECT 1
) a WHERE NOT EXISTS (
    SELECT 1 FROM events e JOIN claims c ON c.id = e.claim_id WHERE c.number = {number} AND e.seq = a.seq
)
"""
# What an engine gives as something else than text.
_SAID = {
    "sqlite": {"log_claim": "l.claim_id", "claim": "e.claim_id", "at": "e.at"},
    "postgresql": {
        "log_claim": "l.claim_id::text",
        "claim": "e.claim_id::text",
        "at": "to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US') || '+00:00'",
    },
}


class Side(NamedTuple):
    """One place of the log with the event that it names; what is of the event is None where that is gone."""

    place: int
    log_claim: str
    log_seq: int
    log_leaf: str
    claim: str | None
    seq: int
    at: str
    type: str
    actor_kind: str
    actor: str
    organisation: str | None
    payload: str
    leaf: str

    def hashed(self) -> bytes:
        """The leaf hash of the event as it stands, worked out anew."""
        text = record_text(
            actor=actor_text(self.actor_kind, self.actor, self.organisation),
            at=self.at,
            claim_id=dashed(str(self.claim)),
            payload=self.payload,
            seq=self.seq,
            event_type=self.type,
        )
        # Whoever writes by hand may write what is no text; it is hashed all the same, and found to differ.
        return leaf_hash(text.encode("utf-8", "surrogatepass"))


class Gap(NamedTuple):
    """A claim whose events are not as many as its row says, or not numbered one after the other."""

    number: str
    first: int | None
    last: int | None
    events: int
    version: int


def sides(connection: Connection) -> Iterator[Side]:
    """The whole log in the order of its places, some thousand rows in memory at a time."""
    statement = _SQL.format(**_SAID[connection.dialect.name])
    for row in connection.exec_driver_sql(statement, execution_options={"yield_per": _AT_ONCE}):
        yield Side._make(row)


def unplaced(connection: Connection, *, most: int) -> list[tuple[str, int]]:
    """Claim ids and numbers of events that have no place and do not wait for one: nobody's command wrote them."""
    said = _SAID[connection.dialect.name]
    found = connection.exec_driver_sql(_UNPLACED_SQL.format(**said, most=most))
    return [(dashed(str(claim)), seq) for claim, seq in found]


def gaps(connection: Connection, *, most: int) -> list[Gap]:
    """Claims with too few or too many events, or with one missing between others."""
    return [Gap._make(row) for row in connection.exec_driver_sql(_GAPS_SQL.format(most=most))]


def first_missing(connection: Connection, number: str) -> int:
    """The number of the first event that a claim lacks."""
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    statement = _MISSING_SQL.format(number=mark)
    found = connection.exec_driver_sql(statement, (number, number)).scalar_one()
    return int(found)


def dashed(claim_id: str) -> str:
    """A UUID with its dashes; SQLite keeps them without."""
    if "-" in claim_id:
        return claim_id
    cuts = (0, *_DASHED, len(claim_id))
    return "-".join(claim_id[start:end] for start, end in pairwise(cuts))
