"""Farmers sign in by phone or card: what a thief of a phone, a guesser, a bomber and an enumerator get."""

import asyncio
from contextlib import nullcontext
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import delete

from backend.api.app import create_app
from backend.store.rate_tables import request_rates
from tests.backend.api.answers import problem
from tests.backend.api.phones import Phone, a_phone, bearing, set_contact
from tests.journeys.pictures import a_photo
from tests.journeys.world import World, key

UNKNOWN = "+8613799999999"


@pytest.fixture(autouse=True)
def nobody_has_asked_yet(world: World) -> None:
    """All of these stories come from one address."""
    world.parts.store.submit(lambda connection: connection.execute(delete(request_rates))).result()


def test_a_farmer_signs_in_with_the_code_that_comes_to_the_contact_phone(world: World) -> None:
    phone, policy = a_phone(world), world.policy()

    opened = phone.sign_in().json()

    with bearing(world, opened["access_token"]) as http:
        me = http.get("/me").json()
        reported = http.post("/claims", json=world.report_body(policy, [a_photo()]), headers=key())
    assert (me["kind"], me["policies"], me["way"]) == ("farmer", [policy["policy_number"]], "phone")
    assert me["session"] == opened["session"]
    assert reported.status_code == 201


def test_one_phone_of_two_farms_signs_in_for_both(world: World) -> None:
    phone, policies = a_phone(world), [world.policy(), world.policy(place=1)]
    set_contact(world, policies[1], phone.number)

    opened = phone.sign_in().json()

    with bearing(world, opened["access_token"]) as http:
        bodies = [world.report_body(policy, [a_photo()]) for policy in policies]
        claims = [http.post("/claims", json=body, headers=key()).json()["id"] for body in bodies]
        shown = [http.get(f"/claims/{claim}/timeline").json() for claim in claims]
    assert [one["events"][0]["actor"] for one in shown] == [one["policy_number"] for one in policies]


def test_enumeration_known_and_unknown_numbers_are_answered_alike(world: World) -> None:
    phone, stranger = a_phone(world), Phone(world, UNKNOWN)
    requests = [str(uuid4()), str(uuid4())]

    known, unknown = phone.ask(requests[0]), stranger.ask(requests[1])

    assert known.status_code == unknown.status_code == 202
    assert known.text.replace(requests[0], "") == unknown.text.replace(requests[1], "")
    assert known.headers.keys() == unknown.headers.keys()
    refused = [
        one.post("/farmer/sessions", {"request": request, "phone": one.number, "code": "000000"})
        for one, request in zip((phone, stranger), requests, strict=True)
    ]
    assert problem(refused[0], 401, "sign-in-code-wrong") == problem(refused[1], 401, "sign-in-code-wrong")


def test_sms_bombing_one_number_is_held_whether_or_not_it_is_known(world: World) -> None:
    phone, stranger = a_phone(world), Phone(world, UNKNOWN)

    answers = [[one.ask() for _ in range(7)] for one in (phone, stranger)]

    for told in answers:
        assert [one.status_code for one in told] == [202] * 5 + [429] * 2
        assert int(told[-1].headers["retry-after"]) > 0
    assert problem(answers[0][-1], 429, "too-many-requests")["title"] == answers[1][-1].json()["title"]
    phone.code()
    assert len(phone.heard("sign_in_code")) <= 5


def test_one_address_that_asks_for_many_numbers_is_held(world: World) -> None:
    answers = [Phone(world, f"+86137000{place:05}").ask().status_code for place in range(62)]

    assert answers == [202] * 60 + [429] * 2


def test_one_line_of_ipv6_that_asks_from_many_addresses_is_held(world: World) -> None:
    app = create_app(nullcontext(world.parts), with_worker=False)

    async def asked(place: int) -> int:
        transport = httpx.ASGITransport(app, client=(f"2001:db8:1:2::{place:x}", 1))
        body = {"request": str(uuid4()), "phone": f"+86137000{place:05}"}
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as http:
            return (await http.post("/api/v1/farmer/codes", json=body)).status_code

    async def all_asked() -> list[int]:
        async with app.lifespan():
            return [await asked(place) for place in range(1, 63)]

    assert asyncio.run(all_asked()) == [202] * 60 + [429] * 2


