"""Talks to the server: one retry rule, refusals as exceptions, nothing else."""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self  # JSON from the server
from urllib.parse import quote, urlsplit
from uuid import uuid4

import httpx

from backend.domain.problems import FieldError, InvalidInput
from backend.texts.load import Language
from cli.refusals import Refused, ServerUnreachable

if TYPE_CHECKING:
    from httpx_sse import ServerSentEvent

ALLOW_HTTP = "FLASHCLAIM_CLI_ALLOW_HTTP"
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_PASSING = frozenset({502, 503, 504})
_FIRST_WAIT_S = 0.2
_ATTEMPTS = 3
_UPLOAD_ATTEMPTS = 6
_TIMEOUT = httpx.Timeout(30.0, connect=5.0)
_TUS = {"Tus-Resumable": "1.0.0"}
_CHUNK = "application/offset+octet-stream"
_LONG = httpx.Timeout(900.0, connect=5.0)
_PIECE = 1 << 18


class Api:
    """The server's ``/api/v1`` for one bearer token.

    Every call raises ``Refused``: the server's problem document, or ``ServerUnreachable`` as one. Reading, uploading
    and what carries an Idempotency-Key is tried again when the line fails; nothing can happen twice by that.
    """

    def __init__(self, server: str, token: str | None = None, language: Language | None = None) -> None:
        self.server = server.rstrip("/")
        host = _host(self.server)
        self._http = httpx.Client(
            base_url=f"{self.server}/api/v1/",
            headers={"Authorization": f"Bearer {token}"} if token else {},
            params={"language": language.value} if language else {},
            timeout=_TIMEOUT,
            # A proxy from the environment never reaches a server on this machine.
            trust_env=host not in _LOOPBACK,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, where: TracebackType | None
    ) -> None:
        self._http.close()

    def get(self, *path: str, **query: object) -> Any:
        """Read a document; query values that are None are left out."""
        return _document(self._send("GET", _joined(path), params=_asked(query)))

    def content(self, *path: str, **query: object) -> bytes:
        """Read raw bytes; query values that are None are left out."""
        return self._send("GET", _joined(path), params=_asked(query)).content

    def save(
        self, *path: str, into: Path, came: Callable[[int], None] = lambda _size: None, **query: object
    ) -> int:
        """Write what is answered into a file, as it comes; returns its size. Nothing is left of one that broke off.

        Args:
            path: As for ``get``.
            into: The file; an older one is replaced when the new one is whole.
            came: Told the bytes of each piece.
            query: As for ``get``.
        """
        part = into.with_name(f"{into.name}.part")
        try:
            with part.open("wb") as opened:
                for piece in self._pieces(_joined(path), _asked(query)):
                    opened.write(piece)
                    came(len(piece))
            part.replace(into)
        finally:
            part.unlink(missing_ok=True)
        return into.stat().st_size

    def _pieces(self, url: str, asked: Mapping[str, str]) -> Iterator[bytes]:
        try:
            with self._http.stream("GET", url, params=asked, timeout=_LONG) as answer:
                if not answer.is_success:
                    answer.read()
                    raise Refused(_problem(answer, self.server))
                yield from answer.iter_bytes(_PIECE)
        except httpx.TransportError as fault:
            raise Refused(ServerUnreachable(f"{self.server}: {fault}")) from fault

    @contextmanager
    def stream(
        self, *path: str, last_id: str = "", silence_s: float, **query: object
    ) -> "Iterator[Iterator[ServerSentEvent] | None]":
        """Listen to server-sent events over one connection; None where the server will have nothing more to say.

        Args:
            path: As for ``get``.
            last_id: Go on behind this event.
            silence_s: The line counts as broken after so long without a sign.
            query: As for ``get``.

        Raises:
            httpx.TransportError: The line broke, here or while the events are read.
        """
        from httpx_sse import EventSource

        headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": last_id} if last_id else {})
        asked = {name: str(value) for name, value in query.items() if value is not None}
        waits = httpx.Timeout(silence_s, connect=_TIMEOUT.connect)
        with self._http.stream("GET", _joined(path), params=asked, headers=headers, timeout=waits) as answer:
            if not answer.is_success:
                answer.read()
                raise Refused(_problem(answer, self.server))
            # Comments come out as events without data.
            heard = (event for event in EventSource(answer).iter_sse() if event.data)
            yield None if answer.status_code == HTTPStatus.NO_CONTENT else heard

    def post(self, *path: str, body: Mapping[str, object], key: str | None = None) -> Any:
        """Create or decide, once however often it is sent; *key* repeats an earlier request."""
        headers = {"Idempotency-Key": key or uuid4().hex}
        return _document(self._send("POST", _joined(path), json=body, headers=headers))

    def delete(self, *path: str) -> Any:
        """End what is there; again is fine."""
        return _document(self._send("DELETE", _joined(path)))

    def put(self, *path: str, body: Mapping[str, object]) -> Any:
        """Say how something is from now on; the same said twice changes nothing."""
        return _document(self._send("PUT", _joined(path), json=body))

    def post_content(self, *path: str, content: bytes, **query: object) -> Any:
        """Send a file's bytes, once however often they are sent."""
        asked = {name: str(value).lower() for name, value in query.items()}
        headers = {"Idempotency-Key": uuid4().hex, "Content-Type": "application/octet-stream"}
        return _document(self._send("POST", _joined(path), content=content, params=asked, headers=headers))

    def post_once(self, *path: str, body: Mapping[str, object]) -> Any:
        """Send what must not be repeated, such as a one-time token."""
        return _document(self._send("POST", _joined(path), attempts=1, json=body))

    def post_repeated(self, *path: str, body: Mapping[str, object]) -> Any:
        """Send what the server itself knows when it comes again, such as a refresh token."""
        return _document(self._send("POST", _joined(path), json=body))

    def arrived(self, url: str) -> int:
        """How many bytes of an upload the server has; a broken line is met with patience.

        A refusal counts as none: it has no words, those of the bytes that are then sent have.
        """
        answer = self._answer("HEAD", url, attempts=_UPLOAD_ATTEMPTS, headers=_TUS)
        return int(answer.headers["Upload-Offset"]) if answer.is_success else 0

    def append(self, url: str, offset: int, pieces: Iterable[bytes], length: int) -> None:
        """Send *length* bytes of an upload, once, from *offset* on."""
        about = {"Upload-Offset": str(offset), "Content-Length": str(length), "Content-Type": _CHUNK}
        self._send("PATCH", url, attempts=1, headers=_TUS | about, content=pieces)

    def send_file(
        self, *path: str, file: Path, query: Mapping[str, object], headers: Mapping[str, str], key: str
    ) -> Any:
        """Send a file as the body of a POST that happens once, as it lies on the disk."""
        size = file.stat().st_size
        said = {**headers, "Idempotency-Key": key, "Content-Length": str(size)}
        # Each attempt reads the file from its beginning. The server answers when all of it is written.
        what: dict[str, Any] = {"params": query, "content": _FileContent(file), "headers": said}
        return _document(self._send("POST", _joined(path), timeout=_LONG, **what))

    def health(self) -> tuple[Any, str | None]:
        """The server's state and its ``Date`` header."""
        answer = self._send("GET", "health", attempts=1)
        return _document(answer), answer.headers.get("date")

    def readiness(self) -> Any:
        """What ``/readyz`` says: whether the server is ready, and each check; 503 is an answer too."""
        try:
            answer = self._http.get(f"{self.server}/readyz")
        except httpx.TransportError as fault:
            raise Refused(ServerUnreachable(f"{self.server}: {type(fault).__name__}")) from fault
        told = _document(answer)
        if not isinstance(told, dict) or not {"ready", "checks"} <= told.keys():
            raise Refused(_stranger(answer, self.server))
        return told

    def _send(self, method: str, url: str, *, attempts: int = _ATTEMPTS, **what: Any) -> httpx.Response:
        answer = self._answer(method, url, attempts=attempts, **what)
        if answer.is_success:
            return answer
        raise Refused(_problem(answer, self.server))

    def _answer(self, method: str, url: str, *, attempts: int, **what: Any) -> httpx.Response:
        for attempt in range(1, attempts + 1):
            try:
                answer = self._http.request(method, url, **what)
            except httpx.TransportError as fault:
                if attempt == attempts:
                    why = str(fault) or type(fault).__name__
                    raise Refused(ServerUnreachable(f"{self.server}: {why}")) from fault
            else:
                if answer.status_code not in _PASSING or attempt == attempts:
                    return answer
            time.sleep(_FIRST_WAIT_S * 2 ** (attempt - 1))
        raise AssertionError("the last attempt returns or raises")


