"""A photo's bytes arrive: kept first, recorded second, so that what is recorded is always there."""

import asyncio
from dataclasses import dataclass

from backend.adapters.blobs import Blobs, BlobStoreFull
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.commands import ReceivePhoto
from backend.domain.ids import ClaimId, PhotoId
from backend.domain.parties import Actor
from backend.domain.problems import PhotoMismatch, PhotoNotAnnounced, StorageFull
from backend.evidence.hashes import photo_id as hash_of
from backend.store import events
from backend.store.run import Outcome, Store
from backend.workflows.clock import Clock


@dataclass(frozen=True, slots=True)
class Uploads:
    """Takes whole photos in."""

    store: Store
    blobs: Blobs
    clock: Clock

    async def receive(self, claim_id: ClaimId, photo_id: PhotoId, content: bytes, by: Actor) -> Outcome:
        """Keep an announced photo and record that it arrived; the same photo again changes nothing.

        Raises:
            NotFound: No such claim.
            PhotoNotAnnounced: No manifest of the claim named this hash.
            PhotoMismatch: The bytes have another hash than the address says.
            StorageFull: Nothing was kept, nothing half-written.
        """
        claim = await self.store.read(lambda connection: events.load(connection, claim_id), sight=EVERYWHERE)
        if claim.photo(photo_id) is None:
            raise PhotoNotAnnounced(photo_id)
        arrived = await asyncio.to_thread(hash_of, content)
        if arrived != photo_id:
            raise PhotoMismatch(announced=photo_id, arrived=arrived, size=len(content))
        try:
            await asyncio.to_thread(self.blobs.put, photo_id, content)
        except BlobStoreFull as full:
            raise StorageFull(f"no room for {len(content)} bytes") from full
        command = ReceivePhoto(photo_id=photo_id, bytes=len(content), by=by)
        return await self.store.run(claim_id, command, at=self.clock())
