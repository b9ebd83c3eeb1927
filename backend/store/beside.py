"""Personal facts beside the events that committed to them: written with the event, read with it, erased alone."""

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any  # a row's columns are what its statement selects
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, delete, insert, select

from backend.domain.events import Event
from backend.domain.ids import ClaimId
from backend.domain.personal.withheld import SALT_BYTES, commitment, withheld
from backend.store.personal_tables import personal_values as values
from backend.store.sealed import BESIDE
from backend.store.vault import Vault

Facts = Mapping[str, str]
"""Canonical texts by their commitments."""

NONE: Facts = {}
_OF_CLAIM = select(values).where(values.c.claim_id == bindparam("claim"))
_AFTER = _OF_CLAIM.where(values.c.seq > bindparam("after"), values.c.seq <= bindparam("last"))
_PUT = insert(values)


def payload_of(event: Event, claim_id: ClaimId, seq: int, vault: Vault, rows: list[dict[str, object]]) -> str:
    """The payload with commitments; what has to stand beside it is added to *rows*, for ``put``."""

    def keep(field: str, text: str) -> str:
        salt = os.urandom(SALT_BYTES)
        sealed = vault.seal(salt.hex() + text, BESIDE, claim_id, seq, field)
        rows.append({"claim_id": claim_id, "seq": seq, "field": field, "sealed": sealed})
        return commitment(salt, text)

    return withheld(event, keep)


def put(connection: Connection, rows: list[dict[str, object]]) -> None:
    """Write what stands beside new events, in their transaction."""
    if rows:
        connection.execute(_PUT, rows)


def of_claim(connection: Connection, claim_id: ClaimId, vault: Vault) -> Mapping[int, Facts]:
    """All that stands beside a claim's events, by their numbers."""
    return by_seq(connection.execute(_OF_CLAIM, {"claim": claim_id}), vault)


def between(
    connection: Connection, claim_id: ClaimId, after: int, last: int, vault: Vault
) -> Mapping[int, Facts]:
    """As ``of_claim``, for the events beyond one number and up to another."""
    return by_seq(connection.execute(_AFTER, {"claim": claim_id, "after": after, "last": last}), vault)


def by_seq(rows: Iterable[Row[Any]], vault: Vault) -> Mapping[int, Facts]:
    """Opened rows, by the number of their event.

    Raises:
        KeysMissing, PersonalDataAltered: As ``Vault.open``.
    """
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for row in rows:
        clear = vault.open(row.sealed, BESIDE, row.claim_id, row.seq, row.field)
        salt, text = bytes.fromhex(clear[: 2 * SALT_BYTES]), clear[2 * SALT_BYTES :]
        found[row.seq][commitment(salt, text)] = text
    return found


def erase(connection: Connection, claim_id: UUID) -> int:
    """Forget all that stands beside a claim's events; how many values that were."""
    return connection.execute(delete(values).where(values.c.claim_id == claim_id)).rowcount
