"""How often one may come: each person, each county, each address, through whichever process."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from backend.api.app import create_app
from backend.api.guards import rate_of, routes
from backend.api.limits import address_of
from backend.bootstrap import assemble
from backend.domain.edges.limited import SHIPPED, Bound, Limited, Limits
from backend.domain.edges.rates import Rate
from backend.settings import Settings, SettingUnusable
from backend.store.rate_tables import request_rates
from tests.backend.api.answers import problem
from tests.databases import a_database
from tests.journeys.pictures import a_photo
from tests.journeys.world import PLAIN, World, continued_world, key, running_world

HELD: dict[str, Limited] = {
    **dict.fromkeys(
        ("open_session", "ask_to_sign_in", "open_session_by_key", "open_agent_session"), Limited.SIGN_IN
    ),
    "enter_pages": Limited.SIGN_IN,
    **dict.fromkeys(("open_farmer_session", "refresh_farmer_session"), Limited.SIGN_IN),
    **dict.fromkeys(("report_claim", "add_evidence"), Limited.REPORTS),
    **dict.fromkeys(("upload_photo", "resume_upload", "register_device", "quote_loss"), Limited.UPLOADS),
    **dict.fromkeys(("send_code", "accept_offer", "record_handover"), Limited.CODES),
    **dict.fromkeys(
        ("ask_for_payee", "set_contact", "ask_for_assistance_code", "keep_assistance"), Limited.CODES
    ),
    "rate_claim": Limited.RATINGS,
    "report_position": Limited.POSITIONS,
    **dict.fromkeys(("look_at_person", "export_person", "claim_page_look"), Limited.LOOKS),
    **dict.fromkeys(("photo_original", "claim_page_photo"), Limited.PHOTOS),
    **dict.fromkeys(
        (
            *("export_claim", "export_paid_claims", "claim_file", "import_register", "reconcile_payouts"),
            "reconcile_on_page",
            *("simulate_product", "import_product", "import_market_prices"),
            *("make_payment_file", "payment_file"),
            *("add_webhook", "test_webhook", "replay_webhook", "read_feed"),
        ),
        Limited.EXPORTS,
    ),
}


@pytest.fixture(scope="module")
def installation(dialect: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """An installation that gives little: five reports a day to one, eight to the county, 40 tries to sign in."""
    folder: Path = tmp_path_factory.mktemp("narrow")
    limits = Limits.parse("reports=5/d,8/d sign-in=40/d codes=off,off")
    with (
        a_database(dialect, folder, is_migrated=True) as url,
        running_world(folder, database_url=url, limits=limits) as world,
    ):
        yield world


@pytest.fixture
def narrow(installation: World) -> World:
    """Nobody has asked for anything yet."""
    installation.held.clear()
    installation.parts.store.submit(lambda on: on.execute(request_rates.delete())).result()
    return installation


def report(world: World, policy: dict[str, Any], http: httpx.Client) -> httpx.Response:
    return http.post("/claims", json=world.report_body(policy, [a_photo()]), headers=key())


def test_a_flood_of_reports_is_held_to_each_person_and_to_the_county(narrow: World) -> None:
    flooding, honest, third = narrow.policy(place=0), narrow.policy(place=1), narrow.policy(place=2)
    with narrow.farmer(flooding) as one, narrow.farmer(honest) as two, narrow.farmer(third) as three:
        flood = [report(narrow, flooding, one) for _ in range(7)]
        others = [report(narrow, honest, two), report(narrow, third, three), report(narrow, honest, two)]
        too_many_here = report(narrow, third, three)

    assert [answer.status_code for answer in flood] == [201] * 5 + [429] * 2
    assert [answer.status_code for answer in others] == [201] * 3
    said = problem(flood[-1], 429, "too-many-requests")
    assert "reports of one person: at most 5" in said["detail"]
    assert 0 < int(flood[-1].headers["retry-after"]) <= 24 * 3600 / 5 + 1
    assert flood[0].headers["ratelimit-policy"] == '"reports";q=5;w=86400'
    assert [answer.headers["ratelimit"].split(";")[1] for answer in flood[:5]] == [
        f"r={n}" for n in (4, 3, 2, 1, 0)
    ]
    assert "one county: at most 8" in problem(too_many_here, 429, "too-many-requests")["detail"]


def test_what_is_refused_for_its_fields_has_counted(narrow: World) -> None:
    """Whoever tries out what a route takes uses up what it gives."""
    policy = narrow.policy("cattle")
    with narrow.farmer(policy) as http:
        before = http.post("/claims", json={}, headers=key())

    assert before.status_code in {422, 429}
    assert before.headers["ratelimit-policy"] == '"reports";q=5;w=86400'


def test_a_storm_on_two_servers_over_one_database_is_held_to_the_sum(narrow: World) -> None:
    policy = narrow.policy()
    with continued_world(narrow, narrow.parts.settings) as beside, ThreadPoolExecutor(8) as phones:
        bodies = [narrow.report_body(policy, [a_photo()]) for _ in range(24)]

        def send(place: int) -> int:
            server = (narrow, beside)[place % 2]
            with server.farmer(policy) as http:
                return http.post("/claims", json=bodies[place], headers=key()).status_code

        answers = Counter(phones.map(send, range(24)))

    assert answers == {201: 5, 429: 19}


def test_attempts_to_sign_in_are_counted_by_address_with_wrong_tokens_among_them(narrow: World) -> None:
    wrong = {"Authorization": f"Bearer {uuid4().hex}"}
    tried = [httpx.post(f"{narrow.url}/api/v1/claims", json={}, headers=wrong, **PLAIN) for _ in range(60)]
    answers = {answer.status_code for answer in tried}

    login = httpx.post(f"{narrow.url}/api/v1/sessions", json={"token": "guess"}, **PLAIN)

    assert answers == {401, 429}
    assert "sign-in of one address" in problem(login, 429, "too-many-requests")["detail"]


def test_who_is_signed_in_is_not_kept_out_by_the_neighbours(narrow: World) -> None:
    policy = narrow.policy()
    with narrow.farmer(policy) as http:
        for _ in range(45):
            httpx.post(f"{narrow.url}/api/v1/sessions", json={"token": "guess"}, **PLAIN)

        assert report(narrow, policy, http).status_code == 201


def test_a_forwarded_address_is_not_believed(narrow: World) -> None:
    """No proxy is trusted here: whoever writes another address into a header stays who it is."""
    answers = [
        httpx.post(
            f"{narrow.url}/api/v1/sessions",
            json={"token": "guess"},
            headers={"X-Forwarded-For": f"203.0.113.{place}"},
            **PLAIN,
        )
        for place in range(45)
    ]

    assert answers[-1].status_code == 429


def test_the_routes_that_are_held_to_a_rate_are_these() -> None:
    app = create_app(assemble(Settings()), with_worker=False)
    held = {str(handler.operation_id): kind for _, handler in routes(app) if (kind := rate_of(handler))}

    assert held == HELD


@pytest.mark.parametrize(
    ("text", "kind", "bound"),
    [
        ("", Limited.REPORTS, SHIPPED[Limited.REPORTS]),
        ("reports=3/h", Limited.REPORTS, Bound(Rate.parse("3/h"), None)),
        ("reports=3/h,9/h codes=off", Limited.CODES, Bound(None, None)),
        ("off", Limited.SIGN_IN, Bound(None, None)),
    ],
)
def test_an_installation_says_what_differs(text: str, kind: Limited, bound: Bound) -> None:
    assert Limits.parse(text).bounds[kind] == bound


@pytest.mark.parametrize("text", ["reports=often", "reprots=3/h", "reports=3/h;9/h"])
def test_limits_that_say_nothing_stop_the_start_and_are_named(text: str) -> None:
    with pytest.raises(SettingUnusable, match="FLASHCLAIM_LIMITS"):
        Settings.from_environment({"FLASHCLAIM_LIMITS": text})


class _From:
    def __init__(self, host: str) -> None:
        self.client = type("Client", (), {"host": host})()


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("a-socket", "a-socket"),
    ],
)
def test_a_household_is_one_address(host: str, counted: str) -> None:
    came_from: Any = _From(host)

    assert address_of(came_from) == counted
