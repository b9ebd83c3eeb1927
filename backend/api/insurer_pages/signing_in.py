"""Coming to the pages and leaving them: a one-time link becomes a cookie, which ends with the session of its maker."""

from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlsplit

from litestar import Controller, Response, get, post
from litestar.datastructures import Cookie
from litestar.params import QueryParameter

from backend.api.auth import Acting
from backend.api.bearing import COOKIE, SECURE_COOKIE, page_cookie
from backend.api.guards import may
from backend.api.insurer_pages.forms import Sent
from backend.api.insurer_pages.navigation import places_for
from backend.api.insurer_pages.reading import PAGES, Reading, Theme
from backend.api.insurer_pages.shell import Around, sent_on
from backend.api.web import AnyRequest, Running
from backend.bootstrap import Parts
from backend.domain.authority.rule import SIGNED_IN
from backend.domain.authority.words import Reach, Role
from backend.domain.edges.limited import Limited
from backend.domain.pages.problems import PageLinkOver
from backend.store import sessions
from backend.store.engine import Transaction
from backend.texts.load import Language
from backend.workflows.page_sessions import enter
from backend.workflows.secrets import new_token
from backend.workflows.sessions import end_session

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_FROM_ELSEWHERE = "cross-site"
_LONGEST_NAME = 100


class EntryController(Controller):
    """Sign in by a link, choose how to read, sign out."""

    @get("/enter", operation_id="enter_pages", opt=may(Role.PUBLIC, counts=Limited.SIGN_IN))
    async def enter(
        self, request: AnyRequest, parts: Running, link: Annotated[str, QueryParameter(max_length=100)] = ""
    ) -> Response[bytes]:
        """Spend a link of ``flashclaim web``; the browser is signed in as whoever ran it.

        Raises:
            PageLinkOver: It is not good, or another site opened it: nobody is signed in as somebody else unawares.
        """
        if request.headers.get("sec-fetch-site") == _FROM_ELSEWHERE:
            raise PageLinkOver("another site opened it")
        made, at, idle = new_token(), parts.clock(), parts.settings.session_idle
        device = request.headers.get("user-agent", "")[:_LONGEST_NAME]
        officer = await parts.store.write(lambda connection: enter(connection, link, made, device, at, idle))
        answer = sent_on(places_for(officer)[0].address)
        answer.set_cookie(_cookie(request, parts, made))
        return answer

    @post("/leave", operation_id="leave_pages", opt=may(*SIGNED_IN, over=Reach.OWN, page=True))
    async def leave(
        self,
        request: AnyRequest,
        parts: Running,
        officer: Acting,
        sent: Sent,  # noqa: ARG002 - asked for, or a form of another site would end it
    ) -> Response[bytes]:
        """End this browser's session."""
        at, hashed = parts.clock(), page_cookie(request).hashed

        def work(connection: Transaction) -> None:
            if session := sessions.id_of(connection, hashed):
                end_session(connection, officer, session, at)

        await parts.store.write(work)
        answer = Response(b"", status_code=HTTPStatus.SEE_OTHER, headers={"Location": PAGES})
        for name in (COOKIE, SECURE_COOKIE):
            answer.delete_cookie(name, path=PAGES)
        return answer

    @post("/reading", operation_id="read_pages_as", opt=may(*SIGNED_IN, over=Reach.OWN, page=True))
    async def read_as(self, shell: Around, sent: Sent) -> Response[bytes]:
        """Choose language and appearance; what is not named stays."""
        language, theme = sent.get("language", ""), sent.get("theme", "")
        chosen = Reading(
            Language(language) if language in set(Language) else shell.language,
            Theme(theme) if theme in set(Theme) else shell.reading.theme,
        )
        answer = sent_on(sent.get("back", PAGES))
        for cookie in chosen.cookies:
            answer.set_cookie(cookie)
        return answer


def _cookie(request: AnyRequest, parts: Parts, value: str) -> Cookie:
    """The cookie of the pages: no script reads it, no other site sends it, and without TLS it stays on this machine."""
    is_tls = request.url.scheme == "https" or urlsplit(parts.settings.public_url).scheme == "https"
    is_secure = is_tls or request.url.hostname not in _LOOPBACK
    name = SECURE_COOKIE if is_secure else COOKIE
    return Cookie(key=name, value=value, path=PAGES, httponly=True, samesite="strict", secure=is_secure)
