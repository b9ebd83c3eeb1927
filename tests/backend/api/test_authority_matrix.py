"""Every route in every role, for one's own county and for another: what is answered is what was declared."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from uuid import uuid4

import httpx
import pytest
from litestar import Litestar, get
from sqlalchemy import update

from backend.api.bearing import COOKIE
from backend.api.guards import RouteWithoutRule, may, require_rules
from backend.domain.authority.rule import Rule
from backend.domain.authority.words import Reach, Role
from backend.store import tables
from backend.store.engine import Transaction
from scripts.authority_document import authority_text, declared_routes
from tests.backend.api.two_counties import Place, TwoCounties, two_counties
from tests.databases import a_database
from tests.journeys.listening import document, listening
from tests.journeys.world import PLAIN

ROLES = list(Role)
STREAM = "text/event-stream"


@dataclass(frozen=True)
class Route:
    """One route as it was declared."""

    method: str
    address: str
    rule: Rule

    def names(self, what: str) -> bool:
        return f"{{{what}}}" in self.address

    @property
    def is_page(self) -> bool:
        """Whether it is for a page's cookie, and for no token."""
        return self.address == "/i" or self.address.startswith("/i/")

    @property
    def is_of_a_place(self) -> bool:
        """Whether the address names something of one county."""
        return any(self.names(what) for what in ("claim", "policy", "farm", "effect"))

    def at(self, place: Place) -> str:
        """The address of the place's own things; what no place has, is named at random."""
        filled = self.address
        for name in ("claim", "sha256", "policy", "farm", "effect"):
            filled = filled.replace(f"{{{name}}}", getattr(place, name))
        filled = filled.replace("{register}", "officers").replace("{no}", "1")
        for name in (
            "name",
            "cover",
            "invitation",
            "proposal",
            "session",
            "key_id",
            "link",
            "asked",
            "view",
            "webhook",
            "report",
        ):
            filled = filled.replace(f"{{{name}}}", str(uuid4()))
        return filled.replace("{", "").replace("}", "")


@pytest.fixture(scope="module")
def counties(dialect: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoCounties]:
    folder = tmp_path_factory.mktemp("counties")
    with a_database(dialect, folder, is_migrated=True) as url, two_counties(folder, url) as opened:
        yield opened


HELD = {Role.ADMINISTRATOR: {Role.ADMINISTRATOR, Role.INSURER}}
"""Roles that come with another one: the administrator here is of the insurer."""


def expected(route: Route, role: Role, *, is_own: bool) -> str:
    """What the declaration says that a request comes to."""
    if route.rule.is_public:
        return "passed"
    if role is Role.PUBLIC or (route.is_page and role in {Role.FARMER, Role.LINK}):
        return "sign in"
    if route.rule.roles.isdisjoint(HELD.get(role, {role})):
        return "not allowed"
    return "passed" if is_own or not route.is_of_a_place else "not found"


def found(route: Route, answer: httpx.Response, place: Place) -> str:
    """What the answer says that the request came to."""
    if route.is_page:
        return found_on_page(route, answer, place)
    is_head = route.method == "HEAD"
    is_refusal = "problem+json" in answer.headers.get("content-type", "") and not is_head
    body = answer.json() if is_refusal else {}
    detail = body.get("detail", "")
    if answer.status_code == 401 and body.get("code", "not-signed-in") == "not-signed-in":
        return "sign in"
    if answer.status_code == 403 and (is_head or detail == route.rule.says):
        return "not allowed"
    if answer.status_code == 404 and (is_head or detail in place.unknown):
        return "not found"
    return "broken" if answer.status_code == 500 else "passed"


def found_on_page(route: Route, answer: httpx.Response, place: Place) -> str:
    """The same, of a page: what it says is in its text."""
    said = unescape(answer.text)
    if answer.status_code == 401 and 'data-code="not-signed-in"' in said:
        return "sign in"
    if answer.status_code == 403 and route.rule.says in said:
        return "not allowed"
    if answer.status_code == 404 and any(one in said for one in place.unknown):
        return "not found"
    return "broken" if answer.status_code == 500 else "passed"


def cookie_of(client: httpx.Client) -> str:
    """A page's cookie for whoever has this session; empty for those who get none."""
    made = client.post("/sessions/page-links")
    if made.status_code != 201:
        return ""
    entry = f"{str(client.base_url).removesuffix('/api/v1/')}{made.json()['path']}"
    return str(httpx.get(entry, **PLAIN).cookies[COOKIE])


