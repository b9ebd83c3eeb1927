"""What the installation puts its own signature under: the farmer's word, which a code gave, and money that leaves.

A farmer has no key, and the machine that pays is nobody's hand. The installation signs what it saw, at the moment it
recorded it, so that neither is added to a claim later by whoever can write to the database.
"""

from datetime import datetime

from backend.domain.canonical import canonical
from backend.domain.events import Event, HandoverRecorded, OfferAccepted, PayoutStarted
from backend.domain.ids import ClaimId, Digest
from backend.domain.plain import moment
from backend.domain.replacing import replace
from backend.domain.signatures import Seal
from backend.domain.words import AcceptanceMethod


def attested(claim_id: ClaimId, event: Event, at: datetime, seal: Seal | None) -> Event:
    """The event with the installation's signature, where its kind carries one; without a seal as it is."""
    if seal is None:
        return event
    document = attested_document(claim_id, event, at)
    if document is None:
        return event
    match event:
        case OfferAccepted() | HandoverRecorded() | PayoutStarted():
            return replace(event, attestation=seal(document))
    return event


def attested_document(claim_id: ClaimId, event: Event, at: datetime) -> bytes | None:
    """The bytes that the installation signs for an event recorded at this moment; None for a kind that needs none."""
    match event:
        case OfferAccepted(offer_hash=offer_hash, method=method):
            return acceptance_document(claim_id=claim_id, offer_hash=offer_hash, how=method, at=at)
        case HandoverRecorded(receipt_number=receipt):
            return handover_agreed_document(claim_id=claim_id, receipt_number=receipt, at=at)
        case PayoutStarted():
            return payout_document(claim_id=claim_id, payout=event, at=at)
    return None


def acceptance_document(
    *, claim_id: ClaimId, offer_hash: Digest, how: AcceptanceMethod, at: datetime
) -> bytes:
    """The farmer agreed to the offer with this hash: by its one-time code, or with the report."""
    return canonical(
        {
            "purpose": "flashclaim/acceptance/1",
            "claim_id": str(claim_id),
            "offer_hash": offer_hash,
            "how": how,
            "at": moment(at),
        }
    )


def handover_agreed_document(*, claim_id: ClaimId, receipt_number: str, at: datetime) -> bytes:
    """The farmer's handover code was given for this receipt 移交单; the collector signs what stands on it."""
    return canonical(
        {
            "purpose": "flashclaim/handover-agreed/1",
            "claim_id": str(claim_id),
            "receipt_number": receipt_number,
            "how": "one_time_code",
            "at": moment(at),
        }
    )


def payout_document(*, claim_id: ClaimId, payout: PayoutStarted, at: datetime) -> bytes:
    """The order to the bank: its idempotency key, and the payee by the account's last four digits.

    The account itself stays out: a hash over so few digits could be tried out after the person's data was erased. The
    claim's first event, in the same log, binds it.
    """
    return canonical(
        {
            "purpose": "flashclaim/payout/1",
            "claim_id": str(claim_id),
            "payout_no": payout.payout_no,
            "payout_id": str(payout.payout_id),
            "amount": str(payout.amount),
            "account_last4": payout.account_last4,
            "bank_file": payout.bank_file,
            "at": moment(at),
        }
    )
