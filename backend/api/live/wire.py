"""Server-sent events on the wire, one client a line: nothing is queued for a client that reads slowly.

Source: HTML, "Server-sent events", https://html.spec.whatwg.org/multipage/server-sent-events.html.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager

import structlog
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send

from backend.api.live.seats import Seat

log = structlog.get_logger()
MEDIA_TYPE = "text/event-stream"
_PING = b": ping\n\n"
_FIRST = b"retry: 1000\n\n"
_STUCK_S = 30.0
"""A client that takes nothing for so long is let go; it resumes where it stopped."""
_LAST_WORD_S = 1.0
_HEADERS = {
    "Cache-Control": "no-store",
    # A proxy that gathers the answer before it passes it on would hold every event back.
    "X-Accel-Buffering": "no",
}


def frame(event: str, document: object, event_id: str | int | None = None) -> bytes:
    """One event, its data as JSON on one line."""
    named = "" if event_id is None else f"id: {event_id}\n"
    return f"{named}event: {event}\ndata: {json.dumps(document, ensure_ascii=False)}\n\n".encode()


class Line:
    """The way to one client: what is written waits until the client has taken what came before."""

    def __init__(self, send: Send, ping_s: float) -> None:
        self._send = send
        self._ping_s = ping_s

    async def write(self, frames: bytes) -> None:
        """Send one or more whole frames.

        Raises:
            TimeoutError: The client has taken nothing for half a minute.
        """
        async with asyncio.timeout(_STUCK_S):
            await self._send({"type": "http.response.body", "body": frames, "more_body": True})

    async def quiet_until(self, changed: asyncio.Event) -> None:
        """Wait; comments meanwhile tell the client, and every proxy between, that the line stands.

        Raises:
            TimeoutError: As ``write``.
        """
        while not changed.is_set():
            try:
                async with asyncio.timeout(self._ping_s):
                    await changed.wait()
            except TimeoutError:
                await self.write(_PING)


Tell = Callable[[Line], Awaitable[None]]


class EventStream(ASGIResponse):
    """An answer that goes on until *tell* returns, the client is gone, or its seat is taken back.

    Args:
        tell: Writes to the client's line for as long as there is something to say.
        seat: Taken before the answer begins, so that a refusal is still a problem document.
        ping_s: Longest silence, in seconds.
    """

    _should_set_content_length = False

    def __init__(self, tell: Tell, seat: AbstractContextManager[Seat], ping_s: float) -> None:
        super().__init__(media_type=MEDIA_TYPE, headers=_HEADERS, status_code=200)
        self._tell = tell
        self._seat = seat
        self._ping_s = ping_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - as ASGI has it
        """Answer.

        Raises:
            TooManyStreams: This person holds as many as a person may.
            LiveBusy: This process has none left, or is stopping.
        """
        with self._seat as seat:
            await self.start_response(send)
            line = Line(send, self._ping_s)
            telling = asyncio.create_task(self._speak(line))
            gone = asyncio.create_task(_until_gone(receive))
            ended = asyncio.create_task(seat.ended.wait())
            try:
                await asyncio.wait({telling, gone, ended}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in (telling, gone, ended):
                    task.cancel()
                results = await asyncio.gather(telling, gone, ended, return_exceptions=True)
            await _finish(send)
        fault = results[0]
        if isinstance(fault, Exception) and not isinstance(fault, TimeoutError):
            # Too late for a problem document; the client comes back, and meets it again or not.
            log.error("stream.crashed", exc_info=fault)

    async def _speak(self, line: Line) -> None:
        await line.write(_FIRST)
        await self._tell(line)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _finish(send: Send) -> None:
    try:
        async with asyncio.timeout(_LAST_WORD_S):
            await send({"type": "http.response.body", "body": b"", "more_body": False})
    except TimeoutError:
        # The client takes nothing: the server closes the connection under it.
        return
