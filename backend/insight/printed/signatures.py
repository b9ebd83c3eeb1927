"""Every signature on a claim, with the bytes that were signed and the key that they are held against."""

import base64
import binascii
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection

from backend.domain.decisions.disposing import certificate_document, handover_document
from backend.domain.events import CertificateIssued, HandoverRecorded, LaneDecided, Recorded
from backend.domain.ids import ClaimId, KeyId, OfficerId
from backend.domain.lanes import decision_document
from backend.domain.officer_keys.key import OfficerKey
from backend.domain.officer_keys.words import KeyStanding
from backend.domain.plain import moment
from backend.store import officer_keys


class Standing(StrEnum):
    """Whether a signature is what it says."""

    FITS = "fits"
    DOES_NOT_FIT = "does_not_fit"
    KEY_UNKNOWN = "key_unknown"
    KEY_REVOKED = "key_revoked"
    """The key had ended before this was signed, by what is known now."""


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature: who put it under what; ``document`` is RFC 8785 JSON, ``public_key`` base64 of 32 bytes."""

    seq: int
    at: datetime
    what: str
    by: OfficerId
    key_id: KeyId
    signature: str
    document: str
    public_key: str | None
    standing: Standing


def signatures(connection: Connection, claim_id: ClaimId, history: Sequence[Recorded]) -> tuple[Signed, ...]:
    """Every signature, in the order of the events, each held against the officer's registered key."""
    return tuple(_signatures(connection, claim_id, history))


def _signatures(connection: Connection, claim_id: ClaimId, history: Sequence[Recorded]) -> Iterator[Signed]:
    for entry in history:
        match entry.event:
            case LaneDecided(by=by) as event:
                document = decision_document(
                    claim_id=claim_id,
                    lane=event.lane,
                    decision=event.decision,
                    reason_code=event.reason_code,
                    evidence_hash=event.evidence_hash,
                    offer_hash=event.offer_hash,
                    on_behalf_of=event.on_behalf_of,
                )
            case HandoverRecorded(collector=by) as event:
                document = handover_document(
                    claim_id=claim_id,
                    receipt_number=event.receipt_number,
                    heads=event.heads,
                    weight_kg=f"{event.weight_kg:f}",
                    handed_over_at=moment(event.handed_over_at),
                )
            case CertificateIssued(issued_by=by) as event:
                document = certificate_document(
                    claim_id=claim_id, certificate_number=event.certificate_number, heads=event.heads
                )
            case _:
                continue
        key = officer_keys.one(connection, event.key_id)
        key = key if key and key.officer == by else None
        yield Signed(
            seq=entry.seq,
            at=entry.at,
            what=event.type,
            by=by,
            key_id=event.key_id,
            signature=event.signature,
            document=document.decode(),
            public_key=None if key is None else base64.b64encode(key.public).decode(),
            standing=_standing(key, event.signature, document, entry.at),
        )


def _standing(key: OfficerKey | None, signature: str, document: bytes, at: datetime) -> Standing:
    if key is None:
        return Standing.KEY_UNKNOWN
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(
            base64.b64decode(signature, validate=True), document
        )
    except (InvalidSignature, binascii.Error, ValueError):
        return Standing.DOES_NOT_FIT
    return Standing.FITS if key.standing(at) is KeyStanding.APPROVED else Standing.KEY_REVOKED
