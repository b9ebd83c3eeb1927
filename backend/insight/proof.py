"""One claim as a file that proves itself: records, places in the log, signatures, keys, and what was signed."""

import base64
from collections.abc import Iterable, Sequence
from typing import Any  # a key's row, with whatever the register knows of it

from sqlalchemy import Connection, LargeBinary, select

from backend.domain.claim import Claim
from backend.domain.events import ClaimAssessed, ClaimTriaged, Recorded
from backend.domain.evidence import evidence_document
from backend.domain.fold import apply
from backend.domain.ids import ClaimId, KeyId
from backend.domain.merkle.problems import NotInLogYet
from backend.domain.merkle.proofs import inclusion_proof
from backend.domain.plain import plain
from backend.domain.problems import NotFound
from backend.domain.proof.checks import FORM
from backend.domain.signed_parts import signed_parts
from backend.insight.audit import Document, cosigned_document, key_document, signed_document
from backend.store import audit_checkpoints, audit_log, signing_keys, tables
from backend.store.audit_log import Place, StoredTree
from backend.store.codec import record_of, recorded_from


def proof_document(connection: Connection, claim_id: ClaimId) -> Document:
    """The claim's proof under the newest checkpoint.

    Raises:
        NotFound: No such claim.
        NotInLogYet: An event of it is not under a checkpoint yet.
    """
    rows = connection.execute(
        select(tables.events).where(tables.events.c.claim_id == claim_id).order_by(tables.events.c.seq)
    ).all()
    if not rows:
        raise NotFound("claim", claim_id)
    history = [recorded_from(row) for row in rows]
    places = audit_log.places(connection, claim_id, history[-1].seq)
    signed = audit_checkpoints.newest(connection)
    if signed is None or len(places) < len(rows) or places[-1].place >= signed.checkpoint.size:
        raise NotInLogYet(f"event {history[-1].seq} of the claim is not under a checkpoint yet")
    cosigned = audit_checkpoints.cosignatures(connection, signed.checkpoint.size)
    given = [(entry, part) for entry in history for part in signed_parts(claim_id, entry)]
    wanted = {part.signature.key_id for _, part in given if part.by and part.signature}
    folded = _folded(history)
    return {
        "form": FORM,
        "installation": signed.checkpoint.installation,
        "claim": {"id": str(claim_id), "number": folded.report.number},
        "events": _entries(
            connection,
            [record_of(claim_id, entry, row.payload) for entry, row in zip(history, rows, strict=True)],
            places,
            signed.checkpoint.size,
        ),
        "signatures": [
            {
                "seq": entry.seq,
                "what": part.what,
                "by": part.by or "installation",
                "key_id": part.signature.key_id if part.signature else None,
                "signature": part.signature.value if part.signature else None,
                "document": part.document.decode(),
            }
            for entry, part in given
        ],
        **_signed_documents(claim_id, history),
        "checkpoint": signed_document(signed),
        "cosignatures": [cosigned_document(one) for one in cosigned],
        "keys": {
            "installation": [key_document(one) for one in signing_keys.every(connection)],
            "officers": _officer_keys(connection, wanted | {one.signature.key_id for one in cosigned}),
        },
    }


def _entries(
    connection: Connection, texts: Sequence[str], places: Sequence[Place], size: int
) -> list[Document]:
    tree = StoredTree(connection)
    return [
        {
            "record": text,
            "place": at.place,
            "leaf_hash": at.leaf_hash,
            "inclusion": [one.hex() for one in inclusion_proof(at.place, size, tree)],
        }
        for text, at in zip(texts, places, strict=True)
    ]


def _folded(history: Sequence[Recorded]) -> Claim:
    claim: Claim | None = None
    for entry in history:
        claim = apply(claim, entry)
    if claim is None:
        raise ValueError("a claim has at least one event")
    return claim


def _signed_documents(claim_id: ClaimId, history: Sequence[Recorded]) -> Document:
    """Every offer and every body of evidence that stood at some time, under its hash."""
    offers, evidence = dict[str, object](), dict[str, object]()
    claim: Claim | None = None
    for entry in history:
        event = entry.event
        if isinstance(event, ClaimTriaged | ClaimAssessed):
            offers[event.offer.hash_for(claim_id)] = event.offer.document_for(claim_id)
        if isinstance(event, ClaimTriaged) and claim:
            before = evidence_document(claim, event.findings, event.scene)
            claim = apply(claim, entry)
            evidence[str(claim.evidence_hash)] = before
        else:
            claim = apply(claim, entry)
    return {
        "offers": [{"offer_hash": name, "document": said} for name, said in offers.items()],
        "evidence": [{"evidence_hash": name, "document": said} for name, said in evidence.items()],
    }


def _officer_keys(connection: Connection, wanted: Iterable[KeyId]) -> list[Document]:
    """All that the register knows of these keys, and whose they are: also when each was approved and revoked."""
    keys, officers, offices = tables.officer_keys, tables.officers, tables.organisations
    rows = connection.execute(
        select(keys, officers.c.name.label("officer_name"), officers.c.organisation_id, offices.c.lane)
        .join(officers, officers.c.id == keys.c.officer_id)
        .join(offices, offices.c.id == officers.c.organisation_id)
        .where(keys.c.key_id.in_(list(wanted)))
        .order_by(keys.c.key_id)
    )
    binary = {column.name for column in keys.columns if isinstance(column.type, LargeBinary)}
    return [
        {name: _said(value, is_bytes=name in binary) for name, value in row._mapping.items()}  # noqa: SLF001 - its public name
        for row in rows
    ]


def _said(value: Any, *, is_bytes: bool) -> object:
    return base64.b64encode(value).decode() if is_bytes and value is not None else plain(value)
