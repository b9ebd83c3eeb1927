"""The evidence that officers are shown, as one document with one hash."""

from collections.abc import Sequence
from dataclasses import fields

from backend.domain.canonical import digest
from backend.domain.claim import Claim
from backend.domain.events import SceneFound
from backend.domain.findings import Refer
from backend.domain.ids import Digest
from backend.domain.plain import plain
from backend.domain.policy import as_said

_ALWAYS_SAID = ("count", "low", "high", "unsure")


def evidence_document(claim: Claim, findings: Sequence[Refer], scene: SceneFound) -> dict[str, object]:
    """Everything a decision rests on: the report as declared, each photo with the machine's findings, the reasons.

    The handover and the certificate are facts of their own, not evidence: they may come before or after a decision
    without voiding it.
    """
    report = claim.report
    return {
        "claim_id": str(report.claim_id),
        "number": report.number,
        "policy_number": report.policy.number,
        "species": report.species,
        "heads": report.heads,
        "cause": report.cause,
        "occurred_at": plain(report.occurred_at),
        "animals": as_said(report.animals),
        "photos": [
            {"photo_id": photo.id, "received": photo.received_at is not None, "checks": plain(photo.checks)}
            for photo in claim.photos
        ],
        "scene": _scene(scene),
        "reasons": plain(tuple(findings)),
        "notes": list(claim.notes),
    }


def _scene(scene: SceneFound) -> object:
    """The estimate; what it did not say is left out, so that approvals of before it could say it still stand."""
    said = {one.name: getattr(scene, one.name) for one in fields(scene)}
    return plain(
        {name: value for name, value in said.items() if name in _ALWAYS_SAID or value not in (None, ())}
    )


def evidence_hash(claim: Claim, findings: Sequence[Refer], scene: SceneFound) -> Digest:
    """What an officer's approval is bound to."""
    return digest(evidence_document(claim, findings, scene))
