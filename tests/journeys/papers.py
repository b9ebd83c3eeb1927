"""What officers sign: a person with a key, decisions and receipts as their machines send them."""

import base64
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from backend.domain.decisions.disposing import handover_document
from backend.domain.ids import ClaimId
from backend.domain.lanes import decision_document
from backend.domain.plain import moment
from backend.domain.words import Decision, Lane, ReasonCode


@dataclass
class OfficerClient:
    """An officer with a session and a registered key."""

    http: httpx.Client
    id: str
    lane: Lane | None
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    key_id: str = ""

    def sign(self, document: bytes) -> str:
        return base64.b64encode(self.key.sign(document)).decode()


def signed_decision(officer: OfficerClient, shown: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """An officer's decision over a claim as it was shown; a changed signature is not made again."""
    body = {
        "lane": officer.lane,
        "decision": "approve",
        "evidence_hash": shown["evidence_hash"],
        "offer_hash": shown["offer"]["offer_hash"],
        "reason_code": None,
        "note": "",
    } | changes
    document = decision_document(
        claim_id=shown["id"],
        lane=Lane(body["lane"]),
        decision=Decision(body["decision"]),
        reason_code=ReasonCode(body["reason_code"]) if body["reason_code"] else None,
        evidence_hash=body["evidence_hash"],
        offer_hash=body["offer_hash"],
        on_behalf_of=body.get("on_behalf_of"),
    )
    return {"key_id": officer.key_id, "signature": officer.sign(document)} | body


def signed_handover(
    collector: OfficerClient,
    claim: str,
    code: str,
    *,
    heads: int = 1,
    weight_kg: str = "95.0",
    **changes: Any,
) -> dict[str, Any]:
    """A collector's receipt for the carcasses; a changed signature is not made again."""
    at, receipt = datetime.now(UTC), changes.pop("receipt_number", f"R-{uuid4().hex[:8]}")
    document = handover_document(
        claim_id=ClaimId(UUID(claim)),
        receipt_number=receipt,
        heads=heads,
        weight_kg=weight_kg,
        handed_over_at=moment(at),
    )
    return {
        "receipt_number": receipt,
        "heads": heads,
        "weight_kg": weight_kg,
        "handed_over_at": moment(at),
        "farmer_code": code,
        "key_id": collector.key_id,
        "signature": collector.sign(document),
    } | changes
