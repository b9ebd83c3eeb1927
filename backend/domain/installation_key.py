"""How the installation's keys follow one another."""

from datetime import datetime

from backend.domain.canonical import canonical
from backend.domain.ids import KeyId
from backend.domain.plain import moment


def introduction_document(*, former: KeyId, key_id: KeyId, public_key: str, at: datetime) -> bytes:
    """The bytes that a key signs for the one that follows it: RFC 8785 JSON; the new public key in base64."""
    return canonical(
        {
            "purpose": "flashclaim/installation-key/1",
            "former": former,
            "key_id": key_id,
            "public_key": public_key,
            "at": moment(at),
        }
    )
