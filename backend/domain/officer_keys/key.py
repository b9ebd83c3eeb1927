"""A key: how it stands at a moment, and who may approve it."""

from dataclasses import dataclass
from datetime import datetime

from backend.domain.canonical import canonical
from backend.domain.four_eyes.problems import SamePerson
from backend.domain.ids import KeyId, OfficerId
from backend.domain.officer_keys.problems import (
    ColleagueApproves,
    KeyDecided,
    KeyPending,
    KeyRefused,
    KeyRevoked,
)
from backend.domain.officer_keys.words import KeyStanding, Revocation
from backend.domain.parties import Officer
from backend.domain.problems import NotAllowed

FIRST_AT_THE_SERVER = 2
"""So many administrators of an organisation have their first keys approved at the server's shell: a pair to go on."""

_GROUP = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerKey:
    """The public half of an officer's Ed25519 key (32 bytes), and what became of it."""

    id: KeyId
    officer: OfficerId
    public: bytes
    registered_at: datetime
    approved_at: datetime | None = None
    refused_at: datetime | None = None
    revoked_at: datetime | None = None
    revocation: Revocation | None = None

    def standing(self, at: datetime) -> KeyStanding:
        """What it is worth at that moment."""
        if self.refused_at is not None:
            return KeyStanding.REFUSED
        if self.revoked_at is not None and self.revoked_at <= at:
            return KeyStanding.REVOKED
        if self.approved_at is None or self.approved_at > at:
            return KeyStanding.PENDING
        return KeyStanding.APPROVED


def fingerprint(key_id: KeyId) -> str:
    """The key's id as two people read it to each other: 128 bits of a sha-256, by fours."""
    return " ".join(key_id[start : start + _GROUP] for start in range(0, len(key_id), _GROUP)).upper()


def require_signs(key: OfficerKey, at: datetime) -> None:
    """Whether what is signed with this key at that moment counts.

    Raises:
        KeyPending, KeyRefused, KeyRevoked: It does not.
    """
    match key.standing(at):
        case KeyStanding.PENDING:
            raise KeyPending(f"key {fingerprint(key.id)} of {key.officer} waits for an administrator")
        case KeyStanding.REFUSED:
            raise KeyRefused(f"key {fingerprint(key.id)} of {key.officer} was refused")
        case KeyStanding.REVOKED:
            why = f", {key.revocation}" if key.revocation else ""
            raise KeyRevoked(f"key {fingerprint(key.id)} ended at {key.revoked_at:%Y-%m-%d %H:%M} UTC{why}")
        case KeyStanding.APPROVED:
            pass


def require_may_approve(
    key: OfficerKey, owner: Officer, approver: Officer, invited_by: OfficerId | None, at: datetime
) -> None:
    """Whether this officer may say that a pending key is its owner's.

    Raises:
        NotAllowed: The approver is no administrator of the owner's organisation.
        SamePerson: The owner, or who invited the owner: one person could put a puppet in.
        KeyDecided: It does not wait any more.
    """
    if not approver.is_administrator or approver.organisation != owner.organisation:
        raise NotAllowed(f"an administrator of {owner.organisation} approves this key")
    if approver.id == owner.id:
        raise SamePerson("nobody approves their own key")
    if approver.id == invited_by:
        raise SamePerson(f"you invited {owner.id}: another administrator approves the key")
    require_pending(key, at)


def require_first_at_the_server(
    key: OfficerKey, owner: Officer, *, working: int, could_approve: int, at: datetime
) -> None:
    """Whether the server's shell may approve a key.

    Args:
        key: The pending key.
        owner: Whose it is.
        working: Administrators of the organisation, other than the owner, who hold an approved key.
        could_approve: Those of them who may approve this one.
        at: When.

    Raises:
        ColleagueApproves: The organisation has people for it.
        KeyDecided: It does not wait any more.
    """
    is_first = owner.is_administrator and working < FIRST_AT_THE_SERVER
    if could_approve and not is_first:
        raise ColleagueApproves(f"{owner.organisation} has {could_approve} who may approve it")
    require_pending(key, at)


def require_pending(key: OfficerKey, at: datetime) -> None:
    """Whether the key still waits.

    Raises:
        KeyDecided: It does not.
    """
    standing = key.standing(at)
    if standing is not KeyStanding.PENDING:
        raise KeyDecided(f"key {fingerprint(key.id)} is {standing}")


def approval_document(*, key_id: KeyId, officer: OfficerId) -> bytes:
    """The bytes that an administrator signs: this key is this officer's."""
    return canonical({"purpose": "flashclaim/key-approval/1", "key_id": key_id, "officer": officer})


def sign_in_document(*, challenge: str, server: str) -> bytes:
    """The bytes that an officer signs to sign in; *server* is host and port as the officer's machine dialled them.

    A server that passes another one's challenge on gets a signature that is no use there.
    """
    return canonical({"purpose": "flashclaim/sign-in/1", "challenge": challenge, "server": server})
