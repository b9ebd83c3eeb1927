"""Signed checkpoints of the audit log, and the co-signatures of those who keep them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any  # a row's columns are what its statement selects

from sqlalchemy import Connection, Row, func, insert, select

from backend.domain.ids import KeyId, OfficerId, OrganisationId
from backend.domain.merkle import proofs
from backend.domain.merkle.checkpoint import Checkpoint
from backend.domain.signatures import Seal, Signature
from backend.domain.words import Lane
from backend.store import audit_log, signing_keys, tables
from backend.store.audit_tables import audit_checkpoints, audit_cosignatures


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint with the installation's signature."""

    checkpoint: Checkpoint
    signature: Signature


@dataclass(frozen=True, slots=True)
class Cosigned:
    """An officer's word that the checkpoint of this size follows the one that their office had kept."""

    size: int
    organisation: OrganisationId
    lane: Lane | None
    officer: OfficerId
    signature: Signature
    at: datetime


def make(connection: Connection, seal: Seal, at: datetime) -> Signed | None:
    """Sign the log as it stands; None where it is empty or the newest checkpoint says it already.

    ``audit_log.lock`` was called before.
    """
    long, before = audit_log.size(connection), newest(connection)
    if long == 0 or (before and before.checkpoint.size >= long):
        return None
    tree = audit_log.StoredTree(connection)
    made = Checkpoint(installation(connection), long, proofs.root(long, tree).hex(), at)
    signature = seal(made.document)
    connection.execute(
        insert(audit_checkpoints),
        {
            "size": made.size,
            "root": made.root,
            "at": at,
            "key_id": signature.key_id,
            "signature": signature.value,
        },
    )
    return Signed(made, signature)


def installation(connection: Connection) -> str:
    """The id of the first key that ever signed for this installation: its name in every checkpoint.

    Raises:
        LookupError: No key was recorded yet.
    """
    for key in signing_keys.every(connection):
        return key.key_id
    raise LookupError("no process has opened this installation's signing key yet")


def newest(connection: Connection) -> Signed | None:
    """The last checkpoint."""
    table = audit_checkpoints
    row = connection.execute(select(table).order_by(table.c.size.desc()).limit(1)).one_or_none()
    return None if row is None else _signed(connection, row)


def of_size(connection: Connection, size: int) -> Signed | None:
    """The checkpoint over this many events."""
    table = audit_checkpoints
    row = connection.execute(select(table).where(table.c.size == size)).one_or_none()
    return None if row is None else _signed(connection, row)


def every(connection: Connection) -> Sequence[Signed]:
    """All checkpoints, the smallest first."""
    rows = connection.execute(select(audit_checkpoints).order_by(audit_checkpoints.c.size)).all()
    name = installation(connection) if rows else ""
    return [_of(name, row) for row in rows]


def put_cosignature(connection: Connection, given: Cosigned) -> None:
    """Keep an office's co-signature; one of theirs on this checkpoint stands."""
    table = audit_cosignatures
    stands = select(table.c.size).where(
        table.c.size == given.size, table.c.organisation_id == given.organisation
    )
    if connection.scalar(stands) is not None:
        return
    connection.execute(
        insert(table),
        {
            "size": given.size,
            "organisation_id": given.organisation,
            "officer_id": given.officer,
            "key_id": given.signature.key_id,
            "signature": given.signature.value,
            "at": given.at,
        },
    )


def cosignatures(connection: Connection, size: int) -> tuple[Cosigned, ...]:
    """Who co-signed the checkpoint of this size."""
    return _cosigned(connection, audit_cosignatures.c.size == size)


def last_of_each(connection: Connection) -> tuple[Cosigned, ...]:
    """Each organisation's co-signature on the largest checkpoint that it co-signed."""
    table = audit_cosignatures
    largest = (
        select(table.c.organisation_id, func.max(table.c.size).label("size"))
        .group_by(table.c.organisation_id)
        .subquery()
    )
    return _cosigned(
        connection,
        (table.c.organisation_id == largest.c.organisation_id) & (table.c.size == largest.c.size),
    )


def _cosigned(connection: Connection, which: Any) -> tuple[Cosigned, ...]:
    table, offices = audit_cosignatures, tables.organisations
    rows = connection.execute(
        select(table, offices.c.lane)
        .join(offices, offices.c.id == table.c.organisation_id)
        .where(which)
        .order_by(table.c.organisation_id)
    )
    return tuple(
        Cosigned(
            row.size,
            OrganisationId(row.organisation_id),
            Lane(row.lane) if row.lane else None,
            OfficerId(row.officer_id),
            Signature(KeyId(row.key_id), row.signature),
            row.at,
        )
        for row in rows
    )


def _signed(connection: Connection, row: Row[Any]) -> Signed:
    return _of(installation(connection), row)


def _of(name: str, row: Row[Any]) -> Signed:
    checkpoint = Checkpoint(name, row.size, row.root, row.at)
    return Signed(checkpoint, Signature(KeyId(row.key_id), row.signature))
