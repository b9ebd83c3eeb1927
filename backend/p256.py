"""Whether a phone's signature fits: the one place that checks ECDSA P-256, which browsers offer everywhere."""

import base64
import binascii

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

POINT_BYTES = 65
"""An uncompressed point (SEC 1, 2.3.3): 0x04, x, y."""
_HALF = 32


def is_point(public_key: bytes) -> bool:
    """Whether these bytes are a point on the curve."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public_key)
    except ValueError:
        return False
    return len(public_key) == POINT_BYTES


def fits(public_key: bytes, signature: str, document: bytes) -> bool:
    """Whether *signature* (r and s of 32 bytes each, base64, as WebCrypto gives them) is the key's over *document*."""
    try:
        value = base64.b64decode(signature, validate=True)
        if len(value) != 2 * _HALF:
            return False
        r, s = int.from_bytes(value[:_HALF]), int.from_bytes(value[_HALF:])
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public_key)
        key.verify(encode_dss_signature(r, s), document, ec.ECDSA(SHA256()))
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True