class _FileContent:
    """A file's bytes, from the beginning each time they are asked for."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __iter__(self) -> Iterator[bytes]:
        with self._file.open("rb") as opened:
            while piece := opened.read(_PIECE):
                yield piece


def _host(server: str) -> str:
    try:
        parts = urlsplit(server)
        is_usable = parts.scheme in {"http", "https"} and (parts.port or 1) > 0
        httpx.URL(server)
    except (ValueError, httpx.InvalidURL) as wrong:
        raise Refused(_no_address(server)) from wrong
    if not (is_usable and parts.hostname):
        raise Refused(_no_address(server))
    is_private = parts.scheme == "https" or parts.hostname in _LOOPBACK or os.environ.get(ALLOW_HTTP) == "1"
    if not is_private:
        raise Refused(_no_privacy(server))
    return parts.hostname


def _no_privacy(server: str) -> InvalidInput:
    error = FieldError(
        "/server", f"{server} has no TLS: everybody on the line could read and reuse your session"
    )
    return InvalidInput(f"give an https address; {ALLOW_HTTP}=1 allows http all the same", errors=[error])


def _no_address(server: str) -> InvalidInput:
    error = FieldError("/server", f"{server!r} is not an address such as https://claims.example.cn")
    return InvalidInput("the server's address cannot be used", errors=[error])


def _joined(path: tuple[str, ...]) -> str:
    """Path segments as an address; what an officer typed cannot leave its segment."""
    return "/".join(quote(segment, safe="") for segment in path)


def _asked(query: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in query.items() if value is not None}


def _document(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError as wrong:
        raise Refused(_stranger(answer, str(answer.url))) from wrong


def _problem(answer: httpx.Response, server: str) -> Mapping[str, Any] | ServerUnreachable:
    try:
        body = answer.json()
    except ValueError:
        return _stranger(answer, server)
    if isinstance(body, dict) and {"type", "title", "status", "detail", "code", "next"} <= body.keys():
        return body
    return _stranger(answer, server)


def _stranger(answer: httpx.Response, server: str) -> ServerUnreachable:
    return ServerUnreachable(f"{server} answered {answer.status_code}, but not as flashclaim does")
