"""The bank's callbacks: believed when they are signed, fresh, and about a payout that is ours."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from backend.domain.callback_signature import callback_headers
from tests.backend.api.answers import pointers, problem
from tests.journeys.pictures import a_photo
from tests.journeys.world import PLAIN, World


def say(world: World, *, secret: bytes | None = None, ago: float = 0.0, **changes: Any) -> httpx.Response:
    body = json.dumps(
        {
            "event": "transfer.settled",
            "key": str(uuid4()),
            "bank_reference": "B1",
            "amount": "700.00",
            "reason": None,
            "at": datetime.now(UTC).isoformat(),
        }
        | changes
    ).encode()
    signed_at = datetime.now(UTC) - timedelta(seconds=ago)
    signing = secret or world.parts.settings.bank_secret.encode()
    return post(world, body, callback_headers(signing, uuid4().hex, signed_at, body))


def post(world: World, body: bytes, headers: dict[str, str]) -> httpx.Response:
    return httpx.post(f"{world.url}/api/v1/bank/callbacks", content=body, headers=headers, **PLAIN)


def test_an_unsigned_callback_is_refused(world: World) -> None:
    problem(post(world, b"{}", {}), 401, "unsigned-callback")


def test_a_callback_signed_with_another_secret_is_refused(world: World) -> None:
    problem(say(world, secret=b"not-the-banks-secret"), 401, "unsigned-callback")


def test_a_body_that_was_changed_after_signing_is_refused(world: World) -> None:
    secret = world.parts.settings.bank_secret.encode()
    headers = callback_headers(secret, uuid4().hex, datetime.now(UTC), b'{"amount": "700.00"}')

    problem(post(world, b'{"amount": "900.00"}', headers), 401, "unsigned-callback")


@pytest.mark.parametrize("ago", [3600.0, -3600.0])
def test_a_callback_from_another_hour_is_refused(world: World, ago: float) -> None:
    problem(say(world, ago=ago), 401, "stale-callback")


def test_a_callback_about_an_unknown_payout_is_not_found(world: World) -> None:
    problem(say(world), 404, "not-found")


def test_a_signed_callback_with_wrong_fields_names_them_all(world: World) -> None:
    answer = say(world, event="transfer.lost", amount="-1", at="yesterday")

    assert pointers(problem(answer, 422, "invalid-input")) == ["/amount", "/at", "/event"]


def test_a_callback_beyond_measure_is_refused(world: World) -> None:
    problem(post(world, b"x" * 200_000, {}), 413, "upload-too-big")


def test_a_callback_played_again_within_its_window_changes_nothing(world: World) -> None:
    """The same bytes under the same signature: answered as before, and not paid twice."""
    policy = world.policy(place=5)
    claim = world.report(policy, [a_photo()])
    world.wait(claim, "JOINT_REVIEW")
    world.agree(claim, policy)
    world.pay(claim)
    payout = world.show(claim)["payout"]
    said = {"key": payout["id"], "amount": payout["amount"], "bank_reference": payout["reference"]}
    body = json.dumps(
        said | {"event": "transfer.returned", "reason": {"code": "AC04", "text": "closed"}, "at": now()}
    ).encode()
    secret = world.parts.settings.bank_secret.encode()
    returned = callback_headers(secret, uuid4().hex, datetime.now(UTC), body)
    settled_body = json.dumps(said | {"event": "transfer.settled", "reason": None, "at": now()}).encode()
    settled = callback_headers(secret, uuid4().hex, datetime.now(UTC), settled_body)
    first = post(world, settled_body, settled)
    gone = post(world, body, returned)
    events = world.events(claim)

    again = [post(world, body, returned), post(world, settled_body, settled), post(world, body, returned)]

    assert (first.status_code, gone.status_code) == (200, 200)
    assert [answer.status_code for answer in again] == [200] * 3
    assert world.events(claim) == events
    assert {answer.json()["state"] for answer in again} == {gone.json()["state"]}


def now() -> str:
    return datetime.now(UTC).isoformat()
