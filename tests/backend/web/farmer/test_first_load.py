"""What the page weighs before it can be used, and that it runs nothing but its own files."""

import re

import httpx
import pytest

from backend.api.farmer_page import page_files
from tests.journeys.world import PLAIN, World

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True, scope="session")

MOST_BYTES = 40_000
_ADDRESS = re.compile(r'(?:href|src)="(/f/[^"]+)"')
_IMPORT = re.compile(r'^(?:import|export) .*?"(/f/[^"]+)";$', re.MULTILINE)


def fetched(world: World, path: str, encoding: str = "br", **headers: str) -> httpx.Response:
    return httpx.get(f"{world.url}{path}", headers={"Accept-Encoding": encoding, **headers}, **PLAIN)


def imported(world: World, path: str) -> list[str]:
    """What a module does not run without."""
    return _IMPORT.findall(fetched(world, path).text) if path.endswith(".js") else []


def weight(world: World, path: str) -> int:
    """Bytes of body and headers as they cross the line."""
    with (
        httpx.Client(**PLAIN) as http,
        http.stream("GET", f"{world.url}{path}", headers={"Accept-Encoding": "br"}) as answer,
    ):
        body = sum(len(piece) for piece in answer.iter_raw())
        return body + sum(len(name) + len(value) + 4 for name, value in answer.headers.raw)


def test_the_page_is_usable_after_forty_kilobytes(world: World) -> None:
    needed = set(_ADDRESS.findall(fetched(world, "/f").text))
    while more := {one for path in needed for one in imported(world, path)} - needed:
        needed |= more

    weights = {path: weight(world, path) for path in needed | {"/f"}}

    assert "/f/home.js" in weights
    assert sum(weights.values()) <= MOST_BYTES


@pytest.mark.parametrize(
    ("accepted", "came"),
    [
        ("br", "br"),
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("gzip;q=0, identity", None),
        ("", None),
    ],
)
def test_a_file_leaves_as_the_browser_can_read_it(world: World, accepted: str, came: str | None) -> None:
    answer = fetched(world, "/f/page.css", accepted)

    assert answer.headers.get("content-encoding") == came
    assert answer.text.startswith("/* Sizes in rem")


def test_a_file_that_has_not_changed_is_not_sent_again(world: World) -> None:
    first = fetched(world, "/f/page.js")

    again = fetched(world, "/f/page.js", **{"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")


def test_a_stranger_to_the_page_is_not_found(world: World) -> None:
    assert fetched(world, "/f/..%2f__init__.py").status_code == 404
    assert fetched(world, "/f/nothing.js").status_code == 404


def test_the_worker_lists_every_file_of_the_page(world: World) -> None:
    worker = fetched(world, "/f/offline.js")

    for name in page_files().keys() - {"sw.js", "offline.js", "index.html"}:
        assert f'"{name}"' in worker.text
    assert worker.headers["service-worker-allowed"] == "/f"


def test_the_page_runs_only_what_this_server_sends(world: World) -> None:
    answer = fetched(world, "/f")

    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert 'src="http' not in answer.text
