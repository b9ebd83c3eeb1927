"""The identity of a photo: the sha-256 of its original bytes."""

import hashlib

from backend.domain.ids import PhotoId


def photo_id(content: bytes) -> PhotoId:
    """The identity of a photo held whole in memory."""
    return PhotoId(hashlib.sha256(content).hexdigest())
