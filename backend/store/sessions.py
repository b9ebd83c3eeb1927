"""Sessions 会话 of officers: opened by a token or a key, ended by time, by idleness, or by a person."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any  # a row's columns are what its statement selects
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, insert, or_, select, update

from backend.domain.ids import KeyId, OfficerId, OrganisationId
from backend.domain.parties import Officer
from backend.domain.problems import NotFound
from backend.store import people, tables
from backend.store.authority_tables import sign_in_challenges
from backend.store.page_tables import page_links

_KEYS = tables.officer_keys
SEEN_EVERY = timedelta(minutes=1)
"""A session's last use is known to within so much: a request alone is no reason to write."""


def put(
    connection: Connection,
    token_hash: str,
    officer: OfficerId,
    device: str,
    at: datetime,
    *,
    idle: timedelta,
    length: timedelta,
    key_id: KeyId | None = None,
) -> UUID:
    """Let the bearer of this token act as the officer for a while; *key_id* is the key that they signed in with."""
    return _put(connection, token_hash, officer, device, at, at + idle, at + length, key_id, None)


def put_for_page(
    connection: Connection, token_hash: str, parent: Row[Any], device: str, at: datetime, idle: timedelta
) -> UUID:
    """Let the bearer of this cookie use the pages as the officer of a keyed session, no longer than that one lasts."""
    until, officer = parent.expires_at, OfficerId(parent.officer_id)
    key_id = None if parent.key_id is None else KeyId(parent.key_id)
    return _put(connection, token_hash, officer, device, at, at + idle, until, key_id, parent.id)


def _put(
    connection: Connection,
    token_hash: str,
    officer: OfficerId,
    device: str,
    at: datetime,
    idle_until: datetime,
    expires_at: datetime,
    key_id: KeyId | None,
    opened_from: UUID | None,
) -> UUID:
    made = uuid4()
    connection.execute(
        insert(tables.sessions),
        {
            "token_hash": token_hash,
            "id": made,
            "officer_id": officer,
            "device": device,
            "key_id": key_id,
            "opened_at": at,
            "seen_at": at,
            "idle_until": min(idle_until, expires_at),
            "expires_at": expires_at,
            "opened_from": opened_from,
        },
    )
    return made


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who bears a session's token.

    Attributes:
        officer: The person. An administrator only where ``has_key``: whoever was merely handed a login token could be
            the very colleague who made it.
        seen_at: When the session was last used, to within a minute.
        key_id: The key that opened the session, or that was made in it.
        has_key: That key is approved now.
    """

    officer: Officer
    seen_at: datetime
    key_id: KeyId | None
    has_key: bool


def bearer(connection: Connection, token_hash: str, at: datetime, *, on_page: bool = False) -> Bearer | None:
    """Who acts under this session token now; nobody who has been idle too long, or is suspended.

    A page's cookie is no token of the API, nor the other way round: ``on_page`` says which is asked for.
    """
    sessions, officers, organisations = tables.sessions, tables.officers, tables.organisations
    row = connection.execute(
        select(
            officers.c.id,
            officers.c.name,
            officers.c.organisation_id,
            officers.c.is_administrator,
            officers.c.is_agent,
            organisations.c.lane,
            organisations.c.is_regulator,
            sessions.c.seen_at,
            sessions.c.key_id,
            _is_good(at).label("has_key"),
        )
        .join(officers, officers.c.id == sessions.c.officer_id)
        .join(organisations, organisations.c.id == officers.c.organisation_id)
        .outerjoin(_KEYS, and_(_KEYS.c.key_id == sessions.c.key_id, _KEYS.c.officer_id == officers.c.id))
        .where(
            sessions.c.token_hash == token_hash,
            sessions.c.opened_from.is_not(None) if on_page else sessions.c.opened_from.is_(None),
            *_alive(at),
            or_(officers.c.suspended_at.is_(None), officers.c.suspended_at > at),
        )
    ).one_or_none()
    if row is None:
        return None
    officer = people.as_officer(row)
    is_administrator = officer.is_administrator and bool(row.has_key)
    key_id = None if row.key_id is None else KeyId(row.key_id)
    return Bearer(replace(officer, is_administrator=is_administrator), row.seen_at, key_id, bool(row.has_key))


def bind(connection: Connection, token_hash: str, key_id: KeyId) -> None:
    """A new key was made in this session: its approval is the session's, if no other key opened it."""
    sessions = tables.sessions
    connection.execute(
        update(sessions)
        .where(sessions.c.token_hash == token_hash, sessions.c.key_id.is_(None))
        .values(key_id=key_id)
    )


def hand_on(connection: Connection, key_id: KeyId, to: KeyId) -> None:
    """What one key opened goes on under another one of the same officer."""
    sessions = tables.sessions
    connection.execute(update(sessions).where(sessions.c.key_id == key_id).values(key_id=to))


def see(connection: Connection, token_hash: str, at: datetime, idle: timedelta) -> None:
    """The session was used; written once a minute at most, whichever processes it is used at."""
    sessions = tables.sessions
    connection.execute(
        update(sessions)
        .where(sessions.c.token_hash == token_hash, *_alive(at), sessions.c.seen_at <= at - SEEN_EVERY)
        .values(seen_at=at, idle_until=at + idle)
    )


