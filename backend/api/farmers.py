"""Farmers sign in, stay signed in, and see and end their sessions."""

from http import HTTPStatus
from uuid import UUID

from litestar import Controller, delete, get, post
from litestar.params import FromPath

from backend.api import fields
from backend.api.auth import Farmer, Person
from backend.api.docs import body_of
from backend.api.guards import may
from backend.api.limits import address_of
from backend.api.schemas.farmers import CodeAskedBody, FarmerSessionBody, RefreshBody, by_phone, number_of
from backend.api.web import AnyRequest, Running
from backend.bootstrap import Parts
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.authority.words import Reach, Role
from backend.domain.edges.limited import Limited
from backend.domain.problems import NotFound
from backend.domain.sign_in.codes import GOOD_FOR, MOST_TRIES
from backend.domain.sign_in.family import Verdict
from backend.domain.sign_in.problems import CardNotValid, RefreshTokenReused, SessionEnded, SignInCodeWrong
from backend.domain.sign_in.words import SessionEnd
from backend.insight.farmers import session_rows
from backend.store import farmer_sessions
from backend.store.engine import Transaction
from backend.store.farmer_sessions import Bearer
from backend.workflows.farmers import sign_in
from backend.workflows.farmers.sign_in import Tokens


class FarmerController(Controller):
    """Farmers' sign-in 农户登录."""

    path = "/farmer"
    tags = ("farmers",)

    @post(
        "/codes",
        operation_id="ask_for_sign_in_code",
        opt=may(Role.PUBLIC),
        operation_class=body_of(CodeAskedBody),
        status_code=HTTPStatus.ACCEPTED,
    )
    async def code(self, request: AnyRequest, parts: Running) -> dict[str, object]:
        """Ask for a one-time code to a farm's contact phone.

        The answer is the same whether or not the number is anybody's. The same `request` again sends nothing more.
        """
        body = fields.read(CodeAskedBody, await request.body())
        phone, at, limits = number_of(body.phone), parts.clock(), parts.settings.code_limits
        # As wherever strangers are counted: whoever has a line of IPv6 has 2**64 addresses to ask from.
        address = address_of(request)

        await parts.store.write(
            lambda connection: sign_in.ask_for_code(connection, body.request, phone, address, limits, at)
        )
        return {"request": str(body.request), "seconds": int(GOOD_FOR.total_seconds()), "tries": MOST_TRIES}

    @post(
        "/sessions",
        operation_id="open_farmer_session",
        opt=may(Role.PUBLIC, counts=Limited.SIGN_IN),
        operation_class=body_of(FarmerSessionBody),
        status_code=HTTPStatus.CREATED,
    )
    async def open(self, request: AnyRequest, parts: Running) -> dict[str, object]:
        """Sign in with a code (`request`, `phone`, `code`), or with a policy card (`card`).

        A code is spent by it. The access token is good for minutes; the refresh token gives the next pair, once.
        """
        body = fields.read(FarmerSessionBody, await request.body())
        told, at = by_phone(body), parts.clock()
        tokens = new_tokens(parts)

        def work(connection: Transaction) -> UUID | None:
            if told:
                return sign_in.open_by_phone(connection, *told, body.device, tokens, at)
            return sign_in.open_by_card(connection, body.card or "", body.device, tokens, at)

        session_id = await parts.store.write(work)
        if session_id is None and told:
            raise SignInCodeWrong("number, request and code do not belong together, or the code has ended")
        if session_id is None:
            raise CardNotValid("no policy has this card")
        return token_pair(tokens, session_id)

    @post(
        "/sessions/refresh",
        operation_id="refresh_farmer_session",
        opt=may(Role.PUBLIC, counts=Limited.SIGN_IN),
        operation_class=body_of(RefreshBody),
        status_code=HTTPStatus.OK,
    )
    async def refresh(self, request: AnyRequest, parts: Running) -> dict[str, object]:
        """The next pair of tokens. A refresh token that comes again ends the session, for whoever holds it.

        One whose answer was lost may come again within a minute, as long as nobody used the pair it was answered with.
        """
        body = fields.read(RefreshBody, await request.body())
        at, tokens = parts.clock(), new_tokens(parts)

        done = await parts.store.write(
            lambda connection: sign_in.refresh(connection, body.refresh_token, tokens, at)
        )
        if done is None:
            raise SessionEnded("the refresh token is unknown, too old, or its session was ended")
        if done.verdict is Verdict.REUSED:
            raise RefreshTokenReused("the session is ended for everybody who holds a token of it")
        return token_pair(tokens, done.session_id)

    @get("/sessions", operation_id="list_farmer_sessions", opt=may(Role.FARMER, over=Reach.OWN))
    async def sessions(self, parts: Running, person: Person) -> dict[str, object]:
        """The open sessions that act for one's policies, the one used last first.

        Whoever signed in by card sees those of the same card.
        """
        own, at = _bearer(person), parts.clock()
        rows = await parts.store.read(
            lambda connection: farmer_sessions.seen_by(connection, own, at), sight=EVERYWHERE
        )
        return {"sessions": session_rows(rows, own.session_id)}

    @delete(
        "/sessions/{session:uuid}",
        operation_id="end_farmer_session",
        opt=may(Role.FARMER, over=Reach.OWN),
        status_code=HTTPStatus.OK,
    )
    async def end(self, parts: Running, person: Person, session: FromPath[UUID]) -> dict[str, object]:
        """End one of the sessions that one sees; one's own is signing out."""
        own, at = _bearer(person), parts.clock()

        def work(connection: Transaction) -> list[dict[str, object]]:
            seen = {row.id for row in farmer_sessions.seen_by(connection, own, at)}
            if session not in seen:
                raise NotFound("session", session)
            because = SessionEnd.SIGNED_OUT if session == own.session_id else SessionEnd.REVOKED
            farmer_sessions.end(connection, [session], because, at)
            return session_rows(farmer_sessions.seen_by(connection, own, at), own.session_id)

        return {"sessions": await parts.store.write(work)}


def new_tokens(parts: Parts) -> Tokens:
    """A pair as long as this installation lets one live."""
    return Tokens.new(parts.clock(), parts.settings.farmer_access, parts.settings.farmer_session)


def token_pair(tokens: Tokens, session_id: UUID) -> dict[str, object]:
    """What whoever signed in keeps."""
    return {
        "session": str(session_id),
        "access_token": tokens.access,
        "access_until": tokens.access_until.isoformat(),
        "access_seconds": int(tokens.access_for.total_seconds()),
        "refresh_token": tokens.refresh,
        "refresh_until": tokens.refresh_until.isoformat(),
    }


def _bearer(person: Person) -> Bearer:
    if not isinstance(person, Farmer):
        raise TypeError("the rule of this route lets others than farmers pass")
    return Bearer(
        session_id=person.session_id,
        way=person.way,
        policies=person.policies,
        farms=person.farms,
        place=0,
        wants_touch=False,
        is_new=False,
    )
