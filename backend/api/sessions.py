"""Officers sign in 登录, see where they are signed in, and sign out."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlsplit
from uuid import UUID

from litestar import Controller, delete, get, post
from litestar.params import FromPath, QueryParameter

from backend.api import fields
from backend.api.auth import Acting, Farmer, FeedHolder, LinkHolder, Person, Phone, require_no_phone
from backend.api.bearing import hashed_token
from backend.api.docs import body_of
from backend.api.guards import may
from backend.api.schemas.officers import KeySessionBody, SessionBody
from backend.api.web import AnyRequest, Running
from backend.bootstrap import Parts
from backend.domain.authority.rule import BY_KEY, SIGNED_IN
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.authority.words import Reach, Role
from backend.domain.edges.limited import Limited
from backend.domain.ids import KeyId, OfficerId
from backend.domain.officer_keys.problems import ServerNameUnknown
from backend.domain.parties import Officer
from backend.domain.problems import NotFound
from backend.domain.signatures import Signature
from backend.insight.officers import officer_row, session_rows
from backend.store import sessions
from backend.store.engine import Transaction
from backend.workflows.page_sessions import offer_link
from backend.workflows.secrets import new_token, token_hash
from backend.workflows.sessions import (
    CHALLENGE_STANDS_FOR,
    Limits,
    end_session,
    sign_in_by_key,
    sign_in_by_token,
    whose,
)

Document = dict[str, object]
ENTRY = "/i/enter"
"""Where a browser spends a link into the pages."""
_THIS_ONE = "current"
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


class SessionController(Controller):
    """Sign in, who am I, sign out."""

    path = "/"
    tags = ("sessions",)

    @post(
        "/sessions",
        operation_id="open_session",
        opt=may(Role.PUBLIC, counts=Limited.SIGN_IN),
        operation_class=body_of(SessionBody),
        status_code=HTTPStatus.CREATED,
    )
    async def open(self, request: AnyRequest, parts: Running) -> Document:
        """Exchange an invitation's one-time login token for a session; the token is spent by it."""
        body = fields.read(SessionBody, await request.body())
        at, limits, made = parts.clock(), _limits(parts), new_token()
        return await _opened(
            parts,
            made,
            lambda connection: sign_in_by_token(connection, body.token, made, body.device, at, limits),
        )

    @post(
        "/sessions/challenges",
        operation_id="ask_to_sign_in",
        opt=may(Role.PUBLIC, counts=Limited.SIGN_IN),
        status_code=HTTPStatus.CREATED,
    )
    async def challenge(self, parts: Running) -> Document:
        """Something to sign with an approved key, once and within minutes."""
        made, at = new_token(), parts.clock()
        until = at + CHALLENGE_STANDS_FOR
        await parts.store.write(
            lambda connection: sessions.put_challenge(connection, token_hash(made), at, until)
        )
        return {"challenge": made, "expires_at": until.isoformat()}

    @post(
        "/sessions/by-key",
        operation_id="open_session_by_key",
        opt=may(Role.PUBLIC, counts=Limited.SIGN_IN),
        operation_class=body_of(KeySessionBody),
        status_code=HTTPStatus.CREATED,
    )
    async def open_by_key(self, request: AnyRequest, parts: Running) -> Document:
        """Exchange a signed challenge for a session."""
        body = fields.read(KeySessionBody, await request.body())
        at, limits, made = parts.clock(), _limits(parts), new_token()
        signature = Signature(KeyId(body.key_id), body.signature)
        # What the officer's machine dialled is in what it signed; it has to be us.
        server = urlsplit(parts.settings.public_url).netloc or _own_name(request)
        return await _opened(
            parts,
            made,
            lambda connection: sign_in_by_key(
                connection, body.challenge, server, signature, made, body.device, at, limits
            ),
        )

    @post(
        "/sessions/page-links",
        operation_id="make_page_link",
        opt=may(*SIGNED_IN, over=Reach.OWN),
        status_code=HTTPStatus.CREATED,
    )
    async def page_link(self, request: AnyRequest, parts: Running) -> Document:
        """A link that opens the insurer's pages in a browser, once and within a minute, as whoever asks for it.

        The page's session ends with the one that asks.
        """
        made, at, hashed = new_token(), parts.clock(), hashed_token(request)
        until = await parts.store.write(lambda connection: offer_link(connection, hashed, made, at))
        return {"path": f"{ENTRY}?link={made}", "expires_at": until.isoformat()}

    @get("/sessions", operation_id="list_sessions", opt=may(*BY_KEY, over=Reach.OWN, keyless=True))
    async def listed(
        self,
        request: AnyRequest,
        parts: Running,
        officer: Acting,
        officer_id: Annotated[str | None, QueryParameter(name="of", max_length=40)] = None,
    ) -> Document:
        """One's own open sessions, or for an administrator a colleague's."""
        at, wanted = parts.clock(), OfficerId(officer_id) if officer_id else None

        def rows(connection: Transaction) -> Document:
            who = whose(connection, officer, wanted)
            here = sessions.id_of(connection, hashed_token(request))
            return {"officer": who, "sessions": session_rows(sessions.listed(connection, who, at), here)}

        # Sessions are hidden from every bounded reading; what is asked for here are one's own, or a colleague's.
        return await parts.store.read(rows, sight=EVERYWHERE)

    @delete(
        "/sessions/{session:str}",
        operation_id="end_session",
        opt=may(*BY_KEY, over=Reach.OWN, keyless=True),
        status_code=HTTPStatus.OK,
    )
    async def end(
        self, request: AnyRequest, parts: Running, officer: Acting, phone: Phone, session: FromPath[str]
    ) -> Document:
        """Sign out: `current`, another of one's own sessions, or for an administrator a colleague's."""
        require_no_phone(phone)
        at, hashed = parts.clock(), hashed_token(request)

        def work(connection: Transaction) -> UUID:
            found = sessions.id_of(connection, hashed) if session == _THIS_ONE else _uuid(session)
            if found is None:
                raise NotFound("session", session)
            end_session(connection, officer, found, at)
            return found

        return {"ended": str(await parts.store.write(work))}

    @get("/me", operation_id="who_am_i", opt=may(Role.FARMER, *BY_KEY, over=Reach.OWN, keyless=True))
    async def me(self, person: Person) -> Document:
        """Who the bearer of this token is."""
        if isinstance(person, Farmer):
            return {
                "kind": "farmer",
                "policies": sorted(person.policies),
                "farms": sorted(person.farms),
                "session": str(person.session_id),
                "way": person.way,
            }
        if isinstance(person, LinkHolder | FeedHolder):
            raise TypeError("the rule of this route lets no link and no feed token pass")
        return {"kind": "officer", "officer": officer_row(person)}


async def _opened(parts: Parts, token: str, work: Callable[[Transaction], Officer]) -> Document:
    at = parts.clock()
    officer = await parts.store.write(work)
    return {
        "session_token": token,
        "expires_at": (at + parts.settings.session_length).isoformat(),
        "idle_seconds": _whole_seconds(parts.settings.session_idle),
        "officer": officer_row(officer),
    }


def _own_name(request: AnyRequest) -> str:
    """The host as the request names it, where that is the very address that it came to, or this machine's own.

    Raises:
        ServerNameUnknown: Any other: whoever passes a sign-in on writes into the header what the officer dialled.
    """
    named = request.headers.get("host", "")
    here, _ = request.scope["server"] or ("", None)
    if urlsplit(f"//{named}").hostname not in {here, *_THIS_MACHINE}:
        raise ServerNameUnknown(f"the request names {named:.100}")
    return named


def _limits(parts: Parts) -> Limits:
    return Limits(parts.settings.session_idle, parts.settings.session_length)


def _whole_seconds(length: timedelta) -> int:
    return int(length.total_seconds())


def _uuid(name: str) -> UUID | None:
    try:
        return UUID(name)
    except ValueError:
        return None
