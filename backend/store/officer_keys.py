"""Keys of officers, and what was done about them and their owners: that log is only ever added to."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any  # a row's columns are what its statement selects

from sqlalchemy import Connection, Row, insert, select, update

from backend.domain.ids import KeyId, OfficerId, OrganisationId
from backend.domain.officer_keys.key import OfficerKey
from backend.domain.officer_keys.words import Deed, Revocation
from backend.domain.parties import Officer
from backend.domain.problems import NotAllowed, NotFound
from backend.store import tables
from backend.store.authority_tables import authority_events

_KEYS = tables.officer_keys


def put(connection: Connection, key_id: KeyId, officer: OfficerId, public: bytes, at: datetime) -> bool:
    """Register the public half (Ed25519, 32 bytes) of a key made on the officer's machine; whether it is new.

    Raises:
        NotAllowed: The key is another officer's: nobody could tell the two signatures apart.
    """
    owner = connection.scalar(select(_KEYS.c.officer_id).where(_KEYS.c.key_id == key_id))
    if owner not in {None, officer}:
        raise NotAllowed(f"key {key_id:.16} belongs to another officer")
    if owner is None:
        row = {"key_id": key_id, "officer_id": officer, "public_key": public, "registered_at": at}
        connection.execute(insert(_KEYS), row)
    return owner is None


def one(connection: Connection, key_id: KeyId) -> OfficerKey | None:
    """The key with this id."""
    row = connection.execute(select(_KEYS).where(_KEYS.c.key_id == key_id)).one_or_none()
    return None if row is None else _key(row)


def locked(connection: Connection, key_id: KeyId) -> OfficerKey:
    """The key, which nobody else decides on until this transaction ends.

    Raises:
        NotFound: No such key.
    """
    row = connection.execute(select(_KEYS).where(_KEYS.c.key_id == key_id).with_for_update()).one_or_none()
    if row is None:
        raise NotFound("key", key_id)
    return _key(row)


def of_officer(connection: Connection, officer: OfficerId) -> tuple[OfficerKey, ...]:
    """An officer's keys, newest first, those that sign nothing too."""
    rows = connection.execute(
        select(_KEYS).where(_KEYS.c.officer_id == officer).order_by(_KEYS.c.registered_at.desc())
    )
    return tuple(_key(row) for row in rows)


def of_organisation(
    connection: Connection, organisation: OrganisationId, *, pending_only: bool = False
) -> tuple[OfficerKey, ...]:
    """The keys of everyone of an organisation, newest first; only those that wait, or all."""
    officers = tables.officers
    wanted = (
        select(_KEYS)
        .join(officers, officers.c.id == _KEYS.c.officer_id)
        .where(officers.c.organisation_id == organisation)
        .order_by(_KEYS.c.registered_at.desc(), _KEYS.c.key_id)
    )
    if pending_only:
        wanted = wanted.where(
            _KEYS.c.approved_at.is_(None), _KEYS.c.refused_at.is_(None), _KEYS.c.revoked_at.is_(None)
        )
    return tuple(_key(row) for row in connection.execute(wanted))


def approve(connection: Connection, key_id: KeyId, at: datetime) -> None:
    """It signs from now on."""
    connection.execute(update(_KEYS).where(_KEYS.c.key_id == key_id).values(approved_at=at))


def refuse(connection: Connection, key_id: KeyId, at: datetime) -> None:
    """It never signs."""
    connection.execute(update(_KEYS).where(_KEYS.c.key_id == key_id).values(refused_at=at))


def revoke(connection: Connection, key_id: KeyId, at: datetime, why: Revocation) -> None:
    """It signs nothing from then on; what it signed before stays valid."""
    ended = update(_KEYS).where(_KEYS.c.key_id == key_id).values(revoked_at=at, revocation=why)
    connection.execute(ended)


def note_by(
    connection: Connection,
    deed: Deed,
    officer: OfficerId,
    by: Officer,
    at: datetime,
    *,
    key_id: KeyId | None = None,
    reason: str = "",
    counts_from: datetime | None = None,
) -> None:
    """``note`` what an officer did."""
    note(
        connection,
        deed,
        officer,
        by=by.id,
        organisation=by.organisation,
        at=at,
        key_id=key_id,
        counts_from=counts_from,
        reason=reason,
    )


def note(
    connection: Connection,
    deed: Deed,
    officer: OfficerId,
    *,
    by: str,
    organisation: OrganisationId | None,
    at: datetime,
    key_id: KeyId | None = None,
    counts_from: datetime | None = None,
    reason: str = "",
    signed_with: KeyId | None = None,
    signature: str | None = None,
) -> None:
    """Add to the log, in the transaction that does it. *organisation* None: at the server's shell."""
    row = {
        "at": at,
        "deed": deed,
        "officer_id": officer,
        "key_id": key_id,
        "by": by,
        "organisation": organisation,
        "counts_from": counts_from or at,
        "reason": reason,
        "signed_with": signed_with,
        "signature": signature,
    }
    connection.execute(insert(authority_events), row)


def history(
    connection: Connection, organisation: OrganisationId, officer: OfficerId | None, most: int
) -> Sequence[Row[Any]]:
    """What was done about an organisation's people and keys, or about one of them, newest first."""
    officers, log = tables.officers, authority_events
    wanted = (
        select(log, officers.c.name)
        .join(officers, officers.c.id == log.c.officer_id)
        .where(officers.c.organisation_id == organisation)
        .order_by(log.c.id.desc())
        .limit(most)
    )
    if officer is not None:
        wanted = wanted.where(log.c.officer_id == officer)
    return connection.execute(wanted).all()


def _key(row: Row[Any]) -> OfficerKey:
    return OfficerKey(
        id=KeyId(row.key_id),
        officer=OfficerId(row.officer_id),
        public=bytes(row.public_key),
        registered_at=row.registered_at,
        approved_at=row.approved_at,
        refused_at=row.refused_at,
        revoked_at=row.revoked_at,
        revocation=None if row.revocation is None else Revocation(row.revocation),
    )
