"""Whether a signature fits: the one place that checks Ed25519, for the server and for whoever has but a file."""

import base64
import binascii

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from backend.domain.signatures import Signature


def fits(public_key: bytes, signature: Signature, document: bytes) -> bool:
    """Whether the signature is the public key's (32 bytes) over the document."""
    try:
        value = base64.b64decode(signature.value, validate=True)
        Ed25519PublicKey.from_public_bytes(public_key).verify(value, document)
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True
