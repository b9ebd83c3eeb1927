"""Photos that have arrived in part 上传分段: one file each in a folder of this machine, held while it grows.

Whoever opens a part holds it, against every connection of every process on this machine: the lock is the kernel's
(``flock``), so that a killed process holds nothing. All of this blocks: call it from a thread.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import SpooledTemporaryFile
from threading import Lock

from backend.adapters.blobs import BlobStoreFull
from backend.adapters.disk import FULL, sync

_IN_MEMORY_BYTES = 262_144
_SUFFIX = ".part"


class PartBusy(RuntimeError):
    """Another upload holds the part."""


class PartMoved(RuntimeError):
    """While the part was not held, another upload went on with it, finished it or dropped it."""


@dataclass(frozen=True, slots=True)
class PartFound:
    """How much of a photo is on the disk, and when the last byte came."""

    size: int
    touched_at: datetime


class Part:
    """One photo that is arriving, held until ``close`` or ``let_go``."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor = descriptor
        # A cancelled request leaves its last write running in a thread: ``close`` waits for it.
        self._guard = Lock()
        self._is_held = True
        self.size = os.fstat(descriptor).st_size

    def append(self, content: bytes) -> None:
        """Write *content* behind what is there.

        Raises:
            BlobStoreFull: There is no room; what fitted stays and counts.
        """
        with self._guard, _room_needed():
            left = memoryview(content)
            while left:
                written = os.pwrite(self._descriptor, left, self.size)
                self.size += written
                left = left[written:]

    def cut(self, size: int) -> None:
        """Forget everything behind the first *size* bytes."""
        with self._guard:
            os.ftruncate(self._descriptor, size)
            self.size = size

    def settle(self) -> None:
        """Return once what is there would survive a power cut.

        Raises:
            BlobStoreFull: The disk took the bytes and has no room for them after all.
        """
        with self._guard, _room_needed():
            os.fsync(self._descriptor)
            # The folder too: its entry is what a power cut would take.
            sync(self._path.parent)

    def read(self) -> bytes:
        """Everything that is there."""
        with self._guard:
            return b"".join(self._read())

    def let_go(self) -> None:
        """Stop holding the part, so that another upload may go on with it."""
        with self._guard:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)
            self._is_held = False

    def hold_again(self) -> None:
        """Hold the part once more after ``let_go``.

        Raises:
            PartMoved: It is no longer as it was left.
        """
        with self._guard:
            if (
                not _lock(self._descriptor)
                or not _is_at(self._path, self._descriptor)
                or os.fstat(self._descriptor).st_size != self.size
            ):
                raise PartMoved
            self._is_held = True

    def drop(self) -> None:
        """Remove the part: the photo is kept elsewhere, or begins anew."""
        with self._guard:
            self._drop()

    def close(self) -> None:
        """Hold the part no longer; one without a byte leaves no file behind."""
        with self._guard:
            if self.size == 0 and self._is_held:
                self._drop()
            os.close(self._descriptor)
            self._descriptor = -1

    def _drop(self) -> None:
        # The name may stand for a newer part already: a whole photo that came by PUT drops without holding.
        if _is_at(self._path, self._descriptor):
            self._path.unlink()

    def _read(self) -> Iterator[bytes]:
        place = 0
        while piece := os.pread(self._descriptor, 1 << 20, place):
            yield piece
            place += len(piece)


class PartFolder:
    """The parts of all photos on this machine, by a name that its caller makes; shared by its API processes."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    def find(self, name: str) -> PartFound | None:
        """How much there is, of which everything would survive a power cut; None for nothing."""
        try:
            descriptor = os.open(self._path(name), os.O_RDONLY)
        except FileNotFoundError:
            return None
        try:
            # Looked at before it is synced: bytes that arrive in between do not count yet.
            found = _found(descriptor)
            os.fsync(descriptor)
            sync(self._folder)
        finally:
            os.close(descriptor)
        return found

    def open(self, name: str) -> Part:
        """Hold a part, which is made where there is none.

        Raises:
            PartBusy: Another upload holds it.
            BlobStoreFull: There is no room for another file.
        """
        path = self._path(name)
        while True:
            with _room_needed():
                descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            if not _lock(descriptor):
                os.close(descriptor)
                raise PartBusy(name)
            if _is_at(path, descriptor):
                return Part(path, descriptor)
            # Dropped between opening and locking.
            os.close(descriptor)

    def drop(self, name: str) -> None:
        """Remove a part, whoever holds it: the whole photo has come another way."""
        self._path(name).unlink(missing_ok=True)

    def aside(self) -> "SpooledTemporaryFile[bytes]":
        """Room for bytes that are not to be trusted yet; what stands there is gone once it is closed, or killed."""
        return SpooledTemporaryFile(_IN_MEMORY_BYTES, dir=str(self._folder))

    def sweep(self, before: datetime) -> list[str]:
        """Remove the parts whose last byte came before a moment; those that are held stay. Returns their names."""
        swept = []
        for path in self._folder.glob(f"*{_SUFFIX}"):
            try:
                descriptor = os.open(path, os.O_RDWR)
            except FileNotFoundError:
                continue
            try:
                if _found(descriptor).touched_at < before and _lock(descriptor) and _is_at(path, descriptor):
                    path.unlink()
                    swept.append(path.name.removesuffix(_SUFFIX))
            finally:
                os.close(descriptor)
        return swept

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}{_SUFFIX}"


def _found(descriptor: int) -> PartFound:
    facts = os.fstat(descriptor)
    return PartFound(facts.st_size, datetime.fromtimestamp(facts.st_mtime, UTC))


def _lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_at(path: Path, descriptor: int) -> bool:
    """Whether the name still stands for the opened file."""
    try:
        named = path.stat()
    except FileNotFoundError:
        return False
    return os.path.samestat(named, os.fstat(descriptor))


@contextmanager
def _room_needed() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise BlobStoreFull("no room for the part") from error
        raise
