"""The identity of a photo: the sha-256 of its original bytes."""

import hashlib
from collections.abc import Iterable

from backend.domain.ids import PhotoId


def photo_id(content: bytes) -> PhotoId:
    """The identity of a photo held whole in memory."""
    return PhotoId(hashlib.sha256(content).hexdigest())


def photo_id_of_stream(chunks: Iterable[bytes]) -> PhotoId:
    """The identity of a photo that arrives in pieces; cutting it elsewhere changes nothing."""
    running = hashlib.sha256()
    for chunk in chunks:
        running.update(chunk)
    return PhotoId(running.hexdigest())
