"""A photo arrives in parts: what has come stays through broken lines and kills, and the last byte makes it whole.

Two promises: an offset is told only for bytes that would survive a power cut, and an offset at the end only for a photo
that is kept and recorded. One upload of a photo writes at a time; a silent one makes way (docs/decisions/0010).
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from tempfile import SpooledTemporaryFile

import structlog

from backend import stopping
from backend.adapters.blobs import BlobStoreFull
from backend.adapters.disk import FULL
from backend.adapters.part_files import Part, PartBusy, PartFolder, PartMoved
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.ids import ClaimId, PhotoId
from backend.domain.parties import Actor
from backend.domain.photos import Photo
from backend.domain.problems import PhotoMismatch, PhotoNotAnnounced, StorageFull
from backend.domain.upload_problems import (
    ChecksumMismatch,
    OffsetMismatch,
    PhotoStays,
    UnknownChecksum,
    UploadInterrupted,
    UploadLocked,
    UploadTooLong,
)
from backend.evidence.photo import inspect
from backend.store import events
from backend.workflows.uploads import Uploads

CHECKSUMS = ("sha1", "sha256")
_PIECE = 65_536
_LOOK_AGAIN_S = 0.05
_LOOKS_WHILE_SILENT = 4
_SWEEPS_EACH_EXPIRY = 20
_RAREST_SWEEP = timedelta(minutes=10)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Checksum:
    """What the bytes of one request hash to, as the client says: an algorithm of CHECKSUMS and the raw digest."""

    algorithm: str
    digest: bytes

    def __post_init__(self) -> None:
        if self.algorithm not in CHECKSUMS:
            raise UnknownChecksum(f"{self.algorithm!r} is none of {', '.join(CHECKSUMS)}")
        if len(self.digest) != hashlib.new(self.algorithm).digest_size:
            raise UnknownChecksum(f"no {self.algorithm} has {len(self.digest)} bytes")


@dataclass(frozen=True, slots=True)
class Chunk:
    """The bytes of one request.

    ``length`` is how many there are, None where the client did not say. ``pieces`` yields them as they arrive and
    raises ``UploadInterrupted`` where the line breaks.
    """

    offset: int
    pieces: AsyncIterator[bytes]
    length: int | None = None
    checksum: Checksum | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of a photo has arrived; ``expires_at`` is when a part is removed that does not grow."""

    offset: int
    length: int
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Patience:
    """How long an upload may be silent, in seconds.

    After ``holding`` it no longer keeps others from going on with the photo, after ``listening`` it is given up. A
    newcomer waits ``waiting`` for the other: longer than ``holding``, so that no phone is kept out by its own ghost.
    """

    holding: float = 2.0
    waiting: float = 3.0
    listening: float = 60.0


