"""Hears a live stream as a browser does: over HTTP, one event after the other."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from httpx_sse import EventSource, ServerSentEvent


@contextmanager
def listening(
    http: httpx.Client, path: str, last_id: str = "", **query: Any
) -> Iterator[Iterator[ServerSentEvent]]:
    """The events of a stream; a silence of ten seconds fails the test."""
    headers = {"Last-Event-ID": last_id} if last_id else {}
    with http.stream("GET", path, headers=headers, params=query, timeout=10) as answer:
        assert answer.status_code == 200, answer.read()
        # The decoder also speaks of comments that follow an event; they carry nothing.
        yield (event for event in EventSource(answer).iter_sse() if event.data)


def heard_until(events: Iterator[ServerSentEvent], kind: str) -> list[ServerSentEvent]:
    """What comes, up to and with the first event of this kind."""
    heard = []
    for event in events:
        heard.append(event)
        if event.event == kind:
            return heard
    raise AssertionError(f"the stream ended before {kind}: {[one.event for one in heard]}")


def document(event: ServerSentEvent) -> dict[str, Any]:
    """What an event carries."""
    return dict(json.loads(event.data))
