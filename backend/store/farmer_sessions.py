"""Farmers' sessions: who bears an access token, and what becomes of a refresh token (``domain.sign_in.family``)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any  # a row's columns are what its statement selects
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, or_, select, update

from backend.domain.ids import FarmId, OfficerId, PolicyNumber
from backend.domain.sign_in.family import LONGEST, Pair, Verdict, judge
from backend.domain.sign_in.words import SessionEnd, Way
from backend.store import assistances, farmer_codes
from backend.store.farmer_tables import farmer_session_farms, farmer_sessions, farmer_tokens
from backend.store.tables import policies

TOUCHED_EVERY = timedelta(minutes=1)
"""``last_used_at`` is this exact: a write for every request would cost more than the request."""
_SESSIONS, _TOKENS = farmer_sessions.c, farmer_tokens.c


@dataclass(frozen=True, slots=True)
class TokenPair:
    """A new pair of tokens, by their hashes, and how long each is good."""

    access_hash: str
    access_until: datetime
    refresh_hash: str
    refresh_until: datetime


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whose access token it is; ``officer`` where it is somebody who reports for farmers.

    ``wants_touch``: its use is to be noted (``touch``); ``is_new``: this pair comes for the first time.
    """

    session_id: UUID
    way: Way
    policies: frozenset[PolicyNumber]
    farms: frozenset[FarmId]
    place: int
    wants_touch: bool
    is_new: bool
    officer: OfficerId | None = None


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What became of a refresh token of this session."""

    session_id: UUID
    verdict: Verdict


def open_session(
    connection: Connection,
    session_id: UUID,
    pair: TokenPair,
    at: datetime,
    *,
    device: str,
    policy: PolicyNumber | None = None,
    farms: Collection[FarmId] = (),
) -> None:
    """Let the holder of the first pair act: for one policy (by its card), or for every policy of these farms."""
    row = {
        "id": session_id,
        "way": Way.CARD if policy else Way.PHONE,
        "device": device,
        "policy_number": policy,
        "opened_at": at,
        "last_used_at": at,
    }
    connection.execute(insert(farmer_sessions), row)
    if farms:
        of_farms = [{"session_id": session_id, "farm_id": farm_id} for farm_id in sorted(farms)]
        connection.execute(insert(farmer_session_farms), of_farms)
    _put_pair(connection, session_id, 1, pair)


def open_for_agent(
    connection: Connection,
    session_id: UUID,
    pair: TokenPair,
    at: datetime,
    *,
    device: str,
    officer: OfficerId,
) -> None:
    """Let the holder of the first pair report for farmers in this officer's name; any other phone of theirs is out."""
    end_of_agent(connection, officer, at, because=SessionEnd.NEW_PHONE)
    row = {
        "id": session_id,
        "way": Way.AGENT,
        "device": device,
        "officer_id": officer,
        "opened_at": at,
        "last_used_at": at,
    }
    connection.execute(insert(farmer_sessions), row)
    _put_pair(connection, session_id, 1, pair)


def bearer(connection: Connection, access_hash: str, at: datetime) -> Bearer | None:
    """Who acts under this access token now."""
    row = connection.execute(
        select(farmer_sessions, _TOKENS.place, _TOKENS.came)
        .join(farmer_tokens, _TOKENS.session_id == _SESSIONS.id)
        .where(_TOKENS.access_hash == access_hash, _TOKENS.access_until > at, _SESSIONS.ended_at.is_(None))
    ).one_or_none()
    if row is None:
        return None
    own: Sequence[Any] = ()
    if row.officer_id is None:
        own = connection.execute(
            select(policies.c.number, policies.c.farm_id).where(_is_covered(row.id, row.policy_number))
        ).all()
        if not own:
            return None
    return Bearer(
        session_id=row.id,
        way=Way(row.way),
        policies=frozenset(PolicyNumber(one.number) for one in own),
        farms=frozenset(FarmId(one.farm_id) for one in own),
        place=row.place,
        wants_touch=row.last_used_at <= at - TOUCHED_EVERY,
        is_new=not row.came,
        officer=None if row.officer_id is None else OfficerId(row.officer_id),
    )


def touch(connection: Connection, session_id: UUID, place: int, at: datetime) -> None:
    """Note that the session is used, and that this pair arrived where it was sent."""
    is_pair = (_TOKENS.session_id == session_id, _TOKENS.place == place)
    connection.execute(update(farmer_tokens).where(*is_pair).values(came=True))
    connection.execute(update(farmer_sessions).where(_SESSIONS.id == session_id).values(last_used_at=at))


