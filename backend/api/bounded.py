"""How much one process takes on: requests side by side, and how slowly a body may come.

A request more than that is answered at once with what to do, instead of waiting with the others until all give up.
"""

import asyncio
from collections.abc import Callable, Iterable
from time import monotonic

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, ReceiveMessage, Scope, Send

from backend.api.problems import send_problem
from backend.domain.edges.problems import BodyTooSlow, ServerBusy
from backend.settings import Settings

SLOWEST_BODY = 1_000
"""Bytes a second beyond the client's patience: a tenth of what a 2G line gives."""
_WATCHING = frozenset({"/healthz", "/readyz", "/metrics"})
"""What tells a load balancer that this process is busy must answer while it is."""
_STREAM = b"text/event-stream"


class Bounded:
    """An ASGI application around another one, which turns what a slow body raises into an answer.

    Args:
        app: The other one.
        settings: Once they are known. ``requests_at_once`` are answered side by side; live streams, which have seats of
            their own, leave theirs here when they begin. A phone may lose its line for ``client_patience``, once or
            in parts.
    """

    def __init__(self, app: ASGIApp, settings: Callable[[], Settings]) -> None:
        self.inner = app
        self._settings = settings
        self._inside = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != ScopeType.HTTP or scope["path"] in _WATCHING:
            await self.inner(scope, receive, send)
            return
        settings = self._settings()
        if self._inside >= settings.requests_at_once:
            busy = ServerBusy(f"{self._inside} requests are being answered")
            scope["state"]["problem"] = busy.code
            await send_problem(busy, send)
            return
        self._inside += 1
        is_inside = True

        async def leaving(message: Message) -> None:
            nonlocal is_inside
            if message["type"] == "http.response.start" and is_inside and _is_stream(message["headers"]):
                is_inside = False
                self._inside -= 1
            await send(message)

        try:
            await self.inner(scope, _Body(receive, settings.client_patience.total_seconds()).receive, leaving)
        finally:
            self._inside -= is_inside


class _Body:
    """The body of one request as it comes."""

    def __init__(self, receive: Receive, patience_s: float) -> None:
        self._receive = receive
        self._patience_s = patience_s
        self._began = monotonic()
        self._received = 0
        self._is_whole = False

    async def receive(self) -> ReceiveMessage:
        """The next part.

        Raises:
            BodyTooSlow: It did not come in the time that a body of so many bytes may take.
        """
        if self._is_whole:
            return await self._receive()
        ends = self._began + self._patience_s + self._received / SLOWEST_BODY
        try:
            async with asyncio.timeout(ends - monotonic()):
                message = await self._receive()
        except TimeoutError as late:
            raise BodyTooSlow(
                f"{self._received} bytes came in {monotonic() - self._began:.0f} seconds"
            ) from late
        if message["type"] == "http.request":
            self._received += len(message["body"])
            self._is_whole = not message["more_body"]
        return message


def _is_stream(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    return any(name.lower() == b"content-type" and value.startswith(_STREAM) for name, value in headers)
