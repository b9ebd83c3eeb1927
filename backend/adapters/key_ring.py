"""The key file: the keys to personal data, one of them current, in a folder of its own.

    FLASHCLAIM_KEY_FOLDER/
      personal-data.json                 keys in use, the current one first; mode 0600
      retired/<key id>.json              keys that only older backups need; remove one together with those backups

Never in the database and never in a backup. Whoever has both this folder and the database can read everything.
"""

import base64
import binascii
import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from backend.adapters.disk import sync
from backend.domain.personal.keys import SECRET_BYTES, DataKey
from backend.domain.personal.problems import KeysMissing

FILE = "personal-data.json"
_RETIRED = "retired"
_FORMAT = 1
_PRIVATE = 0o600
_OTHERS = 0o077


class KeyRing:
    """Keys as the file says now: another process may have begun a new one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / FILE
        self._seen: tuple[int, int, int] | None = None
        self._keys: Mapping[str, DataKey] = {}
        self._current: DataKey | None = None

    @property
    def is_there(self) -> bool:
        """Whether there is a key file."""
        return self.file.exists()

    def current(self) -> DataKey:
        """The key that is used from now on.

        Raises:
            KeysMissing: No file, or one that is no key file.
        """
        self._look()
        if self._current is None:
            raise KeysMissing(f"{self.file} names no current key")
        return self._current

    def named(self, key_id: str) -> DataKey | None:
        """The key with this id, of a retired one too."""
        if key_id not in self._keys:
            self._look()
        return self._keys.get(key_id) or self._retired(key_id)

    def all(self) -> Sequence[DataKey]:
        """Keys in use, the current one first."""
        current = self.current()
        return (current, *(key for key in self._keys.values() if key != current))

    def begin(self, at: datetime) -> DataKey:
        """Make the first key; where another process was quicker, take its."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = DataKey.of(secrets.token_bytes(SECRET_BYTES), at)
        own = self._written(f".{key.id}.new", _document(key, [key]))
        try:
            os.link(own, self.file)
        except FileExistsError:
            return self.current()
        finally:
            own.unlink()
        sync(self.folder)
        return self.current()

    def renew(self, at: datetime) -> DataKey:
        """Make a new key and make it current; the others stay."""
        with self._alone():
            key = DataKey.of(secrets.token_bytes(SECRET_BYTES), at)
            self._replace(key, [key, *self.all()])
        return self.current()

    def retire(self, key_id: str) -> None:
        """Take a key out of use that nothing is encrypted under any more; it is laid aside for older backups.

        Raises:
            ValueError: It is the current one.
        """
        with self._alone():
            current, key = self.current(), self.named(key_id)
            if key is None:
                return
            if key == current:
                raise ValueError("the current key is in use")
            aside = self.folder / _RETIRED
            aside.mkdir(exist_ok=True, mode=0o700)
            # Laid aside first: a kill in between leaves it in both places, never in none.
            self._written(f"{_RETIRED}/{key_id}.json", _document(key, [key]))
            sync(aside)
            self._replace(current, [one for one in self.all() if one != key])

    def take_back(self, key_id: str) -> None:
        """Use a retired key again: an older backup is being restored.

        Raises:
            KeysMissing: It is not kept here.
        """
        with self._alone():
            key = self.named(key_id)
            if key is None:
                raise KeysMissing(f"{self.folder} lacks key {key_id}, which the backup is encrypted under")
            if key not in self.all():
                self._replace(self.current(), [*self.all(), key])

    def _look(self) -> None:
        try:
            found = self.file.stat()
        except OSError as gone:
            raise KeysMissing(f"{self.file}: {gone.strerror}") from gone
        seen = (found.st_mtime_ns, found.st_ino, found.st_size)
        if seen == self._seen:
            return
        if found.st_mode & _OTHERS:
            raise KeysMissing(f"{self.file} may be read by others than its owner: chmod 600 it")
        self._current, self._keys = _read(self.file)
        self._seen = seen

    def _retired(self, key_id: str) -> DataKey | None:
        path = self.folder / _RETIRED / f"{key_id}.json"
        return _read(path)[0] if path.exists() else None

    def _replace(self, current: DataKey, keys: Sequence[DataKey]) -> None:
        self._written(".next", _document(current, keys)).replace(self.file)
        sync(self.folder)

    def _written(self, name: str, content: str) -> Path:
        path = self.folder / name
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE), "w") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return path

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process changes the file at a time."""
        with (self.folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _document(current: DataKey, keys: Sequence[DataKey]) -> str:
    told = [
        {"id": key.id, "made_at": key.made_at.isoformat(), "secret": base64.b64encode(key.secret).decode()}
        for key in keys
    ]
    return json.dumps({"format": _FORMAT, "current": current.id, "keys": told}, indent=2) + "\n"


def _key(said: Mapping[str, str]) -> DataKey:
    secret = base64.b64decode(said["secret"], validate=True)
    key = DataKey.of(secret, datetime.fromisoformat(said["made_at"]))
    if key.id != said["id"]:
        raise ValueError(f"key {said['id']} has another secret than it was made with")
    return key


def _read(path: Path) -> tuple[DataKey, Mapping[str, DataKey]]:
    try:
        said = json.loads(path.read_bytes())
        keys = {one["id"]: _key(one) for one in said["keys"]}
        return keys[said["current"]], keys
    except (OSError, ValueError, KeyError, TypeError, binascii.Error) as wrong:
        raise KeysMissing(f"{path} is no key file: {wrong}") from wrong
