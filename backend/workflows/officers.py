"""What administrators 管理员 do about the people of their organisation: invite, suspend, reinstate, name another."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from backend.domain.four_eyes.problems import SamePerson
from backend.domain.ids import OfficerId
from backend.domain.officer_keys.words import Deed, Revocation
from backend.domain.parties import Officer
from backend.domain.problems import FieldError, InvalidInput, NotAllowed, ReasonNeeded
from backend.domain.words import Lane
from backend.store import farmer_sessions, invitations, officer_keys, people, sessions
from backend.store.engine import Transaction


def require_administrator(officer: Officer) -> None:
    """Whether the officer is one.

    Raises:
        NotAllowed: No.
    """
    if not officer.is_administrator:
        raise NotAllowed("this is for an administrator of the organisation")


def colleague(connection: Transaction, by: Officer, officer_id: OfficerId) -> Officer:
    """An officer of an administrator's own organisation.

    Raises:
        NotFound: No such officer.
        NotAllowed: Not an administrator, or another organisation's officer.
    """
    require_administrator(by)
    found = people.officer(connection, officer_id)
    if found.organisation != by.organisation:
        raise NotAllowed(f"{officer_id} belongs to {found.organisation}, which looks after its own officers")
    return found


def invite(
    connection: Transaction,
    by: Officer,
    officer_id: OfficerId,
    name: str,
    token_hash: str,
    at: datetime,
    stands_for: timedelta,
    *,
    is_agent: bool = False,
) -> UUID:
    """Invite someone to sign in as a new officer of one's organisation, or an officer again who lost their key.

    Args:
        connection: A write transaction.
        by: The administrator.
        officer_id: A new id, or that of an officer of the same organisation.
        name: Of a new officer; a registered one keeps theirs.
        token_hash: Of the one-time login token, made on the administrator's machine: no server ever holds it.
        at: Now.
        stands_for: How long the token is good.
        is_agent: Whether a new person is a village agent 村级协保员, who reports for farmers and decides nothing.

    Raises:
        NotAllowed: Not an administrator, or the id is another organisation's officer.
        SamePerson: Nobody invites themselves.
        InvalidInput: A new officer without a name; an officer who is to become an agent; an agent of another office
            than an insurer's.
    """
    require_administrator(by)
    if is_agent and by.lane is not Lane.INSURER:
        raise InvalidInput(
            "village agents are the insurer's", errors=[FieldError("/is_agent", "is for an insurer's office")]
        )
    if officer_id == by.id:
        raise SamePerson("another administrator invites you again")
    if people.is_registered(connection, officer_id):
        known = colleague(connection, by, officer_id)
        if is_agent and not known.is_agent:
            errors = [
                FieldError("/is_agent", f"{officer_id} is an officer: give the agent an id of their own")
            ]
            raise InvalidInput("an officer becomes no agent", errors=errors)
    elif not name.strip():
        raise InvalidInput(
            "a new officer has a name", errors=[FieldError("/name", "is missing: nobody has this id yet")]
        )
    else:
        new = replace(by, id=officer_id, name=name.strip(), is_administrator=False, is_agent=is_agent)
        people.put_officer(connection, new)
    made = invitations.put(connection, officer_id, token_hash, by.id, at, at + stands_for)
    officer_keys.note_by(connection, Deed.INVITED, officer_id, by, at)
    return made


def withdraw_invitation(connection: Transaction, by: Officer, invitation: UUID, at: datetime) -> OfficerId:
    """An invitation that was not used is good no more; whose it was.

    Raises:
        NotAllowed: Not an administrator.
        NotFound: The organisation has none like it that still stands.
    """
    require_administrator(by)
    invited = invitations.withdraw(connection, invitation, by.organisation, at)
    officer_keys.note_by(connection, Deed.INVITATION_WITHDRAWN, invited, by, at)
    return invited


def suspend(
    connection: Transaction,
    by: Officer,
    officer_id: OfficerId,
    reason: str,
    at: datetime,
    *,
    counts_from: datetime,
    has_left: bool,
) -> None:
    """An officer acts no more from a time on; who leaves for good has their keys revoked from then too.

    Raises:
        NotFound, NotAllowed: As ``colleague``.
        SamePerson: Nobody suspends themselves.
        ReasonNeeded: Whoever is suspended reads why.
    """
    found = colleague(connection, by, officer_id)
    if found.id == by.id:
        raise SamePerson("another administrator suspends you")
    if not reason.strip():
        raise ReasonNeeded("whoever is suspended reads why")
    people.suspend(connection, officer_id, counts_from)
    if counts_from <= at:
        sessions.end_all(connection, officer_id, at)
        farmer_sessions.end_of_agent(connection, officer_id, at)
    invitations.withdraw_all(connection, officer_id, at)
    officer_keys.note_by(
        connection, Deed.SUSPENDED, officer_id, by, at, reason=reason, counts_from=counts_from
    )
    if not has_left:
        return
    for key in officer_keys.of_officer(connection, officer_id):
        if key.refused_at is None and (key.revoked_at is None or key.revoked_at > counts_from):
            officer_keys.revoke(connection, key.id, counts_from, Revocation.LEFT)
            officer_keys.note(
                connection,
                Deed.KEY_REVOKED,
                officer_id,
                by=by.id,
                organisation=by.organisation,
                at=at,
                key_id=key.id,
                counts_from=counts_from,
                reason=Revocation.LEFT,
            )


def reinstate(connection: Transaction, by: Officer, officer_id: OfficerId, reason: str, at: datetime) -> None:
    """A suspended officer acts again; revoked keys stay revoked.

    Raises:
        NotFound, NotAllowed: As ``colleague``.
        ReasonNeeded: The record says why.
    """
    colleague(connection, by, officer_id)
    if not reason.strip():
        raise ReasonNeeded("the record says why someone is reinstated")
    people.suspend(connection, officer_id, None)
    officer_keys.note_by(connection, Deed.REINSTATED, officer_id, by, at, reason=reason)


def name_administrator(
    connection: Transaction,
    officer_id: OfficerId,
    second: Officer,
    reason: str,
    at: datetime,
    *,
    becomes: bool,
) -> None:
    """Carry out what two administrators agreed to.

    Raises:
        NotAllowed: A village agent administers nobody.
    """
    if colleague(connection, second, officer_id).is_agent and becomes:
        raise NotAllowed(f"{officer_id} is a village agent, who administers nobody")
    people.set_administrator(connection, officer_id, becomes=becomes)
    deed = Deed.ADMINISTRATOR_NAMED if becomes else Deed.ADMINISTRATOR_ENDED
    officer_keys.note_by(connection, deed, officer_id, second, at, reason=reason)
