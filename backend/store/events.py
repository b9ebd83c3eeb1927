"""The append-only list of events: read in order, written with the expected version."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, bindparam, insert, select

from backend.domain.claim import Claim
from backend.domain.events import Recorded
from backend.domain.fold import fold
from backend.domain.ids import ClaimId
from backend.domain.problems import NotFound
from backend.store import beside, tables
from backend.store.audit_tables import audit_waiting
from backend.store.codec import leaf_hash, recorded_from
from backend.store.vault import Vault, vault_of

_HISTORY = (
    select(tables.events).where(tables.events.c.claim_id == bindparam("claim")).order_by(tables.events.c.seq)
)
_AFTER = _HISTORY.where(tables.events.c.seq > bindparam("seq")).limit(bindparam("most"))
_APPEND = insert(tables.events)
_WAIT = insert(audit_waiting)


@dataclass(frozen=True, slots=True)
class EventRows:
    """What stands for appended events: their own rows, and the personal facts beside them."""

    events: list[dict[str, object]] = field(default_factory=list)
    beside: list[dict[str, object]] = field(default_factory=list)


def history(connection: Connection, claim_id: ClaimId) -> tuple[Recorded, ...]:
    """A claim's events in order; none for a claim that is not there."""
    rows = connection.execute(_HISTORY, {"claim": claim_id}).all()
    if not rows:
        return ()
    facts = beside.of_claim(connection, claim_id, vault_of(connection))
    return tuple(recorded_from(row, facts.get(row.seq, beside.NONE)) for row in rows)


def after(connection: Connection, claim_id: ClaimId, seq: int, *, most: int) -> tuple[Recorded, ...]:
    """At most so many of a claim's events that follow the one with this number, in order."""
    rows = connection.execute(_AFTER, {"claim": claim_id, "seq": seq, "most": most}).all()
    if not rows:
        return ()
    facts = beside.between(connection, claim_id, seq, rows[-1].seq, vault_of(connection))
    return tuple(recorded_from(row, facts.get(row.seq, beside.NONE)) for row in rows)


def leaves(connection: Connection, claim_id: ClaimId) -> dict[int, str]:
    """The audit hash of each of a claim's events, by its number."""
    wanted = select(tables.events.c.seq, tables.events.c.leaf_hash).where(
        tables.events.c.claim_id == claim_id
    )
    return {row.seq: row.leaf_hash for row in connection.execute(wanted.order_by(tables.events.c.seq))}


def load(connection: Connection, claim_id: ClaimId) -> Claim:
    """The claim as it stands.

    Raises:
        NotFound: No such claim.
    """
    recorded = history(connection, claim_id)
    if not recorded:
        raise NotFound("claim", claim_id)
    return fold(recorded)


def rows_of(claim_id: ClaimId, recorded: Sequence[Recorded], vault: Vault) -> EventRows:
    """The rows of new events, with their leaf hashes: made here alone, whoever writes them."""
    made = EventRows()
    for entry in recorded:
        payload = beside.payload_of(entry.event, claim_id, entry.seq, vault, made.beside)
        made.events.append(
            {
                "claim_id": claim_id,
                "seq": entry.seq,
                "at": entry.at,
                "type": entry.event.type,
                "actor_kind": entry.actor.kind,
                "actor": entry.actor.id,
                "organisation": entry.actor.organisation,
                "payload": payload,
                "leaf_hash": leaf_hash(claim_id, entry, payload),
            }
        )
    return made


def append(connection: Connection, claim_id: ClaimId, recorded: Sequence[Recorded]) -> None:
    """Write new events with their leaf hashes, which wait for their places in the audit log; personal facts beside.

    UNIQUE(claim_id, seq) refuses a second writer of one version.
    """
    made = rows_of(claim_id, recorded, vault_of(connection))
    connection.execute(_APPEND, made.events)
    beside.put(connection, made.beside)
    connection.execute(_WAIT, [{"claim_id": claim_id, "seq": entry.seq} for entry in recorded])
