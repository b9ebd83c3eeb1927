"""Records of an exported claim as events again: those that somebody signed, with the standard library alone."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any  # JSON of a file from outside
from uuid import UUID

from backend.domain.events import (
    CertificateIssued,
    Event,
    HandoverRecorded,
    LaneDecided,
    OfferAccepted,
    PayoutStarted,
    Recorded,
)
from backend.domain.ids import ClaimId, Digest, KeyId, OfficerId, OrganisationId, PayoutId
from backend.domain.money import Money
from backend.domain.parties import Actor
from backend.domain.signatures import Signature
from backend.domain.words import AcceptanceMethod, ActorKind, Decision, Lane, ReasonCode

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its text, and what it says. ``recorded`` is None for a kind that nobody signs."""

    text: str
    claim_id: ClaimId
    seq: int
    at: datetime
    type: str
    payload: Facts
    recorded: Recorded | None


def read_record(text: str) -> Record:
    """What a record's text says.

    Raises:
        ValueError, KeyError, TypeError: It is no record.
    """
    said = json.loads(text)
    at, payload = datetime.fromisoformat(said["at"]), json.loads(said["payload"])
    event = _signed_event(said["type"], payload)
    who = said["actor"]
    actor = Actor(ActorKind(who["kind"]), who["id"], who["organisation"])
    recorded = None if event is None else Recorded(said["seq"], at, actor, event)
    return Record(text, ClaimId(UUID(said["claim_id"])), said["seq"], at, said["type"], payload, recorded)


def offer_document(claim_id: ClaimId, offer: Facts) -> dict[str, object]:
    """What the hash of an offer in a record's payload is over; as ``Offer.document_for``."""
    return {
        "claim_id": str(claim_id),
        "product": offer["product"],
        "heads": offer["heads"],
        "heads_payable": offer["heads_payable"],
        "amount": str(Money(offer["amount"]["fen"])),
        "lines": [
            {
                "ref": line["ref"],
                "amount": str(Money(line["amount"]["fen"])),
                "weight_kg": None if line.get("weight_kg") is None else f"{Decimal(line['weight_kg']):f}",
            }
            for line in offer["lines"]
        ],
    }


def _signed_event(kind: str, said: Facts) -> Event | None:
    match kind:
        case LaneDecided.type:
            return _decision(said)
        case OfferAccepted.type:
            return OfferAccepted(
                offer_hash=Digest(said["offer_hash"]),
                method=AcceptanceMethod(said["method"]),
                attestation=_attestation(said),
            )
        case HandoverRecorded.type:
            return HandoverRecorded(
                receipt_number=said["receipt_number"],
                heads=said["heads"],
                weight_kg=Decimal(said["weight_kg"]),
                collector=OfficerId(said["collector"]),
                key_id=KeyId(said["key_id"]),
                signature=said["signature"],
                handed_over_at=datetime.fromisoformat(said["handed_over_at"]),
                attestation=_attestation(said),
            )
        case CertificateIssued.type:
            return CertificateIssued(
                certificate_number=said["certificate_number"],
                heads=said["heads"],
                issued_by=OfficerId(said["issued_by"]),
                key_id=KeyId(said["key_id"]),
                signature=said["signature"],
            )
        case PayoutStarted.type:
            return PayoutStarted(
                payout_no=said["payout_no"],
                payout_id=PayoutId(UUID(said["payout_id"])),
                amount=Money(said["amount"]["fen"]),
                bank_file=said.get("bank_file"),
                account_last4=said.get("account_last4", ""),
                attestation=_attestation(said),
            )
    return None


def _decision(said: Facts) -> LaneDecided:
    return LaneDecided(
        lane=Lane(said["lane"]),
        decision=Decision(said["decision"]),
        by=OfficerId(said["by"]),
        organisation=OrganisationId(said["organisation"]),
        reason_code=None if said["reason_code"] is None else ReasonCode(said["reason_code"]),
        note=said["note"],
        evidence_hash=Digest(said["evidence_hash"]),
        offer_hash=Digest(said["offer_hash"]),
        key_id=KeyId(said["key_id"]),
        signature=said["signature"],
        on_behalf_of=None if said.get("on_behalf_of") is None else OrganisationId(said["on_behalf_of"]),
    )


def _attestation(said: Facts) -> Signature | None:
    given = said.get("attestation")
    return None if given is None else Signature(KeyId(given["key_id"]), given["value"])