@dataclass(frozen=True, slots=True)
class ResumableUploads:
    """Takes photos in piece by piece."""

    uploads: Uploads
    folder: PartFolder
    expiry: timedelta
    patience: Patience = field(default_factory=Patience)

    async def progress(self, claim_id: ClaimId, photo_id: PhotoId) -> Progress:
        """How much of an announced photo has arrived.

        Raises:
            NotFound: No such claim.
            PhotoNotAnnounced: No manifest of the claim named this hash.
        """
        photo = await self._announced(claim_id, photo_id)
        length = photo.announced.bytes
        if photo.received_at:
            return Progress(length, length)
        found = await asyncio.to_thread(self.folder.find, _name(claim_id, photo_id))
        if found is None:
            return Progress(0, length)
        return Progress(_told(found.size, length), length, found.touched_at + self.expiry)

    async def append(self, claim_id: ClaimId, photo_id: PhotoId, chunk: Chunk, by: Actor) -> Progress:
        """Go on with a photo; its last byte keeps and records it. A photo that is there already changes nothing.

        Raises:
            NotFound: No such claim.
            PhotoNotAnnounced: No manifest of the claim named this hash.
            OffsetMismatch: The bytes do not go on where the part ends, or another upload went on with it.
            UploadLocked: Another upload of the photo is under way.
            UploadTooLong: More bytes than were announced; none of these was kept.
            ChecksumMismatch: None of these bytes was kept.
            UploadInterrupted: What had arrived is kept, unless a checksum was to come true at the end.
            PhotoMismatch: The whole is not the announced photo; the upload begins anew.
            StorageFull: What had arrived is kept.
            PhotoRefused: The whole is kept and recorded, and no photo can be read from it (docs/decisions/0006).
        """
        photo = await self._announced(claim_id, photo_id)
        length = photo.announced.bytes
        if photo.received_at:
            return await self._repeat(photo, chunk)
        if chunk.length is not None and chunk.offset + chunk.length > length:
            raise UploadTooLong(announced=length)
        part = await self._hold(_name(claim_id, photo_id))
        try:
            told = _told(part.size, length)
            if chunk.offset != told:
                raise OffsetMismatch(sent=chunk.offset, current=told)
            if part.size > told:
                await asyncio.to_thread(part.cut, told)
            await self._take(part, chunk, length)
            if part.size == length:
                return await self._finish(claim_id, photo_id, part, by)
            await self._settle(part, told)
            return Progress(part.size, length, self.uploads.clock() + self.expiry)
        except BlobStoreFull as full:
            raise StorageFull("no room for the rest of the photo") from full
        except PartMoved as moved:
            raise OffsetMismatch(
                sent=chunk.offset, current=(await self.progress(claim_id, photo_id)).offset
            ) from moved
        finally:
            part.close()

    async def end(self, claim_id: ClaimId, photo_id: PhotoId) -> None:
        """Remove what has arrived of a photo; it stays announced and may be sent anew.

        Raises:
            NotFound: No such claim.
            PhotoNotAnnounced: No manifest of the claim named this hash.
            PhotoStays: It has arrived.
            UploadLocked: An upload of it is under way.
        """
        photo = await self._announced(claim_id, photo_id)
        if photo.received_at:
            raise PhotoStays(f"received at {photo.received_at:%Y-%m-%d %H:%M:%S} UTC")
        part = await self._hold(_name(claim_id, photo_id))
        try:
            await asyncio.to_thread(part.drop)
        finally:
            part.close()

    async def forget(self, claim_id: ClaimId, photo_id: PhotoId) -> None:
        """Remove the part of a photo that has come whole another way."""
        await asyncio.to_thread(self.folder.drop, _name(claim_id, photo_id))

    @asynccontextmanager
    async def sweeping(self) -> AsyncIterator[None]:
        """Remove stale parts, now and again and again until the end."""
        sweeper = asyncio.create_task(self._sweep_often())
        try:
            yield
        finally:
            sweeper.cancel()
            with suppress(asyncio.CancelledError):
                await sweeper

    async def _sweep_often(self) -> None:
        pause = min(_RAREST_SWEEP, self.expiry / _SWEEPS_EACH_EXPIRY).total_seconds()
        while True:
            try:
                swept = await asyncio.to_thread(self.folder.sweep, self.uploads.clock() - self.expiry)
            except OSError:
                log.exception("upload.sweep_failed")
            else:
                for name in swept:
                    log.info("upload.expired", part=name)
            await asyncio.sleep(pause)

    async def _announced(self, claim_id: ClaimId, photo_id: PhotoId) -> Photo:
        claim = await self.uploads.store.read(
            lambda connection: events.load(connection, claim_id), sight=EVERYWHERE
        )
        photo = claim.photo(photo_id)
        if photo is None:
            raise PhotoNotAnnounced(photo_id)
        return photo

    async def _repeat(self, photo: Photo, chunk: Chunk) -> Progress:
        """The client lost the last answer: it gets the same one."""
        length = photo.announced.bytes
        if chunk.offset != length:
            raise OffsetMismatch(sent=chunk.offset, current=length)
        async for piece in chunk.pieces:
            if piece:
                raise UploadTooLong(announced=length)
        content = await asyncio.to_thread(self.uploads.blobs.get, photo.id)
        await asyncio.to_thread(inspect, content)
        return Progress(length, length)

    async def _hold(self, name: str) -> Part:
        ends = asyncio.get_running_loop().time() + self.patience.waiting
        while True:
            try:
                return await asyncio.to_thread(self.folder.open, name)
            except PartBusy as busy:
                if asyncio.get_running_loop().time() > ends:
                    raise UploadLocked("bytes of it are arriving over another connection") from busy
            except BlobStoreFull as full:
                raise StorageFull("no room for another upload") from full
            await asyncio.sleep(_LOOK_AGAIN_S)

    async def _take(self, part: Part, chunk: Chunk, length: int) -> None:
        """Keep the bytes as they arrive, those with a checksum once it has come true."""
        begins = part.size
        if chunk.checksum:
            with self.folder.aside() as aside:
                await self._set_aside(aside, part, chunk, chunk.checksum, room=length - begins)
                await asyncio.to_thread(_copy, aside, part)
        else:
            async for piece in self._heard(chunk.pieces, part):
                if part.size + len(piece) > length:
                    await asyncio.to_thread(part.cut, begins)
                    raise UploadTooLong(announced=length)
                await asyncio.to_thread(part.append, piece)

    async def _settle(self, part: Part, before: int) -> None:
        try:
            await asyncio.to_thread(part.settle)
        except BlobStoreFull:
            # What a disk took and then had no room for may be anything.
            await asyncio.to_thread(part.cut, before)
            raise

    async def _set_aside(
        self,
        aside: "SpooledTemporaryFile[bytes]",
        part: Part,
        chunk: Chunk,
        checksum: Checksum,
        *,
        room: int,
    ) -> None:
        hashed = hashlib.new(checksum.algorithm)  # the client chose it, against a bad line: not for security
        arrived = 0
        async for piece in self._heard(chunk.pieces, part):
            arrived += len(piece)
            if arrived > room:
                raise UploadTooLong(announced=part.size + room)
            hashed.update(piece)
            try:
                await asyncio.to_thread(aside.write, piece)
            except OSError as error:
                if error.errno in FULL:
                    raise BlobStoreFull("no room for the part") from error
                raise
        if hashed.digest() != checksum.digest:
            raise ChecksumMismatch(f"{arrived} bytes have {checksum.algorithm} {hashed.hexdigest()}")

    async def _heard(self, pieces: AsyncIterator[bytes], part: Part) -> AsyncIterator[bytes]:
        """The pieces as they arrive; while the line is silent, the part is not held for long."""
        while True:
            coming = asyncio.ensure_future(anext(pieces, None))
            try:
                is_held = await self._listen(coming, part)
                piece = await coming
            finally:
                coming.cancel()
            if not is_held:
                await asyncio.to_thread(part.hold_again)
            if piece is None:
                return
            yield piece

    async def _listen(self, coming: "asyncio.Future[bytes | None]", part: Part) -> bool:
        """Wait for the next piece; returns whether the part is still held then."""
        now = asyncio.get_running_loop().time
        since, is_held = now(), True
        while not (await asyncio.wait({coming}, timeout=self.patience.holding / _LOOKS_WHILE_SILENT))[0]:
            silent = now() - since
            if stopping.asked.is_set():
                raise UploadInterrupted("the server is about to stop")
            if silent >= self.patience.listening:
                raise UploadInterrupted(f"no byte came for {self.patience.listening:g} seconds")
            if is_held and silent >= self.patience.holding:
                await asyncio.to_thread(part.let_go)
                is_held = False
        return is_held

    async def _finish(self, claim_id: ClaimId, photo_id: PhotoId, part: Part, by: Actor) -> Progress:
        content = await asyncio.to_thread(part.read)
        try:
            await self.uploads.receive(claim_id, photo_id, content, by)
        except PhotoMismatch:
            await asyncio.to_thread(part.drop)
            raise
        await asyncio.to_thread(part.drop)
        await asyncio.to_thread(inspect, content)
        return Progress(len(content), len(content))


def _name(claim_id: ClaimId, photo_id: PhotoId) -> str:
    # By claim too: another farmer who announces the same photo neither sees nor disturbs this upload.
    return f"{claim_id}-{photo_id}"


def _told(size: int, length: int) -> int:
    """The offset that a client is told: the last byte counts only once the photo is kept and recorded.

    A whole part that no photo was made of yet (the server was killed there, the store of originals was full) asks for
    its last byte again; no client takes such a photo for delivered.
    """
    return min(size, length - 1)


def _copy(aside: "SpooledTemporaryFile[bytes]", part: Part) -> None:
    aside.seek(0)
    while piece := aside.read(_PIECE):
        part.append(piece)
