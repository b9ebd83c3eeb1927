"""The API describes itself, without a network."""

import re
from typing import Any

import httpx
import pytest

from tests.journeys.world import PLAIN, World

METHODS = {"get", "put", "post", "delete", "patch", "head", "options"}


@pytest.fixture
def description(world: World) -> dict[str, Any]:
    return dict(httpx.get(f"{world.url}/docs/openapi.json", **PLAIN).raise_for_status().json())


def operations(description: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for path in description["paths"].values() for name, one in path.items() if name in METHODS]


def test_every_operation_has_one_name_and_a_summary(description: dict[str, Any]) -> None:
    names = [one.get("operationId") for one in operations(description)]

    assert None not in names
    assert len(names) == len(set(names)) > 20
    assert all(one.get("description") or one.get("summary") for one in operations(description))


def test_the_description_is_openapi_3_1_and_every_reference_leads_somewhere(
    description: dict[str, Any],
) -> None:
    references = set(re.findall(r'"#/([^"]+)"', httpx.Response(200, json=description).text))

    for reference in references:
        part: Any = description
        for step in reference.split("/"):
            part = part[step]
    assert description["openapi"].startswith("3.1")
    assert {"title", "version"} <= set(description["info"])
    assert "components/schemas/ReportBody" in references


def test_every_parameter_in_a_path_is_described(description: dict[str, Any]) -> None:
    for path, methods in description["paths"].items():
        for name, operation in methods.items():
            if name in METHODS:
                described = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "path"}
                assert described == set(re.findall(r"{([^}]+)}", path)), path


def test_every_body_is_described(description: dict[str, Any]) -> None:
    unsaid = {
        *("upload_photo", "import_register", "retry_effect", "bank_callback"),
        *("make_payment_file", "reconcile_payouts", "end_cover", "make_checkpoint", "take_ticket"),
        *("ask_to_sign_in", "make_page_link", "withdraw_invitation", "approve_proposal"),
        *("import_product", "simulate_product", "import_market_prices"),
        *("test_webhook", "rotate_webhook", "enable_webhook"),
    }

    posts = [methods["post"] for methods in description["paths"].values() if "post" in methods]

    assert [
        one["operationId"] for one in posts if "requestBody" not in one and one["operationId"] not in unsaid
    ] == []


def test_every_refusal_is_described_as_a_problem(description: dict[str, Any]) -> None:
    for one in operations(description):
        refused = {status: answer for status, answer in one["responses"].items() if status >= "400"}

        assert {"400", "404", "503"} <= set(refused), one["operationId"]
        for answer in refused.values():
            said = answer.get("content", {"application/problem+json": None})
            assert set(said) == {"application/problem+json"}, one["operationId"]
        assert ("401" in refused) or one["security"] == [], one["operationId"]


def test_a_report_leads_to_everything_about_its_claim(description: dict[str, Any]) -> None:
    reported = description["paths"]["/api/v1/claims"]["post"]["responses"]["201"]

    assert {"show_claim", "claim_timeline", "decide_lane", "accept_offer"} <= set(reported["links"])


def test_the_verbs_of_a_resumable_upload_are_described(description: dict[str, Any]) -> None:
    verbs = description["paths"]["/api/v1/claims/{claim}/photos/{sha256}"]

    assert set(verbs) & METHODS == {"get", "put", "head", "patch", "delete", "options"}
    headers = {
        verb: {one["name"]: one["required"] for one in verbs[verb]["parameters"] if one["in"] == "header"}
        for verb in ("head", "patch", "delete")
    }
    assert headers["head"] == headers["delete"] == {"Tus-Resumable": True}
    assert headers["patch"] == {"Tus-Resumable": True, "Upload-Offset": True, "Upload-Checksum": False}
    assert set(verbs["patch"]["requestBody"]["content"]) == {"application/offset+octet-stream"}


def test_the_page_loads_nothing_from_elsewhere(world: World) -> None:
    answer = httpx.get(f"{world.url}/docs", **PLAIN).raise_for_status()
    page = answer.text
    head = page.split("<body>")[0]

    assert re.findall(r"https?://", head) == []
    assert re.findall(r"<(?:script|link|img|iframe)[^>]+(?:https?:)?//", page) == []
    assert "http" not in answer.headers["content-security-policy"]


def test_the_vendored_script_answers(world: World) -> None:
    answer = httpx.get(f"{world.url}/static/redoc.js", **PLAIN)

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/javascript")
    assert b"Redoc" in answer.content


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not-found"),
        ("GET", "/api/v2/claims", 404, "not-found"),
        ("DELETE", "/api/v1/claims", 405, "method-not-allowed"),
        ("PUT", "/api/v1/sessions", 405, "method-not-allowed"),
        ("GET", "/api/v1/claims/FC-19700101-0001", 404, "not-found"),
        ("GET", "/api/v1/claims/%00", 404, "not-found"),
        ("GET", "/api/v1/claims?limit=0", 400, "bad-request"),
        ("GET", "/api/v1/claims?state=GONE", 400, "bad-request"),
        ("GET", "/api/v1/reviews?lane=moon", 400, "bad-request"),
        ("POST", "/api/v1/effects/7/retry", 404, "not-found"),
    ],
)
def test_a_wrong_address_is_answered_as_a_problem(
    world: World, method: str, path: str, status: int, code: str
) -> None:
    http = world.officer("insurer").http

    answer = http.request(method, f"{world.url}{path}")

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["next"]


def test_a_query_that_is_wrong_is_named(world: World) -> None:
    answer = world.officer("insurer").http.get("/claims", params={"limit": 0, "state": "GONE"})

    assert {error["pointer"] for error in answer.json()["errors"]} >= {"/limit"}
