"""Keys that live in memory, for tests of everything but the key file; and a file with the same."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from backend.adapters.key_ring import FILE, KeyRing, _document
from backend.domain.personal.keys import DataKey

MADE_AT = datetime(2026, 11, 1, tzinfo=UTC)


class KeysInHand:
    """Keys made of words; the first is current."""

    def __init__(self, *words: str) -> None:
        self.keys = [a_key(word) for word in words or ("first",)]

    def current(self) -> DataKey:
        return self.keys[0]

    def named(self, key_id: str) -> DataKey | None:
        return next((key for key in self.keys if key.id == key_id), None)

    def all(self) -> Sequence[DataKey]:
        return tuple(self.keys)


def a_key(word: str) -> DataKey:
    return DataKey.of(hashlib.sha256(word.encode()).digest(), MADE_AT)


KEYS = KeysInHand()


def kept_in(folder: Path, *words: str) -> KeyRing:
    """A key file with the same keys."""
    ring, keys = KeyRing(folder), KeysInHand(*words).keys
    folder.mkdir(parents=True, exist_ok=True)
    ring._written(FILE, _document(keys[0], keys))
    return ring
