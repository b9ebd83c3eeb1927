"""The public halves of the installation's own keys, with their times: what an old one signed stays verifiable."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from backend.domain.ids import KeyId
from backend.domain.signatures import Signature
from backend.store.audit_tables import signing_keys


@dataclass(frozen=True, slots=True)
class PublicKey:
    """One key's public half, 32 bytes; ``ended_at`` None while it is in use.

    ``introduction`` is the former key's signature over ``installation_key.introduction_document``; None for the first
    key, and where the former one was lost.
    """

    key_id: KeyId
    public_key: bytes
    began_at: datetime
    ended_at: datetime | None
    introduction: Signature | None = None


def every(connection: Connection) -> tuple[PublicKey, ...]:
    """All keys, the oldest first."""
    rows = connection.execute(select(signing_keys).order_by(signing_keys.c.began_at, signing_keys.c.key_id))
    return tuple(
        PublicKey(
            KeyId(row.key_id),
            bytes(row.public_key),
            row.began_at,
            row.ended_at,
            Signature(KeyId(row.introduced_by), row.introduction) if row.introduced_by else None,
        )
        for row in rows
    )


def put(connection: Connection, key: PublicKey) -> None:
    """Record a key that signs from now on."""
    connection.execute(
        insert(signing_keys),
        {
            "key_id": key.key_id,
            "public_key": key.public_key,
            "began_at": key.began_at,
            "ended_at": key.ended_at,
            "introduced_by": key.introduction.key_id if key.introduction else None,
            "introduction": key.introduction.value if key.introduction else None,
        },
    )


def end(connection: Connection, key_id: KeyId, at: datetime) -> None:
    """What this key signs from then on counts for nothing."""
    connection.execute(update(signing_keys).where(signing_keys.c.key_id == key_id).values(ended_at=at))
