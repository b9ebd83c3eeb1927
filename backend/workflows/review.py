"""What officers sign: the signature is checked against the registered key before the claim hears of it."""

from datetime import datetime
from decimal import Decimal

from backend.domain.commands import DecideLane, IssueCertificate, RecordHandover
from backend.domain.decisions.disposing import certificate_document, handover_document
from backend.domain.ids import ClaimId
from backend.domain.lanes import decision_document
from backend.domain.officer_keys.key import require_signs
from backend.domain.parties import Officer
from backend.domain.plain import moment
from backend.domain.problems import ForgedSignature
from backend.domain.signatures import Signature
from backend.ed25519 import fits
from backend.store import officer_keys
from backend.store.engine import Transaction


def require_signed_decision(
    connection: Transaction, claim_id: ClaimId, at: datetime, *, command: DecideLane
) -> None:
    """Check an officer's decision.

    Raises:
        ForgedSignature: The signature is not this officer's over exactly this decision.
    """
    document = decision_document(
        claim_id=claim_id,
        lane=command.lane,
        decision=command.decision,
        reason_code=command.reason_code,
        evidence_hash=command.evidence_hash,
        offer_hash=command.offer_hash,
        on_behalf_of=command.on_behalf_of,
    )
    signature = Signature(command.key_id, command.signature)
    require_signature(connection, command.officer, signature, document, at)


def require_signed_handover(
    connection: Transaction, claim_id: ClaimId, at: datetime, *, command: RecordHandover
) -> None:
    """Check a collector's receipt 移交单.

    Raises:
        ForgedSignature: The signature is not this collector's over exactly this receipt.
    """
    document = handover_document(
        claim_id=claim_id,
        receipt_number=command.receipt_number,
        heads=command.heads,
        weight_kg=weight_text(command.weight_kg),
        handed_over_at=moment(command.handed_over_at),
    )
    signature = Signature(command.key_id, command.signature)
    require_signature(connection, command.collector, signature, document, at)


def require_signed_certificate(
    connection: Transaction, claim_id: ClaimId, at: datetime, *, command: IssueCertificate
) -> None:
    """Check a disposal certificate 无害化处理证明.

    Raises:
        ForgedSignature: The signature is not this officer's over exactly this certificate.
    """
    document = certificate_document(
        claim_id=claim_id, certificate_number=command.certificate_number, heads=command.heads
    )
    signature = Signature(command.key_id, command.signature)
    require_signature(connection, command.officer, signature, document, at)


def require_signature(
    connection: Transaction, officer: Officer, signature: Signature, document: bytes, at: datetime
) -> None:
    """Check that *officer* signed *document* with a key that was theirs at that time.

    Raises:
        ForgedSignature: Unknown or foreign key, or the signature does not fit.
        KeyPending, KeyRefused, KeyRevoked: It is theirs and fits, and the key signs nothing then.
    """
    key = officer_keys.one(connection, signature.key_id)
    if key is None or key.officer != officer.id:
        raise ForgedSignature(f"{officer.id} has no key {signature.key_id:.16}")
    if not fits(key.public, signature, document):
        raise ForgedSignature(f"not a signature of {officer.id} over what was sent")
    require_signs(key, at)


def weight_text(weight_kg: Decimal) -> str:
    """A weight as it is signed: plain decimal, as it was written."""
    return f"{weight_kg:f}"
