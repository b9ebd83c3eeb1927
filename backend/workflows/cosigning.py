"""An office stands by a checkpoint: checked against what the installation signed, and against the officer's own key."""

from datetime import datetime

from backend.domain.merkle.problems import CheckpointUnknown
from backend.domain.parties import Officer
from backend.domain.signatures import Signature
from backend.store import audit_checkpoints
from backend.store.audit_checkpoints import Cosigned
from backend.store.engine import Transaction
from backend.workflows.review import require_signature


def cosign(
    connection: Transaction, officer: Officer, size: int, root: str, signature: Signature, at: datetime
) -> None:
    """Keep an officer's co-signature; the second of an office on one checkpoint changes nothing.

    Raises:
        CheckpointUnknown: The installation signed none of this size and root.
        ForgedSignature: It is not this officer's, or over another checkpoint.
    """
    signed = audit_checkpoints.of_size(connection, size)
    if signed is None or signed.checkpoint.root != root:
        raise CheckpointUnknown("checkpoint", f"of size {size} and root {root:.16}…")
    require_signature(connection, officer, signature, signed.checkpoint.cosigned_document, at)
    audit_checkpoints.put_cosignature(
        connection, Cosigned(size, officer.organisation, officer.lane, officer.id, signature, at)
    )
