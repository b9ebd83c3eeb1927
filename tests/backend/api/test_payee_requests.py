"""Whoever takes over a number, a card or a session does not turn the money."""

from typing import Any

import httpx

from backend.domain.authority.sight import EVERYWHERE
from backend.domain.ids import PolicyNumber
from backend.domain.parties import Payee
from backend.store import policies
from tests.backend.api.answers import problem
from tests.backend.api.phones import a_phone, bearing, set_contact
from tests.journeys.pictures import a_photo
from tests.journeys.world import World, key

WANTED = {"name": "李秀英", "account": "6228480000000009999"}


def ask(http: httpx.Client, policy: dict[str, Any]) -> httpx.Response:
    return http.post(f"/policies/{policy['policy_number']}/payee-requests", json=WANTED, headers=key())


def confirm(http: httpx.Client, policy: dict[str, Any], request: str, code: str) -> httpx.Response:
    path = f"/policies/{policy['policy_number']}/payee-requests/{request}/confirmation"
    return http.post(path, json={"code": code}, headers=key())


def test_a_farmer_asks_for_a_payee_and_the_contact_phone_confirms(world: World) -> None:
    phone, policy = a_phone(world), world.policy()

    with world.farmer(policy) as http:
        asked = ask(http, policy).json()
        code = phone.code("payee_code")
        confirmed, again = (confirm(http, policy, asked["request"], code) for _ in range(2))
        listed = http.get(f"/policies/{policy['policy_number']}/payee-requests").json()["requests"]

    assert confirmed.json()["confirmed"] is again.json()["confirmed"] is True
    assert [(one["payee"], one["account_last4"]) for one in listed] == [("李**", "9999")]
    assert listed[0]["confirmed_at"]
    assert phone.hears("payee_asked")
    assert WANTED["account"][-4:] not in "".join(phone.heard("payee_asked") + phone.heard("payee_code"))


def test_two_officers_of_the_insurer_decide_and_then_nothing_is_paid_for_a_week(world: World) -> None:
    phone, policy = a_phone(world), world.policy()
    with world.farmer(policy) as http:
        request = ask(http, policy).json()["request"]
        confirm(http, policy, request, phone.code("payee_code"))
        listed = http.get(f"/policies/{policy['policy_number']}/payee-requests").json()["requests"]
    first, second = world.officer("insurer"), world.officer("insurer", 2)
    approval = f"/proposals/{listed[0]['proposal']}/approval"

    taken_up = first.http.post(approval, headers=key())
    alone = first.http.post(approval, headers=key())
    number = PolicyNumber(policy["policy_number"])
    before = world.parts.store.engine.read(lambda c: policies.policy(c, number), EVERYWHERE).payee
    done = second.http.post(approval, headers=key())

    assert (taken_up.status_code, done.status_code) == (200, 200)
    problem(alone, 403, "same-person")
    assert before.account == policy["account"]
    after = world.parts.store.engine.read(lambda c: policies.policy(c, number), EVERYWHERE).payee
    assert after == Payee(**WANTED)
    claim = world.report(policy, [a_photo()])
    held = world.wait(claim, "JOINT_REVIEW", "TRIAGED")
    assert "PAYEE_CHANGED" in {hold["kind"] for hold in held["holds"]}
    assert "7天" in phone.hears("payee_changed")[-1]


def test_guessing_the_code_of_a_payee_ends_it(world: World) -> None:
    phone, policy = a_phone(world), world.policy()

    with world.farmer(policy) as http:
        request = ask(http, policy).json()["request"]
        code = phone.code("payee_code")
        tries = [confirm(http, policy, request, f"{(int(code) + n) % 1_000_000:06}") for n in range(1, 6)]
        too_late = confirm(http, policy, request, code)

    for answer in (*tries, too_late):
        problem(answer, 403, "code-wrong")


def test_whoever_has_the_card_alone_may_not_guess_on_with_code_after_code(world: World) -> None:
    a_phone(world)

    with world.farmer(world.policy()) as http:
        asked = [ask(http, world.policy()) for _ in range(6)]

    assert [answer.status_code for answer in asked[:-1]] == [201] * 5
    problem(asked[-1], 429, "too-many-requests")


def test_without_a_contact_phone_no_payee_is_asked_for(world: World) -> None:
    policy = world.policy()

    with world.farmer(policy) as http:
        problem(ask(http, policy), 422, "no-contact-phone")


def test_sim_swap_a_phone_that_was_changed_lately_vouches_for_no_payee(world: World) -> None:
    phone, policy = a_phone(world, settled=False), world.policy()

    with bearing(world, phone.sign_in().json()["access_token"]) as http:
        problem(ask(http, policy), 422, "phone-too-new")


def test_sim_swap_a_phone_that_is_changed_before_the_code_is_given_confirms_nothing(world: World) -> None:
    phone, policy = a_phone(world), world.policy()
    with world.farmer(policy) as http:
        request = ask(http, policy).json()["request"]
        code = phone.code("payee_code")

        set_contact(world, policy, "13655554444")

        problem(confirm(http, policy, request, code), 422, "phone-too-new")


def test_a_request_is_of_ones_own_policy(world: World) -> None:
    a_phone(world), a_phone(world, place=1)

    with world.farmer(world.policy()) as http:
        problem(ask(http, world.policy(place=1)), 404, "not-found")
