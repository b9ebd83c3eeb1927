"""What the printed claim file is made of, read in one snapshot: ``claim show`` and ``timeline``, and what they omit."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from backend.domain.claim import Claim
from backend.domain.fold import fold
from backend.domain.ids import ClaimId, OfficerId, PhotoId
from backend.domain.merkle.problems import NotInLogYet
from backend.domain.problems import NotFound
from backend.insight.audit import checkpoint_document
from backend.insight.claim_file import Document, Reader, show, timeline
from backend.insight.printed.ground import Ground, ground
from backend.insight.printed.signatures import Signed, signatures
from backend.store import audit_checkpoints, events, people, policies


@dataclass(frozen=True, slots=True)
class FindingSaid:
    """A doubt in the reader's words; ``holds`` where people look before the claim goes on."""

    text: str
    holds: bool


@dataclass(frozen=True, slots=True)
class ClaimFile:
    """A claim's file before it is laid out.

    ``names`` are officers' by id, ``leaves`` audit hashes by event number; ``log`` is the log's newest checkpoint.

    ``findings`` with how often each is said: twelve photos may be outside of the farm in the same words.
    """

    claim: Claim
    shown: Document
    findings: Mapping[FindingSaid, int]
    told: Document
    signed: tuple[Signed, ...]
    ground: Ground | None
    has_boundary: bool
    names: Mapping[str, str]
    leaves: Mapping[int, str]
    log: Document | None

    @property
    def received(self) -> tuple[PhotoId, ...]:
        """Photos whose pictures can be asked for, in the claim's order."""
        return tuple(photo.id for photo in self.claim.photos if photo.received_at is not None)


def gather(connection: Connection, claim_id: ClaimId, reader: Reader, now: datetime) -> ClaimFile:
    """Everything that the file shows, but for the pictures.

    Raises:
        NotFound: No such claim.
    """
    history = events.history(connection, claim_id)
    if not history:
        raise NotFound("claim", claim_id)
    claim = fold(history)
    signed = signatures(connection, claim_id, history)
    boundary = policies.boundary(connection, claim.report.policy.farm_id)
    shown = show(connection, claim_id, reader)
    log = _log(connection, now)
    officers = {one.by for one in signed} | {
        OfficerId(entry.actor.id) for entry in history if entry.actor.organisation
    }
    officers |= {one.officer for one in audit_checkpoints.last_of_each(connection)}
    return ClaimFile(
        claim=claim,
        shown=shown,
        findings=_findings(shown),
        told=timeline(connection, claim_id, reader, now),
        signed=signed,
        ground=ground(claim, boundary),
        has_boundary=boundary is not None,
        names=people.names(connection, officers),
        leaves=events.leaves(connection, claim_id),
        log=log,
    )


def _log(connection: Connection, now: datetime) -> Document | None:
    try:
        return checkpoint_document(connection, now)
    except NotInLogYet:
        return None


def _findings(shown: Document) -> Mapping[FindingSaid, int]:
    reasons = shown["reasons"]
    if not isinstance(reasons, list):
        raise TypeError("a claim's reasons are a list")
    return Counter(FindingSaid(one["text"], one["holds"]) for one in reasons)