def ask(client: httpx.Client, route: Route, place: Place, cookie: str = "") -> httpx.Response:
    """The smallest request that reaches the route's rule; a stream is left as soon as it has begun."""
    headers = {
        "Cookie": f"{COOKIE}={cookie}" if cookie else "",
        "Idempotency-Key": uuid4().hex,
        "Tus-Resumable": "1.0.0",
        "Upload-Offset": "0",
        "Content-Type": "application/offset+octet-stream" if route.method == "PATCH" else "application/json",
    }
    url = f"{str(client.base_url).removesuffix('/api/v1/')}{route.at(place)}"
    query = {"file": "officers.csv", "dry_run": "true"} if route.names("register") else {}
    query |= {"since": "2026-01-01T00:00:00+08:00"} if route.address.endswith("paid-claims") else {}
    content = b"{}" if route.method in {"POST", "PUT", "PATCH"} else None
    with client.stream(route.method, url, params=query, headers=headers, content=content) as answer:
        if not answer.headers.get("content-type", "").startswith(STREAM):
            answer.read()
        return answer


ALL = [Route(method, address, rule) for method, address, rule in declared_routes()]


class Answers:
    """What every route answered, in a role and for a place; each is asked once for all that is told of it."""

    def __init__(self, counties: TwoCounties) -> None:
        self._counties = counties
        self._kept: dict[tuple[Role, bool], list[tuple[Route, httpx.Response]]] = {}

    def to(self, role: Role, *, is_own: bool) -> list[tuple[Route, httpx.Response]]:
        """Of all routes for one's own county; for another, of those whose address names something there."""
        if (role, is_own) not in self._kept:
            client = self._counties.clients[role]
            cookie = cookie_of(client)
            place = self._counties.here if is_own else self._counties.there
            asked = [route for route in ALL if is_own or route.is_of_a_place]
            self._kept[role, is_own] = [(route, ask(client, route, place, cookie)) for route in asked]
        return self._kept[role, is_own]


@pytest.fixture(scope="module")
def answers(counties: TwoCounties) -> Answers:
    return Answers(counties)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("is_own", [True, False], ids=["here", "there"])
def test_every_answer_is_as_declared(
    counties: TwoCounties, answers: Answers, role: Role, *, is_own: bool
) -> None:
    place = counties.here if is_own else counties.there

    contradictions = [
        f"{route.method} {route.address}: {came}, declared {declared}: {answer!r}"
        for route, answer in answers.to(role, is_own=is_own)
        if (came := found(route, answer, place)) != (declared := expected(route, role, is_own=is_own))
    ]
    assert contradictions == []


@pytest.mark.parametrize("role", ROLES)
def test_no_answer_tells_of_another_county(counties: TwoCounties, answers: Answers, role: Role) -> None:
    told = [
        f"{route.method} {route.address} tells of {mark}"
        for route, answer in answers.to(role, is_own=True)
        if answer.is_closed and not answer.headers.get("content-type", "").startswith(STREAM)
        for mark in counties.there.marks
        if mark in answer.text
    ]
    assert told == []


@pytest.mark.parametrize("role", [Role.FARMER, Role.INSURER, Role.COLLECTOR])
def test_a_claim_beyond_sight_is_answered_like_one_that_is_not_there(
    counties: TwoCounties, role: Role
) -> None:
    client, nowhere = counties.clients[role], str(uuid4())

    beyond = client.get(f"/claims/{counties.there.claim}")
    unknown = client.get(f"/claims/{nowhere}")

    assert beyond.status_code == unknown.status_code == 404
    assert beyond.text.replace(counties.there.claim, nowhere) == unknown.text


def test_the_queue_stream_tells_of_ones_own_county_only(counties: TwoCounties) -> None:
    world, here = counties.world, counties.here
    world.parts.store.submit(_into_review).result()

    with listening(counties.clients[Role.VETERINARY], "/reviews/stream") as events:
        first = next(iter(events))

    assert [claim["number"] for claim in document(first)["claims"]] == [here.number]


def _into_review(connection: Transaction) -> None:
    connection.execute(update(tables.claims).values(state="JOINT_REVIEW"))


def test_the_document_names_every_role_and_marks_somebody_at_every_route() -> None:
    text = authority_text()

    assert [role for role in Role if f"| `{role}` |" not in text] == []
    assert [line for line in text.splitlines() if "/api/v1/" in line and "\u2713" not in line] == []


def test_a_route_without_a_rule_does_not_start() -> None:
    @get("/nobody-said")
    async def unruled() -> None:
        """Nothing."""

    with pytest.raises(RouteWithoutRule, match="/nobody-said"):
        require_rules(Litestar([unruled], openapi_config=None))


@pytest.mark.parametrize("address", ["/claims/{claim:str}", "/claims"])
def test_a_rule_that_contradicts_its_address_does_not_start(address: str) -> None:
    over = Reach.COUNTY if "{" in address else Reach.CLAIM

    @get(address, opt=may(Role.INSURER, over=over))
    async def contradicting() -> None:
        """Nothing."""

    with pytest.raises(RouteWithoutRule, match="do not go together"):
        require_rules(Litestar([contradicting], openapi_config=None))
