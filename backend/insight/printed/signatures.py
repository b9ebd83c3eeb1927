"""Every signature on a claim, with the bytes that were signed and the key that they are held against."""

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from backend.domain.events import Recorded
from backend.domain.ids import ClaimId, KeyId, OfficerId
from backend.domain.officer_keys.words import KeyStanding
from backend.domain.signed_parts import SignedPart, signed_parts
from backend.ed25519 import fits
from backend.store import officer_keys, signing_keys


class Standing(StrEnum):
    """Whether a signature is what it says."""

    FITS = "fits"
    DOES_NOT_FIT = "does_not_fit"
    KEY_UNKNOWN = "key_unknown"
    KEY_REVOKED = "key_revoked"
    """The key had ended before this was signed, by what is known now."""
    UNSIGNED = "unsigned"


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature: who put it under what; ``document`` is RFC 8785 JSON, ``public_key`` base64 of 32 bytes.

    ``key_id`` and ``signature`` are None for what was recorded before the installation signed such things.
    """

    seq: int
    at: datetime
    what: str
    by: OfficerId
    key_id: KeyId | None
    signature: str | None
    document: str
    public_key: str | None
    standing: Standing


def signatures(connection: Connection, claim_id: ClaimId, history: Sequence[Recorded]) -> tuple[Signed, ...]:
    """Every signature, in the order of the events, each held against the officer's key or the installation's."""
    return tuple(_signatures(connection, claim_id, history))


def _signatures(connection: Connection, claim_id: ClaimId, history: Sequence[Recorded]) -> Iterator[Signed]:
    own = {one.key_id: one.public_key for one in signing_keys.every(connection)}
    for entry in history:
        for part in signed_parts(claim_id, entry):
            given = part.signature
            public, standing = _held_against(connection, own, part, entry.at)
            yield Signed(
                seq=entry.seq,
                at=entry.at,
                what=part.what,
                by=part.by or OfficerId("installation"),
                key_id=given.key_id if given else None,
                signature=given.value if given else None,
                document=part.document.decode(),
                public_key=None if public is None else base64.b64encode(public).decode(),
                standing=standing,
            )


def _held_against(
    connection: Connection, own: Mapping[KeyId, bytes], part: SignedPart, at: datetime
) -> tuple[bytes | None, Standing]:
    given = part.signature
    if given is None:
        return None, Standing.UNSIGNED
    key = officer_keys.one(connection, given.key_id) if part.by else None
    public = (
        own.get(given.key_id) if part.by is None else key.public if key and key.officer == part.by else None
    )
    if public is None:
        return None, Standing.KEY_UNKNOWN
    if not fits(public, given, part.document):
        return public, Standing.DOES_NOT_FIT
    has_ended = key is not None and key.standing(at) is not KeyStanding.APPROVED
    return public, Standing.KEY_REVOKED if has_ended else Standing.FITS
