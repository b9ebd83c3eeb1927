"""A phone on a bad line says the same thing many times: it stays one claim."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from tests.journeys.pictures import a_photo
from tests.journeys.world import World, key

TIMES = 20


def said_at_once(http: httpx.Client, bodies: list[dict[str, Any]], keys: list[str]) -> list[httpx.Response]:
    with ThreadPoolExecutor(TIMES) as phones:
        return list(
            phones.map(
                lambda one: http.post("/claims", json=one[0], headers={"Idempotency-Key": one[1]}),
                zip(bodies, keys, strict=True),
            )
        )


def claims_of(world: World, policy: dict[str, Any]) -> int:
    with world.farmer(policy) as http:
        return len(http.get("/claims", params={"limit": 500}).json()["claims"])


def test_twenty_reports_at_once_under_one_key_are_one_claim_with_one_answer(world: World) -> None:
    policy = world.policy(place=4)
    body, before = world.report_body(policy, [a_photo()]), claims_of(world, policy)

    with world.farmer(policy) as http:
        answers = said_at_once(http, [body] * TIMES, [key()["Idempotency-Key"]] * TIMES)

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert claims_of(world, policy) == before + 1
    assert world.events(answers[0].json()["id"]) == ["claim-reported"]


def test_twenty_reports_at_once_of_one_claim_id_under_twenty_keys_are_one_claim(world: World) -> None:
    policy = world.policy(place=4)
    body, before = world.report_body(policy, [a_photo()]), claims_of(world, policy)

    with world.farmer(policy) as http:
        answers = said_at_once(http, [body] * TIMES, [key()["Idempotency-Key"] for _ in range(TIMES)])

    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: TIMES - 1}
    assert {answer.json()["id"] for answer in answers} == {body["claim_id"]}
    assert len({answer.json()["number"] for answer in answers}) == 1
    assert claims_of(world, policy) == before + 1


def test_twenty_reports_at_once_without_a_claim_id_are_one_claim(world: World) -> None:
    policy = world.policy(place=4)
    body, before = world.report_body(policy, [a_photo()]), claims_of(world, policy)
    del body["claim_id"]

    with world.farmer(policy) as http:
        answers = said_at_once(http, [body] * TIMES, [key()["Idempotency-Key"] for _ in range(TIMES)])

    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: TIMES - 1}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert claims_of(world, policy) == before + 1


def test_a_photo_that_arrives_twenty_times_at_once_arrived_once(world: World) -> None:
    policy, photo = world.policy(place=4), a_photo()
    body = world.report_body(policy, [photo, a_photo()])

    with world.farmer(policy) as http:
        announced = http.post("/claims", json=body, headers=key()).json()
        with ThreadPoolExecutor(TIMES) as phones:
            url = announced["photos"][0]["upload_url"]
            answers = list(phones.map(lambda _: http.put(url, content=photo), range(TIMES)))

    assert {answer.status_code for answer in answers} == {200}
    assert world.events(announced["id"]).count("photo-received") == 1


def test_three_offices_that_approve_at_once_are_three_approvals(world: World) -> None:
    policy = world.policy(place=4)
    claim = world.report(policy, [a_photo()])
    world.wait(claim, "JOINT_REVIEW")

    with ThreadPoolExecutor(3) as offices:
        answers = list(
            offices.map(lambda lane: world.decide(claim, lane), ("insurer", "veterinary", "inspection"))
        )

    assert [answer.status_code for answer in answers] == [200] * 3
    assert world.show(claim)["state"] == "OFFERED"


def test_two_officers_of_one_lane_at_once_are_one_approval(world: World) -> None:
    policy = world.policy(place=4)
    claim = world.report(policy, [a_photo()])
    world.wait(claim, "JOINT_REVIEW")

    with ThreadPoolExecutor(2) as desks:
        answers = list(
            desks.map(
                lambda place: world.decide(claim, "insurer", officer=world.officer("insurer", place)), (1, 2)
            )
        )

    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert {answer.json().get("code") for answer in answers} == {None, "lane-already-decided"}
