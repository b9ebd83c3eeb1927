"""What every answer tells a browser about itself, whoever wrote it: nothing is guessed, framed, kept or passed on.

An answer that says something of its own keeps its word (a picture may be cached, the claim file may show its style);
what it leaves unsaid is said here, also on refusals and where nothing was found. docs/decisions/0030 says why each.
"""

from collections.abc import Callable, Iterable
from typing import cast

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from backend.api.web import AnyRequest

CONTENT_POLICY = "content-policy"
"""Where in a request's state a page that runs something says what it may run."""
RATE = "rate"
"""Where in a request's state stands what is left of a rate: header names and values."""

NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_SAID = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    # Answers are about people: no browser and no proxy on the way keeps one.
    (b"cache-control", b"no-store"),
)
_TLS_ONLY = (b"strict-transport-security", b"max-age=63072000; includeSubDomains")


def may_run(request: AnyRequest, policy: str) -> None:
    """Let the answer to this request be a page under a Content-Security-Policy of its own."""
    request.scope["state"][CONTENT_POLICY] = policy


class Hardened:
    """An ASGI application around another one.

    Args:
        app: The other one.
        behind_tls: Whether phones reach this server by https although it is handed plain http.
    """

    def __init__(self, app: ASGIApp, behind_tls: Callable[[], bool]) -> None:
        self.inner = app
        self._behind_tls = behind_tls

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != ScopeType.HTTP:
            await self.inner(scope, receive, send)
            return

        async def saying(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self._unsaid(scope, message["headers"])]
            await send(message)

        await self.inner(scope, receive, saying)

    def _unsaid(self, scope: HTTPScope, said: Iterable[tuple[bytes, bytes]]) -> Iterable[tuple[bytes, bytes]]:
        names = {name.lower() for name, _ in said}
        state = scope["state"]
        policy = str(state.get(CONTENT_POLICY, NOTHING)).encode()
        wanted = [*_SAID, (b"content-security-policy", policy)]
        if scope["scheme"] == "https" or self._behind_tls():
            wanted.append(_TLS_ONLY)
        wanted += cast("list[tuple[bytes, bytes]]", state.get(RATE, []))
        return [(name, value) for name, value in wanted if name not in names]
