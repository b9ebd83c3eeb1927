"""A claim's photos for those who look at them: the original, or a smaller picture that is made once."""

import asyncio
from dataclasses import dataclass, field

from backend.adapters.blobs import BlobCorrupt, BlobMissing, Blobs
from backend.adapters.derivatives import Derivatives
from backend.domain.ids import PhotoId
from backend.domain.problems import PhotoLost
from backend.evidence.reading.reader import HERE, PhotoReader
from backend.evidence.reduced import Side, recipe

_AT_ONCE = 2
"""Pictures made side by side: each may hold a whole decoded photo, 150 MB at the most."""


@dataclass(frozen=True, slots=True)
class Pictures:
    """What officers and farmers see of a photo that has been received."""

    blobs: Blobs
    derivatives: Derivatives
    reader: PhotoReader = HERE
    _making: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))

    async def original(self, photo_id: PhotoId) -> bytes:
        """The bytes as they were sent.

        Raises:
            PhotoLost: They are gone or have changed.
            PhotoStoreUnavailable: The store does not answer.
        """
        return await asyncio.to_thread(self._original, photo_id)

    async def reduced(self, photo_id: PhotoId, side: Side) -> bytes:
        """A JPEG whose longest side is at most *side* pixels.

        Raises:
            PhotoRefused: The original is no photo that can be read.
            PhotoLost, PhotoStoreUnavailable: As ``original``.
        """
        kept = await asyncio.to_thread(self.derivatives.find, photo_id, recipe(side))
        if kept is not None:
            return kept
        async with self._making:
            return await asyncio.to_thread(self._make, photo_id, side)

    def _make(self, photo_id: PhotoId, side: Side) -> bytes:
        picture = self.reader.reduced(self._original(photo_id), side)
        self.derivatives.keep(photo_id, recipe(side), picture)
        return picture

    def _original(self, photo_id: PhotoId) -> bytes:
        try:
            return self.blobs.get(photo_id)
        except (BlobMissing, BlobCorrupt) as lost:
            raise PhotoLost(photo_id) from lost
