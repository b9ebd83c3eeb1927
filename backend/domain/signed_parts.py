"""Every signature that an event carries, with the bytes that were signed."""

from dataclasses import dataclass

from backend.domain.attesting import attested_document
from backend.domain.decisions.disposing import certificate_document, handover_document
from backend.domain.events import (
    CertificateIssued,
    HandoverRecorded,
    LaneDecided,
    OfferAccepted,
    PayoutStarted,
    Recorded,
)
from backend.domain.ids import ClaimId, OfficerId, OrganisationId
from backend.domain.lanes import decision_document
from backend.domain.plain import moment
from backend.domain.signatures import Signature
from backend.domain.words import Lane


@dataclass(frozen=True, slots=True)
class SignedPart:
    """One signature. ``by`` is the officer, None for the installation; ``signature`` None: none was asked for then.

    ``lane`` and ``organisation`` are those in which an officer decided; None where the event does not say.
    """

    what: str
    by: OfficerId | None
    signature: Signature | None
    document: bytes
    lane: Lane | None = None
    organisation: OrganisationId | None = None


def signed_parts(claim_id: ClaimId, entry: Recorded) -> tuple[SignedPart, ...]:
    """What was signed with this event; none for a kind that nobody signs."""
    event = entry.event
    match event:
        case LaneDecided():
            document = decision_document(
                claim_id=claim_id,
                lane=event.lane,
                decision=event.decision,
                reason_code=event.reason_code,
                evidence_hash=event.evidence_hash,
                offer_hash=event.offer_hash,
                on_behalf_of=event.on_behalf_of,
            )
            given = Signature(event.key_id, event.signature)
            return (SignedPart("decision", event.by, given, document, event.lane, event.organisation),)
        case HandoverRecorded():
            document = handover_document(
                claim_id=claim_id,
                receipt_number=event.receipt_number,
                heads=event.heads,
                weight_kg=f"{event.weight_kg:f}",
                handed_over_at=moment(event.handed_over_at),
            )
            given = Signature(event.key_id, event.signature)
            return (
                SignedPart("handover", event.collector, given, document),
                _by_installation("handover agreed", claim_id, entry),
            )
        case CertificateIssued():
            document = certificate_document(
                claim_id=claim_id, certificate_number=event.certificate_number, heads=event.heads
            )
            given = Signature(event.key_id, event.signature)
            return (SignedPart("certificate", event.issued_by, given, document),)
        case OfferAccepted():
            return (_by_installation("acceptance", claim_id, entry),)
        case PayoutStarted():
            return (_by_installation("payout", claim_id, entry),)
    return ()


def _by_installation(what: str, claim_id: ClaimId, entry: Recorded) -> SignedPart:
    event = entry.event
    document = attested_document(claim_id, event, entry.at)
    if document is None or not isinstance(event, OfferAccepted | HandoverRecorded | PayoutStarted):
        raise TypeError(f"{event.type} carries no signature of the installation")
    return SignedPart(what, None, event.attestation, document)
