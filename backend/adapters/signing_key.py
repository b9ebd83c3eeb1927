"""The installation's own Ed25519 key: a file that only the server's account reads, never in a database or backup."""

import base64
import hashlib
import os
from http import HTTPStatus
from pathlib import Path
from threading import Lock
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from backend.adapters.disk import sync
from backend.domain.ids import KeyId
from backend.domain.problems import Problem
from backend.domain.signatures import Signature

_CURRENT = "signing.pem"
_NEXT = "signing.next.pem"
_ID_DIGITS = 32


class KeyUnreadable(Problem):
    """The file of the installation's key is gone, broken, or may not be read: nothing is recorded unsigned."""

    type = "/problems/signing-key-unreadable"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    title = "The installation cannot sign now"
    next = "Put the key folder back (FLASHCLAIM_KEY_FOLDER), then send the request again."


class SigningKey(Protocol):
    """Signs for the installation."""

    def sign(self, document: bytes) -> Signature:
        """The signature over *document*, and the id of the key that made it."""
        ...


class FolderKey:
    """The key in a folder; one that another process put in its place is used from then on."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._read: tuple[tuple[int, int], Ed25519PrivateKey] | None = None

    def sign(self, document: bytes) -> Signature:
        """The signature over *document*, and the id of the key that made it.

        Raises:
            KeyUnreadable: The file is gone or broken.
        """
        key = self._key()
        value = base64.b64encode(key.sign(document)).decode()
        return Signature(id_of(key.public_key().public_bytes_raw()), value)

    @property
    def public_key(self) -> bytes:
        """The public half, 32 bytes.

        Raises:
            KeyUnreadable: The file is gone or broken.
        """
        return self._key().public_key().public_bytes_raw()

    def _key(self) -> Ed25519PrivateKey:
        path = self._folder / _CURRENT
        try:
            found = path.stat()
        except OSError as gone:
            raise KeyUnreadable(f"{path}: {gone.strerror}") from gone
        # A rotation in another process replaces the file: it is looked at each time, and read when it is another.
        stamp = (found.st_mtime_ns, found.st_ino)
        with self._lock:
            if self._read is None or self._read[0] != stamp:
                self._read = (stamp, _load(path))
            return self._read[1]


def id_of(public_key: bytes) -> KeyId:
    """The first 32 hexadecimal digits of the public key's sha-256."""
    return KeyId(hashlib.sha256(public_key).hexdigest()[:_ID_DIGITS])


def find_key(folder: Path) -> FolderKey | None:
    """The key that is kept in *folder*, if there is one."""
    return FolderKey(folder) if (folder / _CURRENT).exists() else None


def make_key(folder: Path) -> FolderKey:
    """The key in *folder*, a new one where there is none; of two processes that make one, both use the first."""
    part = _write(folder, f"{_CURRENT}.{os.getpid()}")
    try:
        os.link(part, folder / _CURRENT)
    except FileExistsError:
        pass
    finally:
        part.unlink()
    sync(folder)
    return FolderKey(folder)


def prepare_next(folder: Path) -> bytes:
    """Lay a new key beside the one in use, and return its public half, 32 bytes; again gives the same."""
    path = folder / _NEXT
    if not path.exists():
        part = _write(folder, f"{_NEXT}.{os.getpid()}")
        part.replace(path)
        sync(folder)
    return _load(path).public_key().public_bytes_raw()


def next_key(folder: Path) -> bytes | None:
    """The public half of a key that was laid ready and not taken into use."""
    path = folder / _NEXT
    return _load(path).public_key().public_bytes_raw() if path.exists() else None


def use_next(folder: Path) -> None:
    """Take the key that was laid ready into use; the former one is gone: nothing is left that could sign with it."""
    (folder / _NEXT).replace(folder / _CURRENT)
    sync(folder)


def _write(folder: Path, name: str) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / name
    path.unlink(missing_ok=True)
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    return path


def _load(path: Path) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as gone:
        raise KeyUnreadable(f"{path}: {gone.strerror}") from gone
    except (ValueError, TypeError) as broken:
        raise KeyUnreadable(f"{path} holds no private key") from broken
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnreadable(f"{path} holds no Ed25519 key")
    return key