def test_the_same_request_again_sends_no_second_message(world: World) -> None:
    phone, request = a_phone(world), str(uuid4())

    answers = [phone.ask(request) for _ in range(8)]

    assert {one.status_code for one in answers} == {202}
    phone.code()
    assert len(phone.hears("sign_in_code")) == 1


def test_guessing_five_wrong_tries_end_a_code(world: World) -> None:
    phone, request = a_phone(world), str(uuid4())
    phone.ask(request)
    code = phone.code()
    body = {"request": request, "phone": phone.number}

    tries = [
        phone.post("/farmer/sessions", body | {"code": f"{(int(code) + place) % 1_000_000:06}"})
        for place in range(1, 6)
    ]
    too_late = phone.post("/farmer/sessions", body | {"code": code})

    for answer in (*tries, too_late):
        problem(answer, 401, "sign-in-code-wrong")


def test_a_code_is_good_once_and_for_its_own_request_and_number(world: World) -> None:
    phone, other = a_phone(world), a_phone(world, place=1)
    first, second = str(uuid4()), str(uuid4())
    phone.ask(first)
    code = phone.code()
    other.ask(second)
    body = {"phone": phone.number, "code": code}

    crossed = phone.post("/farmer/sessions", body | {"request": second})
    stolen = phone.post("/farmer/sessions", body | {"request": first, "phone": other.number})
    opened = phone.post("/farmer/sessions", body | {"request": first})
    again = phone.post("/farmer/sessions", body | {"request": first})

    for answer in (crossed, stolen, again):
        problem(answer, 401, "sign-in-code-wrong")
    assert opened.status_code == 201


def test_a_card_opens_a_session_of_its_policy_and_is_no_token(world: World) -> None:
    policy = world.policy()

    opened = Phone(world, "").post("/farmer/sessions", {"card": policy["card"]}).json()

    with bearing(world, opened["access_token"]) as http, bearing(world, policy["card"]) as card:
        assert http.get("/me").json()["policies"] == [policy["policy_number"]]
        problem(card.get("/me"), 401, "card-is-no-token")


def test_a_card_that_is_none_opens_nothing(world: World) -> None:
    problem(Phone(world, "").post("/farmer/sessions", {"card": "guessed"}), 401, "card-not-valid")


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, {"/request", "/phone", "/code"}),
        ({"phone": "13912345678"}, {"/request", "/code"}),
        ({"card": "x", "code": "1"}, {"/code"}),
        ({"request": "nine", "phone": "", "code": "1"}, {"/request", "/phone"}),
    ],
)
def test_what_a_sign_in_lacks_is_named(world: World, body: dict[str, Any], pointers: set[str]) -> None:
    refused = problem(Phone(world, "").post("/farmer/sessions", body), 422, "invalid-input")

    assert {error["pointer"] for error in refused["errors"]} == pointers


def test_a_replaced_card_ends_the_old_one_and_its_sessions(world: World) -> None:
    phone, policy, http = a_phone(world), world.policy(), world.officer("insurer").http
    world.access_token(policy)
    body = {"seed": "s" * 43}
    where, under = f"/policies/{policy['policy_number']}/card", key()

    made, again = (http.post(where, json=body, headers=under) for _ in range(2))

    assert made.status_code == 201
    assert made.json() == again.json()
    with world.farmer(policy) as former:
        problem(former.get("/me"), 401, "not-signed-in")
    problem(phone.post("/farmer/sessions", {"card": policy["card"]}), 401, "card-not-valid")
    assert phone.post("/farmer/sessions", {"card": made.json()["card"]}).status_code == 201
    assert phone.hears("card_replaced")


def test_a_farmer_replaces_no_card(world: World) -> None:
    policy = world.policy()

    with world.farmer(policy) as http:
        answer = http.post(
            f"/policies/{policy['policy_number']}/card", json={"seed": "s" * 43}, headers=key()
        )

    problem(answer, 403, "not-allowed")


