"""What every answer tells a browser: on each route, on refusals and where nothing is found."""

import asyncio
import base64
import hashlib
import re
from collections.abc import Iterator
from typing import Any, cast
from uuid import uuid4

import httpx
import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from backend.api.app import create_app, create_worker_app
from backend.api.headers import NOTHING, Hardened
from backend.bootstrap import assemble
from backend.settings import Settings
from tests.journeys.pictures import a_photo
from tests.journeys.world import PLAIN, World, key

ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
OF_THE_PHONES_PAGE = {
    "permissions-policy": "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()"
}
_IN_PATH = re.compile(r"{[^}]*}")


def _app() -> Litestar:
    return create_app(assemble(Settings()), with_worker=False)


def _routes(app: Litestar) -> Iterator[tuple[str, str]]:
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for method in sorted(route.methods):
                yield method, _IN_PATH.sub(str(uuid4()), route.path_format)


def hardened(answer: httpx.Response) -> None:
    said = {name: answer.headers.get(name) for name in ALWAYS}
    is_read = answer.request.method == "GET" and answer.is_success
    is_phones_page = is_read and answer.url.path.split("/")[1] == "f"
    assert said == ALWAYS | (OF_THE_PHONES_PAGE if is_phones_page else {})
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    kept = {"no-cache"} if is_phones_page else {"no-store", "public, max-age=86400"}
    assert answer.headers["cache-control"] in kept
    # Bearer tokens alone: where no cookie is, no other site can use one.
    assert "set-cookie" not in answer.headers
    for name in (*ALWAYS, "content-security-policy", "cache-control"):
        assert len(answer.headers.get_list(name)) == 1, name


def test_every_route_says_the_same(world: World) -> None:
    with httpx.Client(base_url=world.url, **PLAIN) as http:
        answers = [http.request(method, path) for method, path in _routes(_app())]

    assert len(answers) > 200
    for answer in answers:
        hardened(answer)


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/"), ("GET", "/nowhere"), ("TRACE", "/api/v1/claims"), ("GET", "/api/v1/%00"), ("HEAD", "/x")],
)
def test_what_is_not_there_says_it_too(world: World, method: str, path: str) -> None:
    hardened(httpx.request(method, f"{world.url}{path}", **PLAIN))


def test_answers_about_people_are_kept_by_nobody(world: World) -> None:
    policy = world.policy()
    body = world.report_body(policy, [a_photo()])
    with world.farmer(policy) as http:
        reported = http.post("/claims", json=body, headers=key())
        answers = [
            reported,
            http.get("/claims"),
            http.get(f"/claims/{reported.json()['id']}"),
            http.post("/claims", json={}, headers=key()),
            http.put(reported.json()["photos"][0]["upload_url"], content=b"no photo"),
        ]

    for answer in answers:
        hardened(answer)
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-security-policy"] == NOTHING


def test_a_live_stream_says_it_too(world: World) -> None:
    claim = world.report(world.policy(), [a_photo()])

    with world.officer("insurer").http.stream("GET", f"/claims/{claim}/timeline/stream") as answer:
        hardened(answer)


def test_the_page_of_the_description_runs_its_own_script_and_no_other(world: World) -> None:
    answer = httpx.get(f"{world.url}/docs", **PLAIN)

    hardened(answer)
    policy = answer.headers["content-security-policy"]
    inline = re.findall(r"<script[^>]*>([^<].*?)</script>", answer.text, re.DOTALL)
    assert len(inline) == 1
    digest = base64.b64encode(hashlib.sha256(inline[0].encode()).digest()).decode()
    assert f"script-src 'self' 'sha256-{digest}';" in policy
    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy
    assert not re.search(r"(src|href)=[\"']?(https?:)?//", answer.text)


def test_public_pictures_may_be_kept(world: World) -> None:
    answer = httpx.get(f"{world.url}/static/bands/pig-thigh.svg", **PLAIN)

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, max-age=86400"
    assert answer.headers["content-security-policy"] == NOTHING


def test_tls_is_asked_for_only_where_there_is_tls(world: World) -> None:
    assert "strict-transport-security" not in httpx.get(f"{world.url}/healthz", **PLAIN).headers


@pytest.mark.parametrize(("scheme", "behind_tls"), [("https", False), ("http", True)])
def test_a_browser_that_came_by_tls_is_told_to_stay_there(scheme: str, *, behind_tls: bool) -> None:
    sent: list[Any] = []

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def keep(message: Any) -> None:
        sent.append(message)

    scope: Any = {"type": "http", "scheme": scheme, "state": {}}
    asyncio.run(Hardened(app, lambda: behind_tls)(scope, cast("Any", None), keep))

    assert dict(sent[0]["headers"])[b"strict-transport-security"] == b"max-age=63072000; includeSubDomains"


def test_the_worker_says_it_too() -> None:
    app = create_worker_app(assemble(Settings()))

    assert {path for _, path in _routes(app)} == {"/healthz", "/readyz", "/metrics"}
    assert isinstance(getattr(app.asgi_handler, "inner", None), Hardened)
