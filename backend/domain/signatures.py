"""What a signature is, and who puts the installation's own under a document."""

from collections.abc import Callable
from dataclasses import dataclass

from backend.domain.ids import KeyId


@dataclass(frozen=True, slots=True)
class Signature:
    """Ed25519 over a canonical document: ``value`` is base64, ``key_id`` half the sha-256 of the public key."""

    key_id: KeyId
    value: str


Seal = Callable[[bytes], Signature]
"""The installation's own signature over a document. Ed25519 draws no random numbers: the same document and key give
the same signature, so a decision that is handed a seal stays a pure function."""