def test_refreshing_gives_the_next_pair_and_a_spent_token_ends_the_family(world: World) -> None:
    phone = a_phone(world)
    first = phone.sign_in().json()

    second = phone.refresh(first["refresh_token"]).json()
    with bearing(world, second["access_token"]) as http:
        assert http.get("/me").status_code == 200
        refused = phone.refresh(first["refresh_token"])
        problem(http.get("/me"), 401, "not-signed-in")

    problem(refused, 401, "refresh-token-reused")
    problem(phone.refresh(second["refresh_token"]), 401, "session-ended")
    assert phone.hears("session_reused")


def test_a_lost_answer_logs_no_honest_phone_out(world: World) -> None:
    phone = a_phone(world)
    first = phone.sign_in().json()
    lost = phone.refresh(first["refresh_token"]).json()

    second = phone.refresh(first["refresh_token"])

    assert second.status_code == 200
    with (
        bearing(world, lost["access_token"]) as nobody,
        bearing(world, second.json()["access_token"]) as http,
    ):
        problem(nobody.get("/me"), 401, "not-signed-in")
        assert http.get("/me").status_code == 200


def test_whoever_comes_with_the_pair_that_was_replaced_ends_the_family(world: World) -> None:
    phone = a_phone(world)
    first = phone.sign_in().json()
    honest = phone.refresh(first["refresh_token"]).json()
    thief = phone.refresh(first["refresh_token"]).json()

    refused = phone.refresh(honest["refresh_token"])

    problem(refused, 401, "refresh-token-reused")
    problem(phone.refresh(thief["refresh_token"]), 401, "session-ended")


def test_a_thief_of_a_phone_is_seen_and_put_out_from_another_one(world: World) -> None:
    phone, policy = a_phone(world), world.policy()
    stolen, own = phone.sign_in().json(), phone.sign_in().json()
    by_card = world.access_token(policy)

    with bearing(world, own["access_token"]) as http:
        seen = http.get("/farmer/sessions").json()["sessions"]
        left = http.delete(f"/farmer/sessions/{stolen['session']}").json()["sessions"]

    assert {(one["way"], one["here"]) for one in seen} == {("phone", False), ("phone", True), ("card", False)}
    assert stolen["session"] not in {one["session"] for one in left}
    with bearing(world, stolen["access_token"]) as thief, bearing(world, by_card) as card:
        problem(thief.get("/me"), 401, "not-signed-in")
        assert [one["way"] for one in card.get("/farmer/sessions").json()["sessions"]] == ["card"]
    problem(phone.refresh(stolen["refresh_token"]), 401, "session-ended")


def test_nobody_ends_the_session_of_another_farm(world: World) -> None:
    phone, other = a_phone(world), a_phone(world, place=1)
    foreign = other.sign_in().json()["session"]

    with bearing(world, phone.sign_in().json()["access_token"]) as http:
        problem(http.delete(f"/farmer/sessions/{foreign}"), 404, "not-found")


def test_a_card_alone_takes_over_no_contact_phone(world: World) -> None:
    phone, policy = a_phone(world), world.policy()
    address = f"/farms/{policy['farm_id']}/contact"

    with world.farmer(policy) as by_card:
        taken = by_card.put(address, json={"phone": "13655554444"})
        dropped = by_card.put(address, json={"language": "en"})
        spoken = by_card.put(address, json={"phone": phone.number, "language": "zh"})
    with bearing(world, phone.sign_in().json()["access_token"]) as by_phone:
        moved = by_phone.put(address, json={"phone": "13655554444"})

    for refused in (taken, dropped):
        problem(refused, 403, "card-changes-no-phone")
    assert (spoken.status_code, spoken.json()["language"]) == (200, "zh")
    assert moved.status_code == 200


def test_sim_swap_another_contact_phone_ends_the_former_ones_sessions_and_tells_it(world: World) -> None:
    phone, policy = a_phone(world), world.policy()
    opened = phone.sign_in().json()
    request = str(uuid4())
    phone.ask(request)
    code = phone.code()

    set_contact(world, policy, "13688887777")

    with bearing(world, opened["access_token"]) as http:
        problem(http.get("/me"), 401, "not-signed-in")
    late = phone.post("/farmer/sessions", {"request": request, "phone": phone.number, "code": code})
    problem(late, 401, "sign-in-code-wrong")
    assert "7777" in phone.hears("phone_changed")[-1]
