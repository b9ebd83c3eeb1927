"""Around the whole application: every request gets an id, a line in the log and a place in the figures."""

import os
import re
from http import HTTPMethod
from time import perf_counter

import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, ReceiveMessage, Scope, Send

from backend import instruments

REQUEST_ID = "x-request-id"
_USABLE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_CLAIM = re.compile(r"[0-9a-fA-F-]{32,36}|FC-\d{8}-\d{1,8}")
_METHODS = frozenset(method.value for method in HTTPMethod)
_ROUTINE = frozenset({"/healthz", "/readyz", "/metrics"})
"""Asked every few seconds: only the lowest level of the log shows them."""
_UNMATCHED = "unmatched"
_ABANDONED = 499
"""The client was gone before anything was answered; nginx's number for it."""
_STREAM = b"text/event-stream"

log = structlog.get_logger()


def request_id_of(scope: Scope) -> str:
    """The id under which this request is logged."""
    return str(scope["state"].get(REQUEST_ID, ""))


class Watched:
    """An ASGI application around another one; what is not HTTP passes through."""

    def __init__(self, app: ASGIApp) -> None:
        self.inner = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, measured."""
        if scope["type"] != ScopeType.HTTP:
            await self.inner(scope, receive, send)
            return
        watch = _Watch(scope, receive, send)
        with structlog.contextvars.bound_contextvars(request_id=watch.request_id):
            instruments.REQUESTS_IN_PROGRESS.inc()
            try:
                await self.inner(scope, watch.receive, watch.send)
            finally:
                instruments.REQUESTS_IN_PROGRESS.dec()
                watch.end()


class _Watch:
    """One request while it is answered."""

    def __init__(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        self.request_id = _request_id(scope)
        self._scope = scope
        self._receive = receive
        self._send = send
        self._began = perf_counter()
        self._received = 0
        self._status = _ABANDONED
        self._is_stream = False
        scope.setdefault("state", {})[REQUEST_ID] = self.request_id

    async def receive(self) -> ReceiveMessage:
        """The next part of the request, counted."""
        message = await self._receive()
        if message["type"] == "http.request":
            self._received += len(message["body"])
        return message

    async def send(self, message: Message) -> None:
        """The next part of the answer; its head gets the request's id."""
        if message["type"] == "http.response.start":
            self._status = message["status"]
            headers = [*message["headers"], (REQUEST_ID.encode(), self.request_id.encode())]
            self._is_stream = any(
                name.lower() == b"content-type" and value.startswith(_STREAM) for name, value in headers
            )
            message["headers"] = headers
            if self._is_stream:
                instruments.STREAMS_OPEN.inc()
        await self._send(message)

    def end(self) -> None:
        """Measure and log, once the answer is out or the client is gone."""
        seconds = perf_counter() - self._began
        route = str(self._scope.get("path_template") or _UNMATCHED)
        asked = str(self._scope["method"])
        method = asked if asked in _METHODS else "other"
        if self._received:
            instruments.REQUEST_BYTES.labels(method, route).inc(self._received)
        if self._is_stream:
            instruments.STREAMS_OPEN.dec()
        else:
            instruments.REQUEST_SECONDS.labels(method, route, str(self._status)).observe(seconds)
        facts = {
            "method": method,
            "route": route,
            "status": self._status,
            "ms": round(seconds * 1000, 1),
            **self._facts(),
        }
        if route in _ROUTINE:
            log.debug("request.answered", **facts)
        elif self._status == _ABANDONED:
            log.warning("request.abandoned", **facts)
        else:
            log.info("stream.ended" if self._is_stream else "request.answered", **facts)

    def _facts(self) -> dict[str, object]:
        """Which claim, which refusal; nothing else of an address, where a stranger may write anything."""
        facts: dict[str, object] = {}
        named = self._scope.get("path_params", {}).get("claim")
        if named and _CLAIM.fullmatch(str(named)):
            facts["claim"] = str(named)
        problem = self._scope["state"].get("problem")
        if problem:
            facts["problem"] = problem
        return facts


def _request_id(scope: HTTPScope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            given = value.decode("latin-1")
            if _USABLE_ID.fullmatch(given):
                return given
    return os.urandom(16).hex()
