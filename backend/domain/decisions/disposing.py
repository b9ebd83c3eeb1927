"""Harmless disposal 无害化处理: the handover receipt and the disposal certificate."""

from backend.domain.canonical import canonical
from backend.domain.claim import Claim
from backend.domain.commands import IssueCertificate, RecordHandover
from backend.domain.decisions.standing_in import require_not_assistant
from backend.domain.events import CertificateIssued, Event, HandoverRecorded
from backend.domain.ids import ClaimId
from backend.domain.problems import (
    CertificateAlreadyRecorded,
    FieldError,
    HandoverAlreadyRecorded,
    HandoverMissing,
    InvalidInput,
    NotAllowed,
)
from backend.domain.replacing import replace
from backend.domain.words import Lane


def handover_document(
    *, claim_id: ClaimId, receipt_number: str, heads: int, weight_kg: str, handed_over_at: str
) -> bytes:
    """The bytes a collector signs (Ed25519): RFC 8785 JSON of the receipt 移交单. Weight in kg, time RFC 3339 UTC."""
    return canonical(
        {
            "purpose": "flashclaim/handover/1",
            "claim_id": str(claim_id),
            "receipt_number": receipt_number,
            "heads": heads,
            "weight_kg": weight_kg,
            "handed_over_at": handed_over_at,
        }
    )


def certificate_document(*, claim_id: ClaimId, certificate_number: str, heads: int) -> bytes:
    """The bytes an inspection officer signs (Ed25519) for a disposal certificate 无害化处理证明."""
    return canonical(
        {
            "purpose": "flashclaim/certificate/1",
            "claim_id": str(claim_id),
            "certificate_number": certificate_number,
            "heads": heads,
        }
    )


def record_handover(claim: Claim, command: RecordHandover) -> list[Event]:
    """The receipt is a fact, whether it fits the claim or not; a corrected one may replace one that does not.

    Raises:
        NotAllowed: Only the collector, or the inspection officer who stands by, records a handover.
        AssistedByYou: The collector reported in the farmer's place.
        InvalidInput: Heads or weight that no receipt can have.
        HandoverAlreadyRecorded: Another receipt is recorded and fits.
    """
    collector = command.collector
    if collector.lane not in {None, Lane.INSPECTION}:
        raise NotAllowed("a handover is recorded by the collector or by the inspection office")
    require_not_assistant(claim, collector)
    errors = []
    if command.heads < 1:
        errors.append(FieldError("/heads", f"{command.heads} is not above 0"))
    if command.weight_kg <= 0:
        errors.append(FieldError("/weight_kg", f"{command.weight_kg} kg is not above 0"))
    if errors:
        raise InvalidInput("this receipt cannot be used", errors=errors)
    if claim.handover and not claim.receipt_gaps:
        raise HandoverAlreadyRecorded(f"receipt {claim.handover.receipt_number} fits the claim")
    return [_handover(command)]


def repeats_handover(claim: Claim, command: RecordHandover) -> bool:
    """Whether exactly this receipt is recorded."""
    return claim.handover is not None and replace(claim.handover, attestation=None) == _handover(command)


def issue_certificate(claim: Claim, command: IssueCertificate) -> list[Event]:
    """The plant destroyed the carcasses, the inspection office says.

    Raises:
        NotAllowed: Only the inspection office issues it.
        HandoverMissing: The certificate follows the carcasses.
        InvalidInput: Its heads are not those of the handover.
        CertificateAlreadyRecorded: Another one is recorded and fits the handover.
    """
    if command.officer.lane is not Lane.INSPECTION:
        raise NotAllowed("a disposal certificate is issued by the inspection office")
    if claim.handover is None:
        raise HandoverMissing("no handover is recorded yet")
    if command.heads != claim.handover.heads:
        detail = f"{command.heads} heads, but {claim.handover.heads} were handed over"
        raise InvalidInput("this certificate cannot be used", errors=[FieldError("/heads", detail)])
    if claim.certificate and claim.certificate.heads == claim.handover.heads:
        raise CertificateAlreadyRecorded(f"certificate {claim.certificate.certificate_number} is recorded")
    return [_certificate(command)]


def repeats_certificate(claim: Claim, command: IssueCertificate) -> bool:
    """Whether exactly this certificate is recorded."""
    return claim.certificate == _certificate(command)


def _handover(command: RecordHandover) -> HandoverRecorded:
    return HandoverRecorded(
        receipt_number=command.receipt_number,
        heads=command.heads,
        weight_kg=command.weight_kg,
        collector=command.collector.id,
        key_id=command.key_id,
        signature=command.signature,
        handed_over_at=command.handed_over_at,
    )


def _certificate(command: IssueCertificate) -> CertificateIssued:
    return CertificateIssued(
        certificate_number=command.certificate_number,
        heads=command.heads,
        issued_by=command.officer.id,
        key_id=command.key_id,
        signature=command.signature,
    )
