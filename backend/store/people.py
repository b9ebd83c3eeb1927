"""Organisations, officers, their keys and sessions."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any  # a row's columns are what its statement selects

from sqlalchemy import Connection, Row, insert, select, update

from backend.domain.ids import KeyId, OfficerId, OrganisationId
from backend.domain.parties import Officer
from backend.domain.problems import NotAllowed, NotFound
from backend.domain.register.fields import Register
from backend.domain.words import Lane
from backend.store import registers, tables


def put_organisation(
    connection: Connection, organisation_id: OrganisationId, name: str, lane: Lane | None, county: str
) -> None:
    """Register one of the offices, or the disposal company (no lane)."""
    connection.execute(
        insert(tables.organisations), {"id": organisation_id, "name": name, "lane": lane, "county": county}
    )


def put_officer(connection: Connection, officer: Officer, login_token_hash: str) -> None:
    """Register a person with the hash of a one-time login token."""
    registers.count_up(connection, Register.OFFICERS)
    connection.execute(
        insert(tables.officers),
        {
            "id": officer.id,
            "name": officer.name,
            "organisation_id": officer.organisation,
            "login_token_hash": login_token_hash,
        },
    )


def officer(connection: Connection, officer_id: OfficerId) -> Officer:
    """The person with this id.

    Raises:
        NotFound: No such officer.
    """
    officers, organisations = tables.officers, tables.organisations
    row = connection.execute(
        select(officers.c.id, officers.c.name, officers.c.organisation_id, organisations.c.lane)
        .join(organisations, organisations.c.id == officers.c.organisation_id)
        .where(officers.c.id == officer_id)
    ).one_or_none()
    if row is None:
        raise NotFound("officer", officer_id)
    lane = None if row.lane is None else Lane(row.lane)
    return Officer(OfficerId(row.id), row.name, OrganisationId(row.organisation_id), lane)


def names(connection: Connection, wanted: Collection[OfficerId]) -> dict[str, str]:
    """The names of those of these officers who are registered."""
    officers = tables.officers
    rows = connection.execute(select(officers.c.id, officers.c.name).where(officers.c.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def use_login_token(connection: Connection, token_hash: str) -> OfficerId | None:
    """Spend a one-time login token; None when there is none like it or it has been used."""
    officers = tables.officers
    found = connection.scalar(
        update(officers)
        .where(officers.c.login_token_hash == token_hash)
        .values(login_token_hash=None)
        .returning(officers.c.id)
    )
    return None if found is None else OfficerId(found)


def open_session(
    connection: Connection, token_hash: str, officer_id: OfficerId, expires_at: datetime
) -> None:
    """Let the bearer of this token act as the officer for a while."""
    connection.execute(
        insert(tables.sessions),
        {"token_hash": token_hash, "officer_id": officer_id, "expires_at": expires_at},
    )


def officer_of_session(connection: Connection, token_hash: str, at: datetime) -> Officer | None:
    """Who acts under this session token now."""
    sessions = tables.sessions
    found = connection.scalar(
        select(sessions.c.officer_id).where(sessions.c.token_hash == token_hash, sessions.c.expires_at > at)
    )
    return None if found is None else officer(connection, OfficerId(found))


def put_key(
    connection: Connection, key_id: KeyId, officer_id: OfficerId, public_key: bytes, at: datetime
) -> None:
    """Register the public half (Ed25519, 32 bytes) of a key that was made on the officer's machine; again is fine.

    Raises:
        NotAllowed: The key is another officer's: nobody could tell the two signatures apart.
    """
    keys = tables.officer_keys
    owner = connection.scalar(select(keys.c.officer_id).where(keys.c.key_id == key_id))
    if owner not in {None, officer_id}:
        raise NotAllowed(f"key {key_id:.16} belongs to another officer")
    if owner is None:
        connection.execute(
            insert(keys),
            {"key_id": key_id, "officer_id": officer_id, "public_key": public_key, "registered_at": at},
        )


def public_key(connection: Connection, key_id: KeyId, officer_id: OfficerId, at: datetime) -> bytes | None:
    """The officer's public key with this id, unless it was revoked before *at*."""
    keys = tables.officer_keys
    row = connection.execute(
        select(keys.c.public_key, keys.c.revoked_at).where(
            keys.c.key_id == key_id, keys.c.officer_id == officer_id
        )
    ).one_or_none()
    if row is None or (row.revoked_at and row.revoked_at <= at):
        return None
    return bytes(row.public_key)


def keys(connection: Connection, officer_id: OfficerId) -> Sequence[Row[Any]]:
    """The officer's keys, newest first, revoked ones too."""
    table = tables.officer_keys
    return connection.execute(
        select(table).where(table.c.officer_id == officer_id).order_by(table.c.registered_at.desc())
    ).all()
