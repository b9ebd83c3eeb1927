"""Keys that live in memory: for tests of everything but the key file."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

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
