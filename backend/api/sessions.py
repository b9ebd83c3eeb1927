"""Officers sign in with a one-time token and register the keys they made."""

import base64
import hashlib
from http import HTTPStatus

from litestar import Controller, get, post

from backend.api import fields
from backend.api.auth import Acting, Person, Reporter
from backend.api.docs import body_of
from backend.api.guards import may
from backend.api.schemas.review import KeyBody, SessionBody
from backend.api.web import AnyRequest, Running, Sees
from backend.domain.authority.rule import ANYONE, OFFICERS
from backend.domain.authority.words import Reach, Role
from backend.domain.ids import KeyId
from backend.domain.parties import Officer
from backend.domain.problems import FieldError, InvalidInput, NotSignedIn
from backend.insight.lists import key_rows
from backend.store import people
from backend.store.engine import Transaction
from backend.workflows.secrets import new_token, token_hash

_KEY_BYTES = 32


class SessionController(Controller):
    """Sign in, who am I, keys."""

    path = "/"
    tags = ("sessions",)

    @post(
        "/sessions",
        operation_id="open_session",
        opt=may(Role.PUBLIC),
        operation_class=body_of(SessionBody),
        status_code=HTTPStatus.CREATED,
    )
    async def open(self, request: AnyRequest, parts: Running) -> dict[str, object]:
        """Exchange a one-time login token for a session; the token is spent by it."""
        body = fields.read(SessionBody, await request.body())
        session_token = new_token()
        expires_at = parts.clock() + parts.settings.session_length

        def work(connection: Transaction) -> Officer | None:
            officer_id = people.use_login_token(connection, token_hash(body.token))
            if officer_id is None:
                return None
            people.open_session(connection, token_hash(session_token), officer_id, expires_at)
            return people.officer(connection, officer_id)

        officer = await parts.store.write(work)
        if officer is None:
            raise NotSignedIn("this login token is unknown or has been used")
        return {
            "session_token": session_token,
            "expires_at": expires_at.isoformat(),
            "officer": _officer(officer),
        }

    @get("/me", operation_id="who_am_i", opt=may(*ANYONE, over=Reach.OWN))
    async def me(self, person: Person) -> dict[str, object]:
        """Who the bearer of this token is."""
        if isinstance(person, Reporter):
            return {"kind": "farmer", "policy_number": person.policy_number}
        return {"kind": "officer", "officer": _officer(person)}

    @post(
        "/keys",
        operation_id="register_key",
        opt=may(*OFFICERS, over=Reach.OWN),
        operation_class=body_of(KeyBody),
        status_code=HTTPStatus.CREATED,
    )
    async def register(self, request: AnyRequest, parts: Running, officer: Acting) -> dict[str, object]:
        """Register the public half of a key; its id is the first 32 digits of its sha-256."""
        body = fields.read(KeyBody, await request.body())
        public_key = _public_key(body.public_key)
        key_id = KeyId(hashlib.sha256(public_key).hexdigest()[:32])
        at = parts.clock()
        await parts.store.write(
            lambda connection: people.put_key(connection, key_id, officer.id, public_key, at)
        )
        return {"key_id": key_id, "officer": officer.id, "registered_at": at.isoformat()}

    @get("/keys", operation_id="list_keys", opt=may(*OFFICERS, over=Reach.OWN))
    async def keys(self, parts: Running, sight: Sees, officer: Acting) -> dict[str, object]:
        """One's own keys, newest first; a revoked one signs nothing more."""
        rows = await parts.store.read(
            lambda connection: key_rows(people.keys(connection, officer.id)), sight=sight
        )
        return {"officer": officer.id, "keys": rows}


def _public_key(text: str) -> bytes:
    try:
        public_key = base64.b64decode(text, validate=True)
    except ValueError as wrong:
        error = FieldError("/public_key", "is not base64")
        raise InvalidInput("the key cannot be used", errors=[error]) from wrong
    if len(public_key) != _KEY_BYTES:
        error = FieldError("/public_key", f"is {len(public_key)} bytes, an Ed25519 key has {_KEY_BYTES}")
        raise InvalidInput("the key cannot be used", errors=[error])
    return public_key


def _officer(officer: Officer) -> dict[str, object]:
    return {
        "id": officer.id,
        "name": officer.name,
        "organisation": officer.organisation,
        "lane": officer.lane,
    }
