"""Invitations 邀请: one-time login tokens that end, by their hashes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any  # a row's columns are what its statement selects
from uuid import UUID, uuid4

from sqlalchemy import Connection, Row, insert, select, update

from backend.domain.ids import OfficerId, OrganisationId
from backend.domain.officer_keys.problems import InvitationOver
from backend.domain.problems import FieldError, InvalidInput, NotFound, NotSignedIn
from backend.store import tables
from backend.store.authority_tables import invitations


def put(
    connection: Connection,
    officer: OfficerId,
    token_hash: str,
    by: OfficerId | None,
    at: datetime,
    expires_at: datetime,
) -> UUID:
    """Invite an officer; an older invitation that was not used is withdrawn. *by* None: at the server.

    Raises:
        InvalidInput: The token was another invitation's.
    """
    if connection.scalar(select(invitations.c.id).where(invitations.c.token_hash == token_hash)) is not None:
        errors = [FieldError("/token_hash", "is of a token that was used before: make another one")]
        raise InvalidInput("nobody can be invited with it", errors=errors)
    withdraw_all(connection, officer, at)
    made = uuid4()
    connection.execute(
        insert(invitations),
        {
            "id": made,
            "officer_id": officer,
            "token_hash": token_hash,
            "invited_by": by,
            "invited_at": at,
            "expires_at": expires_at,
        },
    )
    return made


def use(connection: Connection, token_hash: str, at: datetime) -> OfficerId:
    """Spend a one-time login token.

    Raises:
        NotSignedIn: There is none like it.
        InvitationOver: It was used, withdrawn, or not used in time.
    """
    found = connection.scalar(
        update(invitations)
        .where(
            invitations.c.token_hash == token_hash,
            invitations.c.used_at.is_(None),
            invitations.c.withdrawn_at.is_(None),
            invitations.c.expires_at > at,
        )
        .values(used_at=at)
        .returning(invitations.c.officer_id)
    )
    if found is not None:
        return OfficerId(found)
    row = connection.execute(select(invitations).where(invitations.c.token_hash == token_hash)).one_or_none()
    if row is None:
        raise NotSignedIn("this login token is unknown")
    how = "was used" if row.used_at else "was withdrawn" if row.withdrawn_at else "was not used in time"
    raise InvitationOver(f"this login token {how}")


def withdraw(
    connection: Connection, invitation: UUID, organisation: OrganisationId, at: datetime
) -> OfficerId:
    """Withdraw an invitation that has not been used.

    Raises:
        NotFound: This organisation has no such invitation that still stands.
    """
    officers = tables.officers
    theirs = select(officers.c.id).where(officers.c.organisation_id == organisation)
    found = connection.scalar(
        update(invitations)
        .where(
            invitations.c.id == invitation,
            invitations.c.officer_id.in_(theirs),
            invitations.c.used_at.is_(None),
            invitations.c.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=at)
        .returning(invitations.c.officer_id)
    )
    if found is None:
        raise NotFound("invitation of your office that waits", invitation)
    return OfficerId(found)


def withdraw_all(connection: Connection, officer: OfficerId, at: datetime) -> None:
    """An officer's invitations that were not used are good no more."""
    connection.execute(
        update(invitations)
        .where(
            invitations.c.officer_id == officer,
            invitations.c.used_at.is_(None),
            invitations.c.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=at)
    )


def inviter(connection: Connection, officer: OfficerId, before: datetime) -> OfficerId | None:
    """Who sent the invitation that the officer last signed in by; None for the server, and where there is none."""
    found = connection.scalar(
        select(invitations.c.invited_by)
        .where(invitations.c.officer_id == officer, invitations.c.used_at <= before)
        .order_by(invitations.c.used_at.desc())
        .limit(1)
    )
    return None if found is None else OfficerId(found)


def listed(connection: Connection, organisation: OrganisationId, most: int) -> Sequence[Row[Any]]:
    """An organisation's invitations, newest first."""
    officers = tables.officers
    return connection.execute(
        select(invitations, officers.c.name)
        .join(officers, officers.c.id == invitations.c.officer_id)
        .where(officers.c.organisation_id == organisation)
        .order_by(invitations.c.invited_at.desc(), invitations.c.id)
        .limit(most)
    ).all()
