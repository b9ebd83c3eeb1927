"""Whose keys an exported file holds, and when each was good."""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any  # JSON of a file from outside

from backend.domain.ids import KeyId
from backend.domain.installation_key import introduction_document
from backend.domain.signatures import Signature

Fits = Callable[[bytes, Signature, bytes], bool]
"""Whether the signature is the public key's (32 bytes) over the document."""

_ID_DIGITS = 32


@dataclass(frozen=True, slots=True)
class Key:
    """A public key, whose it is, and from when until when it was good; ``begins`` None: it never was."""

    key_id: KeyId
    public_key: bytes
    begins: datetime | None
    ends: datetime | None
    officer: str | None = None
    organisation: str | None = None
    lane: str | None = None

    def was_good(self, at: datetime) -> bool:
        """What it signed then counts, also after it was revoked."""
        return self.begins is not None and self.begins <= at and (self.ends is None or at < self.ends)


def officer_key(said: Mapping[str, Any]) -> Key:
    """An officer's key: good from its approval, where the file speaks of approvals, else from its registration."""
    begins = said["approved_at"] if "approved_at" in said else said["registered_at"]
    public = base64.b64decode(said["public_key"], validate=True)
    return Key(
        _checked_id(said["key_id"], public),
        public,
        _moment(begins),
        _moment(said["revoked_at"]),
        said["officer_id"],
        said["organisation_id"],
        said["lane"],
    )


def installation_key(said: Mapping[str, Any]) -> Key:
    """A key of the installation itself."""
    public = base64.b64decode(said["public_key"], validate=True)
    return Key(
        _checked_id(said["key_id"], public), public, _moment(said["began_at"]), _moment(said["ended_at"])
    )


def unintroduced(keys: Sequence[Mapping[str, Any]], fits: Fits) -> list[KeyId]:
    """Keys of an installation, the oldest first, that the key before them does not vouch for; the first needs nobody.

    Not any earlier key: one that was replaced because it was stolen would vouch for the thief's for ever.
    """
    former: Key | None = None
    strangers = []
    for said in keys:
        key = installation_key(said)
        by, value = said["introduced_by"], said["introduction"]
        if former and not (by == former.key_id and _is_introduced(key, value, former, fits)):
            strangers.append(key.key_id)
        former = key
    return strangers


def _is_introduced(key: Key, value: str, former: Key, fits: Fits) -> bool:
    if key.begins is None:
        return False
    document = introduction_document(
        former=former.key_id,
        key_id=key.key_id,
        public_key=base64.b64encode(key.public_key).decode(),
        at=key.begins,
    )
    return fits(former.public_key, Signature(former.key_id, value), document)


def _checked_id(key_id: str, public: bytes) -> KeyId:
    made = sha256(public).hexdigest()[:_ID_DIGITS]
    if key_id != made:
        raise ValueError(f"key {key_id:.16} has the id {made:.16}")
    return KeyId(key_id)


def _moment(said: str | None) -> datetime | None:
    return None if said is None else datetime.fromisoformat(said)
