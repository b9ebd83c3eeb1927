"""Officers sign in 登录: the first time by an invitation's one-time token, from then on with their key."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from backend.domain.ids import KeyId, OfficerId
from backend.domain.officer_keys.key import sign_in_document
from backend.domain.officer_keys.problems import OfficerSuspended
from backend.domain.officer_keys.words import Deed
from backend.domain.parties import Officer
from backend.domain.problems import ForgedSignature, NotSignedIn
from backend.domain.signatures import Signature
from backend.store import invitations, officer_keys, people, sessions
from backend.store.engine import Transaction
from backend.workflows.officers import colleague
from backend.workflows.review import require_signature
from backend.workflows.secrets import token_hash

CHALLENGE_STANDS_FOR = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session lasts unused, and altogether (NIST SP 800-63B, AAL2)."""

    idle: timedelta
    length: timedelta


def sign_in_by_token(
    connection: Transaction, token: str, session_token: str, device: str, at: datetime, limits: Limits
) -> Officer:
    """Spend a one-time login token for a session; nobody is an administrator by a token alone.

    Sessions from before without an approved key end: whoever came with an earlier token may be another person.

    Raises:
        NotSignedIn, InvitationOver: No such token, or one that is good no more.
        OfficerSuspended: The officer acts no more.
    """
    officer = people.officer(connection, invitations.use(connection, token_hash(token), at))
    sessions.end_keyless(connection, officer.id, at)
    opened = _open(connection, officer, session_token, device, at, limits)
    return replace(opened, is_administrator=False)


def sign_in_by_key(
    connection: Transaction,
    challenge: str,
    server: str,
    signature: Signature,
    session_token: str,
    device: str,
    at: datetime,
    limits: Limits,
) -> Officer:
    """Open a session for whoever signed the challenge with an approved key.

    Raises:
        NotSignedIn: The challenge or the signature is not good, or nobody has this key.
        KeyPending, KeyRefused, KeyRevoked: The key is theirs and signs nothing.
        OfficerSuspended: The officer acts no more.
    """
    if not sessions.spend_challenge(connection, token_hash(challenge), at):
        raise NotSignedIn("this challenge is unknown, used, or too old")
    key = officer_keys.one(connection, signature.key_id)
    if key is None:
        raise NotSignedIn("the key is unknown, or the signature is not its")
    officer = people.officer(connection, key.officer)
    document = sign_in_document(challenge=challenge, server=server)
    try:
        require_signature(connection, officer, signature, document, at)
    except ForgedSignature as forged:
        raise NotSignedIn("the key is unknown, or the signature is not its") from forged
    return _open(connection, officer, session_token, device, at, limits, key.id)


def end_session(connection: Transaction, by: Officer, session: UUID, at: datetime) -> None:
    """End one's own session, or a colleague's for an administrator; ending it again is fine.

    Raises:
        NotFound: Nobody's of this organisation.
        NotAllowed: A colleague's, and not an administrator.
    """
    owner = sessions.owner(connection, session, by.organisation)
    if owner != by.id:
        colleague(connection, by, owner)
    if sessions.end(connection, session, at) and owner != by.id:
        officer_keys.note(
            connection,
            Deed.SESSION_ENDED,
            owner,
            by=by.id,
            organisation=by.organisation,
            at=at,
        )


def whose(connection: Transaction, by: Officer, officer_id: OfficerId | None) -> OfficerId:
    """Oneself, or a colleague for an administrator.

    Raises:
        NotFound, NotAllowed: As ``colleague``.
    """
    if officer_id is None or officer_id == by.id:
        return by.id
    return colleague(connection, by, officer_id).id


def _open(
    connection: Transaction,
    officer: Officer,
    session_token: str,
    device: str,
    at: datetime,
    limits: Limits,
    key_id: KeyId | None = None,
) -> Officer:
    ended = people.suspended_at(connection, officer.id)
    if ended is not None and ended <= at:
        raise OfficerSuspended(f"{officer.id} is suspended since {ended:%Y-%m-%d %H:%M} UTC")
    hashed = token_hash(session_token)
    sessions.put(
        connection, hashed, officer.id, device, at, idle=limits.idle, length=limits.length, key_id=key_id
    )
    return officer