def refresh(connection: Connection, refresh_hash: str, pair: TokenPair, at: datetime) -> Refreshed | None:
    """Give the next pair for a refresh token, or end its session because it was spent before; None: it is no good.

    An ended session is part of the transaction: whoever refuses it commits all the same.
    """
    shown = connection.execute(
        select(farmer_tokens, _SESSIONS.ended_at, _SESSIONS.opened_at)
        .join(farmer_sessions, _SESSIONS.id == _TOKENS.session_id)
        .where(_TOKENS.refresh_hash == refresh_hash)
        # The session's row: two refreshes at once, also with two tokens of it, are judged one after the other.
        .with_for_update(of=farmer_sessions)
    ).one_or_none()
    if shown is None or shown.ended_at or shown.refresh_until <= at or shown.opened_at + LONGEST <= at:
        return None
    last = connection.execute(
        select(farmer_tokens)
        .where(_TOKENS.session_id == shown.session_id)
        .order_by(_TOKENS.place.desc())
        .limit(1)
    ).one()
    verdict = judge(_pair(shown), _pair(last), at)
    if verdict is Verdict.REUSED:
        end(connection, [shown.session_id], SessionEnd.REUSED, at)
        return Refreshed(shown.session_id, verdict)
    is_shown = (_TOKENS.session_id == shown.session_id, _TOKENS.place == shown.place)
    if verdict is Verdict.NEXT:
        connection.execute(update(farmer_tokens).where(*is_shown).values(spent_at=at, came=True))
    else:
        # Whoever comes with the pair that nobody got, after all, is not let in.
        is_last = (_TOKENS.session_id == shown.session_id, _TOKENS.place == last.place)
        connection.execute(update(farmer_tokens).where(*is_last).values(access_until=at))
    _put_pair(connection, shown.session_id, last.place + 1, pair)
    connection.execute(
        update(farmer_sessions).where(_SESSIONS.id == shown.session_id).values(last_used_at=at)
    )
    return Refreshed(shown.session_id, verdict)


def seen_by(connection: Connection, who: Bearer, at: datetime) -> Sequence[Row[Any]]:
    """The open sessions that this one may see and end, the one used last first.

    By card: those of the same card. By phone: all that act for any of its policies.
    """
    is_seen: ColumnElement[bool] = _SESSIONS.policy_number.in_(who.policies)
    if who.way is Way.PHONE:
        of_farms = select(farmer_session_farms.c.session_id).where(
            farmer_session_farms.c.farm_id.in_(who.farms)
        )
        is_seen = or_(is_seen, _SESSIONS.id.in_(of_farms))
    is_open = select(_TOKENS.session_id).where(_TOKENS.refresh_until > at)
    listed = select(farmer_sessions).where(is_seen, _SESSIONS.ended_at.is_(None), _SESSIONS.id.in_(is_open))
    return connection.execute(listed.order_by(_SESSIONS.last_used_at.desc(), _SESSIONS.id)).all()


def end(connection: Connection, ids: Collection[UUID], because: SessionEnd, at: datetime) -> None:
    """End these sessions, with every token of theirs."""
    is_open = (_SESSIONS.id.in_(ids), _SESSIONS.ended_at.is_(None))
    connection.execute(update(farmer_sessions).where(*is_open).values(ended_at=at, ended_because=because))


def end_of_card(connection: Connection, policy: PolicyNumber, at: datetime) -> None:
    """End the sessions that this policy's card opened."""
    ids = connection.scalars(select(_SESSIONS.id).where(_SESSIONS.policy_number == policy)).all()
    end(connection, ids, SessionEnd.CARD_REPLACED, at)


def end_of_phone(connection: Connection, farm_id: FarmId, at: datetime) -> None:
    """End the sessions that a code to this farm's phone opened."""
    farms = farmer_session_farms.c
    ids = connection.scalars(select(farms.session_id).where(farms.farm_id == farm_id)).all()
    end(connection, ids, SessionEnd.PHONE_CHANGED, at)


def end_of_agent(
    connection: Connection, officer: OfficerId, at: datetime, because: SessionEnd = SessionEnd.REVOKED
) -> None:
    """End the sessions on phones of somebody who reports for farmers."""
    ids = connection.scalars(select(_SESSIONS.id).where(_SESSIONS.officer_id == officer)).all()
    end(connection, ids, because, at)


def farms_of(connection: Connection, session_id: UUID) -> frozenset[FarmId]:
    """The farms that a session acts for."""
    policy = connection.scalar(select(_SESSIONS.policy_number).where(_SESSIONS.id == session_id))
    found = connection.scalars(select(policies.c.farm_id).where(_is_covered(session_id, policy)))
    return frozenset(FarmId(one) for one in found)


def forget_old(connection: Connection, now: datetime) -> None:
    """Drop tokens and codes that are no good any more, and sessions that have none left."""
    farmer_codes.forget_old(connection, now)
    assistances.forget_old(connection, now)
    connection.execute(delete(farmer_tokens).where(_TOKENS.refresh_until < now))
    left = select(_TOKENS.session_id)
    gone = select(_SESSIONS.id).where(_SESSIONS.id.not_in(left))
    connection.execute(delete(farmer_session_farms).where(farmer_session_farms.c.session_id.in_(gone)))
    connection.execute(delete(farmer_sessions).where(_SESSIONS.id.not_in(left)))


def _is_covered(session_id: UUID, policy: str | None) -> ColumnElement[bool]:
    """Which policies a session acts for; one that is renewed under a new number is among them from then on."""
    if policy:
        return policies.c.number == policy
    farms = farmer_session_farms.c
    return policies.c.farm_id.in_(select(farms.farm_id).where(farms.session_id == session_id))


def _put_pair(connection: Connection, session_id: UUID, place: int, pair: TokenPair) -> None:
    row = {
        "session_id": session_id,
        "place": place,
        "access_hash": pair.access_hash,
        "access_until": pair.access_until,
        "refresh_hash": pair.refresh_hash,
        "refresh_until": pair.refresh_until,
    }
    connection.execute(insert(farmer_tokens), row)


def _pair(row: Row[Any]) -> Pair:
    return Pair(row.place, row.spent_at, row.came)
