"""Follows a live stream over a line that breaks: comes back with the last event's id, so that nothing is missed."""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from cli.exits import Exit
from cli.refusals import Refused, ServerUnreachable

if TYPE_CHECKING:
    from httpx_sse import ServerSentEvent

    from cli.client import Api

_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.25, 5.0


@dataclass(frozen=True, slots=True)
class Broken:
    """The line broke; it is tried again in so many seconds."""

    why: str
    wait_s: float


def follow(
    api: "Api",
    *path: str,
    silence_s: float = 60.0,
    patience_s: float = float("inf"),
    pause: Callable[[float], object] = time.sleep,
    **query: object,
) -> "Iterator[ServerSentEvent | Broken]":
    """Every event of a stream, across as many connections as it takes, until the server has no more to say.

    Args:
        api: The server.
        path: The stream's address, in segments.
        silence_s: A line without a sign for so long counts as broken; above the server's FLASHCLAIM_STREAM_PING.
        patience_s: How long the server may stay away.
        pause: Waits so many seconds; what it returns is true where that was long enough for good.
        query: As for ``Api.get``.

    Raises:
        Refused: The server refuses the stream, or it stayed away for longer than *patience_s*.
    """
    last_id, failures = "", 0
    away_since: float | None = None
    while True:
        try:
            with api.stream(*path, last_id=last_id, silence_s=silence_s, **query) as events:
                away_since = None
                if events is None:
                    return
                for event in events:
                    last_id, failures = event.id or last_id, 0
                    yield event
            why = "the server ended the stream"
        except httpx.TransportError as fault:
            why = str(fault) or type(fault).__name__
        except Refused as refused:
            if refused.exit_code is not Exit.NETWORK:
                raise
            why = str(refused.body["detail"])
        now = time.monotonic()
        away_since = now if away_since is None else away_since
        if now - away_since >= patience_s:
            raise Refused(ServerUnreachable(f"{api.server}: {why}"))
        # Thousands that a restart cut off at once must not all come back at once.
        wait_s = min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2**failures) * random.uniform(0.5, 1.0)  # noqa: S311
        failures = min(failures + 1, 16)
        yield Broken(why, wait_s)
        if pause(wait_s):
            return
