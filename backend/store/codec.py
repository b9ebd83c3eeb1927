"""Events to rows and back: canonical JSON in, typed dataclasses out, and the leaf hash of the audit log."""

from typing import Any, get_args  # a row's columns are what its statement selects

import msgspec
from sqlalchemy import Row

from backend.domain.events import Event, Recorded
from backend.domain.ids import ClaimId, Digest, OrganisationId
from backend.domain.merkle.tree import leaf_hash as sha256_leaf
from backend.domain.parties import Actor
from backend.domain.personal.withheld import is_withholding, opened
from backend.domain.plain import canonical_text, moment
from backend.domain.record import record_text
from backend.domain.words import ActorKind
from backend.store.beside import NONE, Facts
from backend.store.upcast import upcast

EVENT_TYPES: dict[str, type[Event]] = {kind.type: kind for kind in get_args(Event)}
# Made here, by one thread: msgspec 0.22 crashes the process (SIGSEGV) when two threads meet a type for the first time.
_DECODERS = {name: msgspec.json.Decoder(kind) for name, kind in EVENT_TYPES.items()}


def encode_payload(event: Event) -> str:
    """The event's own facts as canonical JSON text, personal ones too: what ``opened`` gives back."""
    return canonical_text(event)


def decode_event(event_type: str, payload: str, beside: Facts = NONE) -> Event:
    """The event that this payload was made from, older forms as today's.

    Args:
        event_type: Its name.
        payload: As its leaf hash covers it.
        beside: Personal facts that it committed to; those that are not there are read as erased.

    Raises:
        ValueError: An unknown type, or a payload that no form of it fits.
        PersonalDataAltered: A fact is beside that it has not committed to.
    """
    if beside or is_withholding(event_type, payload):
        payload = opened(payload, beside)
    decoder = _DECODERS.get(event_type)
    if decoder is None:
        raise ValueError(f"unknown event type {event_type}")
    try:
        return decoder.decode(payload)
    except msgspec.ValidationError:
        raised = upcast(event_type, payload)
        if raised is None:
            raise
        return decoder.decode(raised)


def leaf_hash(claim_id: ClaimId, recorded: Recorded, payload: str) -> Digest:
    """What the audit log stands on: sha-256 over 0x00 and the canonical record (a leaf of RFC 6962 §2.1).

    Over the payload as it is stored, with commitments where personal facts stand beside it.
    """
    return Digest(sha256_leaf(record_of(claim_id, recorded, payload).encode()).hex())


def record_of(claim_id: ClaimId, recorded: Recorded, payload: str) -> str:
    """The canonical text that the leaf hash covers; *payload* as it is stored."""
    return record_text(
        actor=canonical_text(recorded.actor),
        at=moment(recorded.at),
        claim_id=str(claim_id),
        payload=payload,
        seq=recorded.seq,
        event_type=recorded.event.type,
    )


def recorded_from(row: Row[Any], beside: Facts = NONE) -> Recorded:
    """A row of ``events`` as it was recorded, with the personal facts that stand beside it.

    Raises:
        ValueError, PersonalDataAltered: As ``decode_event``.
    """
    organisation = None if row.organisation is None else OrganisationId(row.organisation)
    return Recorded(
        seq=row.seq,
        at=row.at,
        actor=Actor(ActorKind(row.actor_kind), row.actor, organisation),
        event=decode_event(row.type, row.payload, beside),
    )
