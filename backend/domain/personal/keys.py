"""Keys that personal data is encrypted under: several at a time, one of them current."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, Self

SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class DataKey:
    """One key: ``id``, eight hexadecimal digits, is made of the secret, so that another secret is another key."""

    id: str
    secret: bytes = field(repr=False)
    made_at: datetime

    @classmethod
    def of(cls, secret: bytes, made_at: datetime) -> Self:
        """The key with this secret of 32 random bytes.

        Raises:
            ValueError: The secret is of another length.
        """
        if len(secret) != SECRET_BYTES:
            raise ValueError(f"a secret has {SECRET_BYTES} bytes, not {len(secret)}")
        return cls(hashlib.sha256(b"flashclaim data key\0" + secret).hexdigest()[:8], secret, made_at)


class Keys(Protocol):
    """Where keys are kept; another process may add one at any time, and make it current."""

    def current(self) -> DataKey:
        """What is encrypted from now on."""
        ...

    def named(self, key_id: str) -> DataKey | None:
        """The key with this id, None where it is not kept here."""
        ...

    def all(self) -> Sequence[DataKey]:
        """Every key that something may still be encrypted under, the current one first."""
        ...
