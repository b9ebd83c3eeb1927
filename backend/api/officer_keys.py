"""Keys 签名密钥 of officers: registered, approved by a second administrator, revoked, and their history."""

import base64
from http import HTTPStatus
from typing import Annotated

from litestar import Controller, Response, get, post
from litestar.params import FromPath, QueryParameter

from backend.api import fields
from backend.api.auth import Acting, Phone, require_no_phone
from backend.api.bearing import hashed_token
from backend.api.docs import body_of
from backend.api.guards import may
from backend.api.keyed import answer_once
from backend.api.schemas.officers import KeyApprovalBody, KeyBody, RevocationBody
from backend.api.schemas.review import ReasonBody
from backend.api.web import AnyRequest, Running, Sees
from backend.domain.authority.rule import BY_KEY, SIGNED_IN
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.authority.words import Reach, Role
from backend.domain.ids import KeyId, OfficerId
from backend.domain.problems import FieldError, InvalidInput
from backend.domain.signatures import Signature
from backend.insight.officers import event_rows, key_row, key_rows, signed_since
from backend.store import officer_keys
from backend.store.engine import Transaction
from backend.workflows import officer_keys as work_on
from backend.workflows.sessions import whose

Document = dict[str, object]
Most = Annotated[int, QueryParameter(ge=1, le=500)]
OfOfficer = Annotated[str | None, QueryParameter(name="of", max_length=40)]
_KEY_BYTES = 32


class KeyController(Controller):
    """Keys that sign decisions."""

    path = "/keys"
    tags = ("keys",)

    @post(
        "/",
        operation_id="register_key",
        opt=may(*BY_KEY, over=Reach.OWN, keyless=True),
        operation_class=body_of(KeyBody),
        status_code=HTTPStatus.CREATED,
    )
    async def register(self, request: AnyRequest, parts: Running, officer: Acting, phone: Phone) -> Document:
        """Register the public half of a key; it waits for a second administrator, and signs nothing until then."""
        require_no_phone(phone)
        body = fields.read(KeyBody, await request.body())
        public_key = _public_key(body.public_key)
        at, hashed = parts.clock(), hashed_token(request)
        made = await parts.store.write(
            lambda connection: work_on.register(connection, officer, public_key, at, session=hashed)
        )
        return key_row(made, at)

    @get("/", operation_id="list_keys", opt=may(*BY_KEY, over=Reach.OWN, keyless=True))
    async def keys(
        self, parts: Running, sight: Sees, officer: Acting, officer_id: OfOfficer = None
    ) -> Document:
        """One's own keys, newest first, or for an administrator a colleague's."""
        at, wanted = parts.clock(), OfficerId(officer_id) if officer_id else None

        def rows(connection: Transaction) -> Document:
            who = whose(connection, officer, wanted)
            return {"officer": who, "keys": key_rows(officer_keys.of_officer(connection, who), at)}

        return await parts.store.read(rows, sight=sight)

    @get("/pending", operation_id="list_pending_keys", opt=may(Role.ADMINISTRATOR, over=Reach.ORGANISATION))
    async def pending(self, parts: Running, sight: Sees, officer: Acting) -> Document:
        """Keys of one's organisation that wait for an administrator, with the fingerprints to compare by phone."""
        at = parts.clock()

        def rows(connection: Transaction) -> Document:
            found = officer_keys.of_organisation(connection, officer.organisation, pending_only=True)
            return {"keys": key_rows(found, at)}

        return await parts.store.read(rows, sight=sight)

    @get("/history", operation_id="key_history", opt=may(*SIGNED_IN, over=Reach.OWN, keyless=True))
    async def history(
        self, parts: Running, sight: Sees, officer: Acting, officer_id: OfOfficer = None, limit: Most = 100
    ) -> Document:
        """Who did what about keys and people, newest first: one's own, an administrator their organisation's."""

        def rows(connection: Transaction) -> Document:
            who = OfficerId(officer_id) if officer_id else None
            if who is not None or not officer.is_administrator:
                who = whose(connection, officer, who)
            return {"events": event_rows(officer_keys.history(connection, officer.organisation, who, limit))}

        return await parts.store.read(rows, sight=sight)

    @post(
        "/{key_id:str}/approval",
        operation_id="approve_key",
        opt=may(Role.ADMINISTRATOR, over=Reach.ORGANISATION),
        operation_class=body_of(KeyApprovalBody),
        status_code=HTTPStatus.OK,
    )
    async def approve(
        self, request: AnyRequest, parts: Running, officer: Acting, key_id: FromPath[str]
    ) -> Response[bytes]:
        """Say, signed with one's own approved key, that a pending key is its owner's."""
        body = fields.read(KeyApprovalBody, await request.body())
        signature, at = Signature(KeyId(body.key_id), body.signature), parts.clock()

        def work(connection: Transaction) -> tuple[HTTPStatus, object]:
            approved = work_on.approve(connection, KeyId(key_id), officer, signature, at)
            return HTTPStatus.OK, key_row(approved, at)

        return await answer_once(request, officer, parts, work)

    @post(
        "/{key_id:str}/refusal",
        operation_id="refuse_key",
        opt=may(Role.ADMINISTRATOR, over=Reach.ORGANISATION),
        operation_class=body_of(ReasonBody),
        status_code=HTTPStatus.OK,
    )
    async def refuse(
        self, request: AnyRequest, parts: Running, officer: Acting, key_id: FromPath[str]
    ) -> Response[bytes]:
        """Say that a pending key is not its owner's, or not wanted: it never signs."""
        body = fields.read(ReasonBody, await request.body())
        at = parts.clock()

        def work(connection: Transaction) -> tuple[HTTPStatus, object]:
            refused = work_on.refuse(connection, KeyId(key_id), officer, body.reason, at)
            return HTTPStatus.OK, key_row(refused, at)

        return await answer_once(request, officer, parts, work)

    @post(
        "/{key_id:str}/revocation",
        operation_id="revoke_key",
        opt=may(*BY_KEY, over=Reach.OWN, keyless=True),
        operation_class=body_of(RevocationBody),
        status_code=HTTPStatus.OK,
    )
    async def revoke(
        self, request: AnyRequest, parts: Running, officer: Acting, phone: Phone, key_id: FromPath[str]
    ) -> Response[bytes]:
        """End a key from a time on, one's own or as an administrator a colleague's; what it signed before stays."""
        require_no_phone(phone)
        body = fields.read(RevocationBody, await request.body())
        at, hashed = parts.clock(), hashed_token(request)
        since = body.at or at

        def work(connection: Transaction) -> tuple[HTTPStatus, object]:
            ended = work_on.revoke(
                connection,
                KeyId(key_id),
                officer,
                body.reason,
                at,
                counts_from=since,
                session=hashed,
                note=body.note,
            )
            return HTTPStatus.OK, key_row(ended, at) | {"signed_since": signed_since(connection, ended)}

        return await answer_once(request, officer, parts, work)

    @get("/{key_id:str}/signed", operation_id="signed_since_revocation", opt=may(*SIGNED_IN, over=Reach.OWN))
    async def signed(self, parts: Running, officer: Acting, key_id: FromPath[str]) -> Document:
        """What was signed with a key after the time from which it is revoked: for a person to look at."""
        at = parts.clock()

        def rows(connection: Transaction) -> Document:
            key = work_on.readable(connection, officer, KeyId(key_id))
            return key_row(key, at) | {"signed_since": signed_since(connection, key)}

        # One's own signatures, wherever a cover or a delegation led.
        return await parts.store.read(rows, sight=EVERYWHERE)


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