def listed(connection: Connection, officer: OfficerId, at: datetime) -> Sequence[Row[Any]]:
    """An officer's open sessions, the last used first."""
    sessions = tables.sessions
    return connection.execute(
        select(sessions)
        .where(sessions.c.officer_id == officer, *_alive(at))
        .order_by(sessions.c.seen_at.desc(), sessions.c.id)
    ).all()


def alive(connection: Connection, session: UUID, at: datetime) -> Row[Any] | None:
    """A session that is open now."""
    sessions = tables.sessions
    return connection.execute(select(sessions).where(sessions.c.id == session, *_alive(at))).one_or_none()


def id_of(connection: Connection, token_hash: str) -> UUID | None:
    """The id under which a token's session is listed."""
    found: UUID | None = connection.scalar(
        select(tables.sessions.c.id).where(tables.sessions.c.token_hash == token_hash)
    )
    return found


def owner(connection: Connection, session: UUID, organisation: OrganisationId) -> OfficerId:
    """Whose session it is.

    Raises:
        NotFound: Nobody's of this organisation.
    """
    sessions, officers = tables.sessions, tables.officers
    found = connection.scalar(
        select(sessions.c.officer_id)
        .join(officers, officers.c.id == sessions.c.officer_id)
        .where(sessions.c.id == session, officers.c.organisation_id == organisation)
    )
    if found is None:
        raise NotFound("session", session)
    return OfficerId(found)


def end(connection: Connection, session: UUID, at: datetime) -> bool:
    """End a session and the pages' that were opened from it; whether it was open."""
    sessions = tables.sessions
    ended = connection.execute(
        update(sessions).where(sessions.c.id == session, *_alive(at)).values(ended_at=at)
    )
    connection.execute(
        update(sessions).where(sessions.c.opened_from == session, *_alive(at)).values(ended_at=at)
    )
    return ended.rowcount == 1


def put_page_link(
    connection: Connection, link_hash: str, session: UUID, at: datetime, expires_at: datetime
) -> None:
    """Keep a one-time link into the pages for whoever bears this session; those that ran out go."""
    connection.execute(delete(page_links).where(page_links.c.expires_at <= at))
    row = {"link_hash": link_hash, "session_id": session, "expires_at": expires_at}
    connection.execute(insert(page_links), row)


def spend_page_link(connection: Connection, link_hash: str, at: datetime) -> UUID | None:
    """Use up a link; the session that it was made in, None where the link was not good."""
    is_it = (page_links.c.link_hash == link_hash, page_links.c.expires_at > at)
    session: UUID | None = connection.scalar(select(page_links.c.session_id).where(*is_it))
    # Whoever deletes it has it: two browsers with one link cannot both.
    spent = connection.execute(delete(page_links).where(*is_it))
    return session if spent.rowcount == 1 else None


def end_all(connection: Connection, officer: OfficerId, at: datetime) -> int:
    """End every session of an officer; how many were open."""
    sessions = tables.sessions
    ended = connection.execute(
        update(sessions).where(sessions.c.officer_id == officer, *_alive(at)).values(ended_at=at)
    )
    return ended.rowcount


def end_keyless(connection: Connection, officer: OfficerId, at: datetime) -> None:
    """End the sessions of an officer that no approved key stands behind."""
    sessions = tables.sessions
    stands = select(_KEYS.c.key_id).where(_KEYS.c.key_id == sessions.c.key_id, _is_good(at)).exists()
    connection.execute(
        update(sessions).where(sessions.c.officer_id == officer, ~stands, *_alive(at)).values(ended_at=at)
    )


def end_of_key(connection: Connection, key_id: KeyId, besides: str, at: datetime) -> None:
    """End the sessions that a key opened, but for the one (by its token's hash) that asks for it."""
    sessions = tables.sessions
    connection.execute(
        update(sessions)
        .where(sessions.c.key_id == key_id, sessions.c.token_hash != besides, *_alive(at))
        .values(ended_at=at)
    )


def put_challenge(connection: Connection, challenge_hash: str, at: datetime, expires_at: datetime) -> None:
    """Keep what an officer's machine is to sign; those that ran out go."""
    table = sign_in_challenges
    connection.execute(delete(table).where(table.c.expires_at <= at))
    connection.execute(insert(table), {"challenge_hash": challenge_hash, "expires_at": expires_at})


def spend_challenge(connection: Connection, challenge_hash: str, at: datetime) -> bool:
    """Use up a challenge; whether it was good."""
    table = sign_in_challenges
    spent = connection.execute(
        delete(table).where(table.c.challenge_hash == challenge_hash, table.c.expires_at > at)
    )
    return spent.rowcount == 1


def _is_good(at: datetime) -> ColumnElement[bool]:
    """As ``OfficerKey.standing`` says approved."""
    return and_(
        _KEYS.c.approved_at <= at,
        _KEYS.c.refused_at.is_(None),
        or_(_KEYS.c.revoked_at.is_(None), _KEYS.c.revoked_at > at),
    )


def _alive(at: datetime) -> tuple[Any, ...]:
    sessions = tables.sessions.c
    return (sessions.expires_at > at, sessions.idle_until > at, sessions.ended_at.is_(None))
