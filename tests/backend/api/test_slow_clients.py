"""Clients that send or read slowly, or do nothing: they lose their line, and nobody else waits for them."""

import asyncio
import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any, cast

import anyio
import anyio.lowlevel
import httpx
import pytest

from backend.api.bounded import Bounded
from backend.domain.edges.problems import ServerBusy
from backend.settings import Settings
from tests.backend.api.answers import problem
from tests.journeys.world import PLAIN, World, eventually, running_world


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A server without patience. What a line does is the same over either database."""
    hurried = {"client_patience": timedelta(seconds=0.4)}
    with running_world(tmp_path_factory.mktemp("hurried"), **hurried) as world:
        yield world


@pytest.fixture
def narrow(tmp_path: Path) -> Iterator[World]:
    """A server in which one write may wait."""
    with running_world(tmp_path, writes_waiting=1) as world:
        yield world


def connected(world: World) -> "closing[socket.socket]":
    address = httpx.URL(world.url)
    return closing(socket.create_connection((address.host, address.port or 80), timeout=10))


def drip(line: socket.socket, text: bytes) -> bytes:
    """Send a byte every few hundredths of a second until the other side has something to say, and return that."""
    line.settimeout(0.05)
    try:
        for byte in text:
            line.sendall(bytes([byte]))
            try:
                return line.recv(65536)
            except TimeoutError:
                continue
    except OSError:
        return b""
    raise AssertionError("the server waited until the end")


def test_a_head_that_never_ends_loses_its_line(world: World) -> None:
    with connected(world) as line:
        began = time.monotonic()
        heard = drip(line, b"GET /healthz HTTP/1.1\r\nHost: here\r\n" + b"X-More: and more\r\n" * 50)

    assert heard == b""
    assert time.monotonic() - began < 5


def test_a_line_on_which_nothing_comes_is_closed(world: World) -> None:
    with connected(world) as line:
        assert line.recv(1) == b""


def test_a_body_that_trickles_is_refused_and_its_line_closed(world: World) -> None:
    policy = world.policy()
    head = (
        "POST /api/v1/claims HTTP/1.1\r\nHost: here\r\nContent-Length: 5000\r\nIdempotency-Key: slow\r\n"
        f"Authorization: Bearer {world.access_token(policy)}\r\n\r\n"
    )
    with connected(world) as line:
        line.sendall(head.encode())
        heard = drip(line, b"{" + b" " * 4999)
        line.settimeout(10)
        # A byte that crossed the answer makes the close a reset: what was said before it is heard all the same.
        with suppress(ConnectionResetError):
            while piece := line.recv(65536):
                heard += piece

    said, _, body = heard.partition(b"\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 408 ")
    assert b"connection: close" in said.lower()
    assert json.loads(body)["code"] == "body-too-slow"


def test_bytes_behind_an_answer_do_not_hold_the_line(world: World) -> None:
    """Refused before its body came, a client goes on dripping it: nobody listens for ever."""
    head = b"POST /api/v1/claims HTTP/1.1\r\nHost: here\r\nContent-Length: 100000\r\n\r\n"
    with connected(world) as line:
        line.sendall(head)
        line.settimeout(10)
        answer = b""
        while not answer.endswith(b"}"):
            answer += line.recv(65536)

        heard = drip(line, b" " * 1000)

    assert answer.startswith(b"HTTP/1.1 401 ")
    assert heard == b""


def test_a_hundred_idle_lines_keep_nobody_out(world: World) -> None:
    with ExitStack() as lines:
        for _ in range(100):
            lines.enter_context(connected(world))
        answer = httpx.get(f"{world.url}/healthz", timeout=5, **PLAIN)

    assert answer.status_code == 200


class Door:
    """An application that answers once it is let, and the requests that came to it."""

    def __init__(self) -> None:
        self.opened = anyio.Event()
        self.inside = 0

    async def __call__(self, _scope: Any, _receive: Any, send: Any) -> None:
        self.inside += 1
        await self.opened.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _asked(app: Any, path: str) -> tuple[int, bytes]:
    sent: list[dict[str, Any]] = []

    async def keep(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "path": path, "state": {}, "scheme": "http", "headers": []}
    await app(scope, cast("Any", None), keep)
    return sent[0]["status"], sent[1]["body"]


def test_more_requests_than_a_process_takes_on_are_told_when_to_come_back() -> None:
    async def story() -> None:
        door = Door()
        app = Bounded(door, lambda: Settings(requests_at_once=2))
        answers: list[tuple[int, bytes]] = []

        async def ask(path: str) -> None:
            answers.append(await _asked(app, path))

        async with anyio.create_task_group() as group:
            group.start_soon(ask, "/api/v1/claims")
            group.start_soon(ask, "/api/v1/claims")
            while door.inside < 2:
                await anyio.lowlevel.checkpoint()
            await ask("/api/v1/claims")
            assert answers[0][0] == 503
            assert json.loads(answers[0][1])["code"] == ServerBusy("").code
            # What a load balancer asks is answered all the same.
            group.start_soon(ask, "/healthz")
            while door.inside < 3:
                await anyio.lowlevel.checkpoint()
            door.opened.set()
        assert [status for status, _ in answers[1:]] == [200] * 3
        assert (await _asked(app, "/api/v1/claims"))[0] == 200

    anyio.run(story)


def test_a_write_behind_a_full_queue_is_answered_503_and_may_be_sent_again(narrow: World) -> None:
    policy, taken = narrow.policy(), Event()
    body = narrow.report_body(policy, [])
    with narrow.farmer(policy) as http, ThreadPoolExecutor(1) as other:
        waiting = other.submit(asyncio.run, narrow.parts.store.write(lambda _: taken.wait(20)))
        eventually(lambda: narrow.parts.store.waiting, 10)
        refused = http.post("/claims", json=body, headers={"Idempotency-Key": "again"})
        taken.set()
        waiting.result()
        again = http.post("/claims", json=body, headers={"Idempotency-Key": "again"})

    problem(refused, 503, "server-busy")
    assert refused.headers["retry-after"] == "2"
    assert again.status_code == 201


@pytest.mark.parametrize("text", ["*", "proxy.example", "10.0.0.0/8,nonsense"])
def test_only_addresses_can_be_trusted(text: str) -> None:
    with pytest.raises(ValueError, match="FLASHCLAIM_TRUSTED_PROXIES"):
        Settings.from_environment({"FLASHCLAIM_TRUSTED_PROXIES": text})


def test_trusted_proxies_are_addresses_or_networks() -> None:
    said = Settings.from_environment({"FLASHCLAIM_TRUSTED_PROXIES": "127.0.0.1, 10.1.0.0/16"})

    assert said.trusted_proxies == ("127.0.0.1/32", "10.1.0.0/16")
