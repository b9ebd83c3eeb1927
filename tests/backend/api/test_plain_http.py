"""What a stranger can try with HTTP alone: other pages, odd methods, hidden files, ambiguous lengths."""

import socket
from urllib.parse import urlsplit

import httpx
import pytest

from tests.journeys.world import PLAIN, World

REPORT = b'{"policy_number": "P-1"}'


def sent(world: World, raw: bytes) -> bytes:
    """Everything that is answered to these bytes until the server ends the line."""
    at = urlsplit(world.url)
    with socket.create_connection((at.hostname or "", at.port or 0), timeout=10) as line:
        line.sendall(raw)
        line.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: line.recv(65_536), b""))


@pytest.mark.parametrize("asked", ["GET", "POST", "OPTIONS"])
def test_another_sites_page_is_never_let_in(world: World, asked: str) -> None:
    headers = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}

    answer = httpx.request(asked, f"{world.url}/api/v1/claims", headers=headers, **PLAIN)

    assert [name for name in answer.headers if name.startswith("access-control")] == []
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/healthz", "/api/v1/claims", "/docs"])
def test_a_request_is_never_echoed(world: World, path: str) -> None:
    answer = httpx.request("TRACE", world.url + path, headers={"X-Secret": "echo me"}, **PLAIN)

    assert answer.status_code == 405
    assert "echo me" not in answer.text


@pytest.mark.parametrize(
    "path", ["/", "/static/", "/static/..%2f..%2fapp.py", "/.git/config", "/.env", "/debug"]
)
def test_no_folder_is_listed_and_no_file_served_but_those_named(world: World, path: str) -> None:
    answer = httpx.get(world.url + path, **PLAIN)

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_message_with_two_lengths_is_refused(world: World) -> None:
    told = sent(
        world,
        b"POST /api/v1/claims HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nContent-Length: 24\r\n\r\n"
        + REPORT,
    )

    assert told.startswith(b"HTTP/1.1 400 ")
    assert told.count(b"HTTP/1.1 ") == 1


def test_of_a_chunked_message_the_length_is_passed_over(world: World) -> None:
    """Whoever believed the length would take what stands in the body for a request of its own (smuggling)."""
    inside = b"0\r\n\r\nGET /docs/openapi.json HTTP/1.1\r\nHost: h\r\n\r\n"
    chunk = f"{len(inside):x}\r\n".encode() + inside + b"\r\n0\r\n\r\n"
    head = (
        b"POST /api/v1/claims HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
    )

    told = sent(world, head + chunk + b"GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n")

    assert told.count(b"HTTP/1.1 ") == 2
    assert told.count(b"alive") == 1
    assert b"openapi" not in told
