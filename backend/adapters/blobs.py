"""Where original photos are kept: content-addressed, never changed, on a folder or an S3-compatible store."""

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, ObjectStore

from backend.adapters.disk import sync
from backend.adapters.store_faults import complaint, has_no_bucket, is_full, unavailable

_DIGEST = re.compile(r"[0-9a-f]{64}")


class BlobMissing(LookupError):
    """Nothing is stored under this digest."""


class BlobCorrupt(RuntimeError):
    """What is stored is not what was put there: the disk or someone changed it."""


class BlobStoreFull(RuntimeError):
    """The disk, its quota or its limit on files has no room."""


class BlobStoreUnusable(RuntimeError):
    """A small object could not be written and removed again; the message holds no path and no address."""


class Blobs(Protocol):
    """Originals by the sha-256 of their bytes. Blocking: call it from a thread.

    Every verb raises ``PhotoStoreUnavailable`` where the store does not answer or does not let us in.
    """

    def put(self, digest: str, content: bytes) -> None:
        """Keep *content* for good; keeping it again is fine.

        Raises:
            ValueError: *digest* is not the sha-256 of *content*.
            BlobStoreFull: There is no room; nothing was half-written.
        """

    def get(self, digest: str) -> bytes:
        """Return what was put under *digest*.

        Raises:
            BlobMissing: Nothing was.
            BlobCorrupt: It has changed since.
        """

    def has(self, digest: str) -> bool:
        """Whether something was put under *digest*."""

    def is_empty(self) -> bool:
        """Whether nothing was ever put."""

    def check(self) -> None:
        """Write a small object of no digest, and remove it again.

        Raises:
            BlobStoreUnusable: It could not be.
        """


class ObstoreBlobs:
    """Originals in any store that obstore speaks to, under ``ab/cd/<sha256>``.

    ``settle`` is called with the key of each new original and returns once it would survive a power cut; stores
    that answer only then need none.
    """

    def __init__(self, store: ObjectStore, *, settle: Callable[[str], None] | None = None) -> None:
        self._store = store
        self._settle = settle

    def put(self, digest: str, content: bytes) -> None:
        """Keep *content*: written aside, then made to appear under its name in one step."""
        key = _key(digest)
        if hashlib.sha256(content).hexdigest() != digest:
            raise ValueError(f"these {len(content)} bytes are not {digest:.12}…")
        with _told(f"no room for {len(content)} bytes"):
            if not self._create(key, content) and not self._holds(key, digest):
                # An original damaged on disk is healed by the next phone that sends it again.
                obstore.put(self._store, key, content, mode="overwrite", use_multipart=False)
            if self._settle:
                self._settle(key)

    def get(self, digest: str) -> bytes:
        """Return the original, checked against its digest."""
        key = _key(digest)
        with _told():
            content = self._read(key)
        if content is None:
            raise BlobMissing(digest)
        if hashlib.sha256(content).hexdigest() != digest:
            raise BlobCorrupt(f"{key} holds {len(content)} bytes that are not {digest:.12}…")
        return content

    def has(self, digest: str) -> bool:
        """Whether there is an original; its bytes are checked when they are read."""
        key = _key(digest)
        with _told():
            try:
                obstore.head(self._store, key)
            except FileNotFoundError:
                # The answer to a HEAD has no body that could name a missing bucket.
                return self._read(key) is not None
        return True

    def is_empty(self) -> bool:
        """Whether not one original is there."""
        with _told():
            return next(iter(obstore.list(self._store, chunk_size=1)), None) is None

    def check(self) -> None:
        """Whether originals can be kept now; looked at, not believed."""
        key = f".check-{uuid4().hex}"
        try:
            obstore.put(self._store, key, b"flashclaim", use_multipart=False)
            obstore.delete(self._store, key)
        except (BaseError, OSError) as error:
            raise BlobStoreUnusable(complaint(error)) from error

    def _create(self, key: str, content: bytes) -> bool:
        try:
            obstore.put(self._store, key, content, mode="create", use_multipart=False)
        except AlreadyExistsError:
            return False
        return True

    def _holds(self, key: str, digest: str) -> bool:
        return hashlib.sha256(self._read(key) or b"").hexdigest() == digest

    def _read(self, key: str) -> bytes | None:
        try:
            return bytes(obstore.get(self._store, key).bytes())
        except FileNotFoundError as error:
            if has_no_bucket(error):
                raise
            return None


def local_blobs(folder: Path) -> ObstoreBlobs:
    """Originals in a folder of this machine, which is made if it is missing.

    An original is on the disk, not only in the page cache, before ``put`` returns: a claim's events are, and
    they say that the photo has arrived.
    """
    store = LocalStore(folder, mkdir=True)

    def settle(key: str) -> None:
        original = folder / key
        # The folders are synced too: their entries are what a power cut would take.
        for path in (original, original.parent, original.parent.parent, folder):
            sync(path)

    return ObstoreBlobs(store, settle=settle)


def _key(digest: str) -> str:
    if not _DIGEST.fullmatch(digest):
        raise ValueError("a digest is a sha-256 as 64 lower-case hexadecimal digits")
    return f"{digest[:2]}/{digest[2:4]}/{digest}"


@contextmanager
def _told(full: str = "no room") -> Iterator[None]:
    """Turn what the store library raises into our words; what it said stays as the cause."""
    try:
        yield
    except (BaseError, OSError) as error:
        if is_full(error):
            raise BlobStoreFull(full) from error
        raise unavailable(error) from error
