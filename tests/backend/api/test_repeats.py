"""Idempotency-Key and claim_id: a retry gets the first answer, another body is refused."""

import pytest

from tests.backend.api.answers import problem
from tests.journeys.papers import signed_handover
from tests.journeys.pictures import a_photo
from tests.journeys.world import World, key


def test_a_repeated_request_gets_the_same_answer(world: World) -> None:
    policy, headers = world.policy(), key()
    body = world.report_body(policy, [a_photo()])

    with world.farmer(policy) as http:
        first, second = (http.post("/claims", json=body, headers=headers) for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content


def test_the_answer_to_a_repeat_is_the_first_one_although_the_claim_moved_on(world: World) -> None:
    policy, headers, photo = world.policy(), key(), a_photo()
    body = world.report_body(policy, [photo])

    with world.farmer(policy) as http:
        first = http.post("/claims", json=body, headers=headers)
        http.put(first.json()["photos"][0]["upload_url"], content=photo)
        world.wait(first.json()["id"], "JOINT_REVIEW")
        again = http.post("/claims", json=body, headers=headers)
        fresh = http.post("/claims", json=body, headers=key())

    assert again.json()["state"] == "REPORTED"
    assert (fresh.status_code, fresh.json()["state"]) == (200, "JOINT_REVIEW")
    assert fresh.json()["photos"][0]["received"] is True


@pytest.mark.parametrize("purpose", ["acceptance", "handover"])
def test_a_repeat_gets_its_answer_although_a_newer_code_was_sent(world: World, purpose: str) -> None:
    policy, headers = world.policy(), key()
    claim = world.report(policy, [a_photo()])
    world.wait(claim, "JOINT_REVIEW")
    code, collector = world.code(claim, purpose), world.officer("disposal")
    with world.farmer(policy) as farmer:
        http, path, body = (
            (farmer, "acceptance", {"code": code})
            if purpose == "acceptance"
            else (collector.http, "handovers", signed_handover(collector, claim, code))
        )

        first = http.post(f"/claims/{claim}/{path}", json=body, headers=headers)
        world.assess(claim, weight_kg="80.0")
        farmer.post(f"/claims/{claim}/codes", json={"purpose": purpose}).raise_for_status()
        again = http.post(f"/claims/{claim}/{path}", json=body, headers=headers)

    assert first.status_code == 200
    assert (again.status_code, again.content) == (first.status_code, first.content)


def test_the_same_key_with_another_body_is_refused(world: World) -> None:
    policy, headers = world.policy(), key()

    with world.farmer(policy) as http:
        http.post("/claims", json=world.report_body(policy, [a_photo()]), headers=headers)
        answer = http.post("/claims", json=world.report_body(policy, [a_photo()]), headers=headers)

    problem(answer, 422, "idempotency-key-reused")


def test_two_people_may_use_the_same_key(world: World) -> None:
    one, other, headers = world.policy(), world.policy(place=1), key()

    with world.farmer(one) as http:
        first = http.post("/claims", json=world.report_body(one, [a_photo()]), headers=headers)
    with world.farmer(other) as http:
        second = http.post("/claims", json=world.report_body(other, [a_photo()]), headers=headers)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] != second.json()["id"]


def test_the_same_claim_id_with_another_body_is_refused(world: World) -> None:
    policy = world.policy()
    body = world.report_body(policy, [a_photo()])

    with world.farmer(policy) as http:
        http.post("/claims", json=body, headers=key())
        answer = http.post("/claims", json=body | {"note": "and a goat"}, headers=key())

    problem(answer, 409, "claim-differs")


PATHS = (
    "",
    "/{claim}/evidence",
    "/{claim}/withdrawal",
    "/{claim}/decisions",
    "/{claim}/assessments",
    "/{claim}/holds",
    "/{claim}/releases",
    "/{claim}/handovers",
    "/{claim}/certificates",
    "/{claim}/payout-retries",
    "/{claim}/recusals",
    "/{claim}/delegations",
    "/{claim}/flags",
    "/{claim}/nudges",
    "/{claim}/assignments",
    "/{claim}/visits",
    "/{claim}/visits/end",
)


@pytest.mark.parametrize("path", PATHS)
def test_whatever_creates_or_decides_needs_a_key(world: World, path: str) -> None:
    policy = world.policy()
    claim = world.report(policy, [a_photo()])
    shown = world.wait(claim, "JOINT_REVIEW")
    signed = {"key_id": "k", "signature": "c2lnbmVk"}
    hashes = {"evidence_hash": shown["evidence_hash"], "offer_hash": shown["offer"]["offer_hash"]}
    bodies = {
        "": world.report_body(policy, [a_photo()]),
        "/{claim}/evidence": {"note": "more"},
        "/{claim}/decisions": {"lane": "insurer", "decision": "approve"} | hashes | signed,
        "/{claim}/assessments": {"heads": 1, "reason": "weighed", "animals": [{"weight_kg": "30"}]},
        "/{claim}/handovers": {
            "receipt_number": "R",
            "heads": 1,
            "weight_kg": "95",
            "handed_over_at": shown["reported_at"],
            "farmer_code": world.code(claim, "handover"),
        }
        | signed,
        "/{claim}/flags": {"flag": "COUNT_MISMATCH:", "state": "cleared", "reason": "seen"},
        "/{claim}/nudges": {"note": "please"},
        "/{claim}/visits": {"expected_in_minutes": 40},
        "/{claim}/visits/end": {"how": "arrived"},
        "/{claim}/assignments": {"to": "picc-changsha-2", "reason": "ill"},
        "/{claim}/delegations": {"lane": "insurer", "to": "picc-changsha", "reason": "ill"},
        "/{claim}/certificates": {"certificate_number": "C", "heads": 1} | signed,
    }
    lanes = {"/{claim}/handovers": "disposal", "/{claim}/certificates": "inspection"}
    with world.farmer(policy) as farmer:
        is_farmers = path in {"", "/{claim}/evidence", "/{claim}/withdrawal"}
        http = farmer if is_farmers else world.officer(lanes.get(path, "insurer")).http
        answer = http.post(f"/claims{path}".format(claim=claim), json=bodies.get(path, {"reason": "why"}))

    problem(answer, 400, "idempotency-key-missing")
    assert world.show(claim)["state"] == "JOINT_REVIEW"


def test_a_key_beyond_measure_is_refused(world: World) -> None:
    policy = world.policy()

    with world.farmer(policy) as http:
        body = world.report_body(policy, [a_photo()])
        answer = http.post("/claims", json=body, headers={"Idempotency-Key": "k" * 201})

    problem(answer, 422, "invalid-input")
