"""Where a claim's events stand in the audit log: worked out anew under the newest checkpoint, not only looked up."""

from datetime import datetime

from sqlalchemy import Connection

from backend.domain.ids import ClaimId
from backend.domain.merkle.proofs import inclusion_proof
from backend.domain.merkle.verifying import includes
from backend.insight.audit import Document, cosigned_document
from backend.store import audit_checkpoints, audit_log, events
from backend.store.audit_log import StoredTree


def audit_place(connection: Connection, claim_id: ClaimId, now: datetime) -> Document:
    """The newest of the claim's events that a checkpoint covers, with its inclusion proof (RFC 6962 §2.1.1).

    ``state`` is "included" where the proof leads from the event's own hash to the signed root, "broken" where it does
    not, and "waiting" while no checkpoint covers any event of the claim. ``behind`` counts the claim's events after it.
    """
    leaves = events.leaves(connection, claim_id)
    signed = audit_checkpoints.newest(connection)
    size = signed.checkpoint.size if signed else 0
    places = [
        one for one in audit_log.places(connection, claim_id, max(leaves, default=0)) if one.place < size
    ]
    if signed is None or not places:
        return {"state": "waiting", "events": len(leaves), "behind": len(leaves), "cosigned": []}
    newest, root = places[-1], bytes.fromhex(signed.checkpoint.root)
    proof = inclusion_proof(newest.place, size, StoredTree(connection))
    leaf = bytes.fromhex(leaves[newest.seq])
    is_in = includes(leaf=leaf, place=newest.place, size=size, proof=proof, root=root)
    return {
        "state": "included" if is_in else "broken",
        "events": len(leaves),
        "behind": len(leaves) - newest.seq,
        "seq": newest.seq,
        "place": newest.place,
        "leaf_hash": leaves[newest.seq],
        "inclusion": [one.hex() for one in proof],
        "size": size,
        "root": signed.checkpoint.root,
        "checkpoint_at": signed.checkpoint.at.isoformat(),
        "age_seconds": max(0.0, round((now - signed.checkpoint.at).total_seconds(), 3)),
        "key_id": signed.signature.key_id,
        "cosigned": [
            cosigned_document(one) | {"covers": one.size > newest.place}
            for one in audit_checkpoints.last_of_each(connection)
        ],
    }
