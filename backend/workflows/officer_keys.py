"""Keys of officers: registered by their owner, approved by a second administrator, revoked with a time."""

import hashlib
from datetime import datetime

from backend.domain.ids import KeyId, OfficerId
from backend.domain.officer_keys.key import (
    OfficerKey,
    approval_document,
    fingerprint,
    require_first_at_the_server,
    require_may_approve,
    require_pending,
)
from backend.domain.officer_keys.problems import KeyDecided
from backend.domain.officer_keys.words import Deed, KeyStanding, Revocation
from backend.domain.parties import Officer
from backend.domain.problems import NotFound, ReasonNeeded
from backend.domain.signatures import Signature
from backend.store import invitations, officer_keys, people, sessions
from backend.store.engine import Transaction
from backend.workflows.officers import colleague
from backend.workflows.review import require_signature

_ID_DIGITS = 32


def key_id_of(public: bytes) -> KeyId:
    """A key's id: the first 32 hexadecimal digits of its public half's sha-256."""
    return KeyId(hashlib.sha256(public).hexdigest()[:_ID_DIGITS])


def register(
    connection: Transaction, owner: Officer, public: bytes, at: datetime, *, session: str
) -> OfficerKey:
    """Keep the public half of a key; it waits for a second administrator. Again is fine.

    Only a new key stands behind the session (by its token's hash) that it was made in: a public half is no secret.

    Raises:
        NotAllowed: The key is another officer's.
    """
    key_id = key_id_of(public)
    if officer_keys.put(connection, key_id, owner.id, public, at):
        sessions.bind(connection, session, key_id)
        officer_keys.note_by(connection, Deed.KEY_REGISTERED, owner.id, owner, at, key_id=key_id)
    return officer_keys.locked(connection, key_id)


def approve(
    connection: Transaction, key_id: KeyId, approver: Officer, signature: Signature, at: datetime
) -> OfficerKey:
    """Say, and sign, that a pending key is its owner's.

    Raises:
        NotFound: No such key.
        NotAllowed, SamePerson, KeyDecided: Who may say so, and whether it still waits.
        ForgedSignature, KeyPending, KeyRefused, KeyRevoked: The approver's own signature.
    """
    key = officer_keys.locked(connection, key_id)
    owner = people.officer(connection, key.officer)
    invited_by = invitations.inviter(connection, owner.id, key.registered_at)
    require_may_approve(key, owner, approver, invited_by, at)
    document = approval_document(key_id=key_id, officer=owner.id)
    require_signature(connection, approver, signature, document, at)
    officer_keys.approve(connection, key_id, at)
    officer_keys.note(
        connection,
        Deed.KEY_APPROVED,
        owner.id,
        by=approver.id,
        organisation=approver.organisation,
        at=at,
        key_id=key_id,
        signed_with=signature.key_id,
        signature=signature.value,
    )
    return officer_keys.locked(connection, key_id)


def approve_at_server(
    connection: Transaction, key_id: KeyId, by: str, reason: str, at: datetime
) -> OfficerKey:
    """Approve a key at the server's shell: of the first two administrators, and where nobody else could.

    Raises:
        NotFound: No such key.
        ColleagueApproves, KeyDecided: Who may say so, and whether it still waits.
        ReasonNeeded: The record says how the key's owner was known.
    """
    if not reason.strip():
        raise ReasonNeeded("say how you know whose key it is")
    key = officer_keys.locked(connection, key_id)
    owner = people.officer(connection, key.officer)
    working = _working_administrators(connection, owner, at)
    invited_by = invitations.inviter(connection, owner.id, key.registered_at)
    others = [one for one in working if one != invited_by]
    require_first_at_the_server(key, owner, working=len(working), could_approve=len(others), at=at)
    officer_keys.approve(connection, key_id, at)
    officer_keys.note(
        connection,
        Deed.KEY_APPROVED,
        owner.id,
        by=by,
        organisation=None,
        at=at,
        key_id=key_id,
        reason=reason,
    )
    return officer_keys.locked(connection, key_id)


def refuse(connection: Transaction, key_id: KeyId, by: Officer, reason: str, at: datetime) -> OfficerKey:
    """Say that a pending key is not its owner's, or not wanted: it never signs.

    Raises:
        NotFound, NotAllowed, KeyDecided: As for approving; refusing takes one administrator, whoever invited.
        ReasonNeeded: Its owner reads why.
    """
    key = officer_keys.locked(connection, key_id)
    colleague(connection, by, key.officer)
    if not reason.strip():
        raise ReasonNeeded("the key's owner reads why it was refused")
    require_pending(key, at)
    officer_keys.refuse(connection, key_id, at)
    officer_keys.note_by(connection, Deed.KEY_REFUSED, key.officer, by, at, key_id=key_id, reason=reason)
    return officer_keys.locked(connection, key_id)


def revoke(
    connection: Transaction,
    key_id: KeyId,
    by: Officer,
    why: Revocation,
    at: datetime,
    *,
    counts_from: datetime,
    session: str,
    note: str = "",
) -> OfficerKey:
    """End a key from a time on, past or to come: one's own, or a colleague's by an administrator.

    A key that has ended may be ended from an earlier time: whoever lost it may learn later that it was stolen. Sessions
    that a lost or stolen key opened end, but for the one that asks (*session* is its token's hash).

    Raises:
        NotFound: No such key.
        NotAllowed: Neither one's own nor an administrator's colleague's.
        KeyDecided: It was refused, or has ended from an earlier time already.
    """
    key = officer_keys.locked(connection, key_id)
    if key.officer != by.id:
        colleague(connection, by, key.officer)
    has_ended = key.revoked_at is not None and key.revoked_at <= counts_from
    if key.standing(at) is KeyStanding.REFUSED or has_ended:
        raise KeyDecided(f"key {fingerprint(key_id)} is {key.standing(at)}")
    officer_keys.revoke(connection, key_id, counts_from, why)
    if counts_from <= at and why is not Revocation.ROTATED:
        sessions.end_of_key(connection, key_id, session, at)
    elif counts_from <= at:
        _hand_sessions_on(connection, key, at)
    said = f"{why}: {note}" if note.strip() else why.value
    officer_keys.note_by(
        connection, Deed.KEY_REVOKED, key.officer, by, at, key_id=key_id, reason=said, counts_from=counts_from
    )
    return officer_keys.locked(connection, key_id)


def _hand_sessions_on(connection: Transaction, ended: OfficerKey, at: datetime) -> None:
    """Whoever changes to a key that is approved already does not sign in anew for it."""
    others = (one for one in officer_keys.of_officer(connection, ended.officer) if one.id != ended.id)
    good = next((one for one in others if one.standing(at) is KeyStanding.APPROVED), None)
    if good is not None:
        sessions.hand_on(connection, ended.id, good.id)


def readable(connection: Transaction, by: Officer, key_id: KeyId) -> OfficerKey:
    """One's own key, or a colleague's for an administrator.

    Raises:
        NotFound: No such key.
        NotAllowed: Another's.
    """
    key = officer_keys.one(connection, key_id)
    if key is None:
        raise NotFound("key", key_id)
    if key.officer != by.id:
        colleague(connection, by, key.officer)
    return key


def _working_administrators(connection: Transaction, owner: Officer, at: datetime) -> tuple[OfficerId, ...]:
    """Administrators beside the owner whose key is approved and has not ended."""
    return tuple(
        one
        for one in people.administrators(connection, owner.organisation, at)
        if one != owner.id
        and any(key.standing(at) is KeyStanding.APPROVED for key in officer_keys.of_officer(connection, one))
    )
