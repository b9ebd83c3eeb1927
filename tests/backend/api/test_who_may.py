"""Who may do what: tokens, lanes, and signatures that have to be the officer's own over exactly this."""

import base64
from typing import Any

import httpx
import pytest

from backend.domain.lanes import decision_document
from backend.domain.words import Decision, Lane
from tests.backend.api.answers import problem
from tests.journeys.pictures import a_photo
from tests.journeys.world import PLAIN, World, key


def in_review(world: World, place: int = 0) -> str:
    claim = world.report(world.policy(place=place), [a_photo()])
    world.wait(claim, "JOINT_REVIEW")
    return claim


def approval(world: World, claim: str, **changes: Any) -> bytes:
    shown = world.show(claim)
    facts = {
        "claim_id": shown["id"],
        "lane": Lane.INSURER,
        "decision": Decision.APPROVE,
        "reason_code": None,
        "evidence_hash": shown["evidence_hash"],
        "offer_hash": shown["offer"]["offer_hash"],
    }
    return decision_document(**facts | changes)


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer nobodys-token", "Basic dTpw"])
def test_without_a_known_token_nothing_is_shown(world: World, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}

    answer = httpx.get(f"{world.url}/api/v1/claims", headers=headers, **PLAIN)

    problem(answer, 401, "not-signed-in")


def test_a_login_token_is_good_once(world: World) -> None:
    spent = world.county["officers"][0]["login_token"]

    answer = httpx.post(f"{world.url}/api/v1/sessions", json={"token": spent}, **PLAIN)
    unknown = httpx.post(f"{world.url}/api/v1/sessions", json={"token": "guessed"}, **PLAIN)

    problem(answer, 401, "invitation-over")
    problem(unknown, 401, "not-signed-in")


def test_a_farmer_reports_for_the_own_policy_only(world: World) -> None:
    own, other = world.policy(), world.policy(place=1)

    with world.farmer(own) as http:
        answer = http.post("/claims", json=world.report_body(other, [a_photo()]), headers=key())

    problem(answer, 404, "not-found")


@pytest.mark.parametrize("path", ["", "/timeline"])
def test_a_farmer_sees_the_own_claims_only(world: World, path: str) -> None:
    foreign = in_review(world, place=1)

    with world.farmer(world.policy()) as http:
        problem(http.get(f"/claims/{foreign}{path}"), 404, "not-found")


def test_a_list_holds_the_farmers_own_claims_whatever_policy_is_asked_for(world: World) -> None:
    in_review(world, place=1)
    own, other = world.policy(), world.policy(place=1)
    in_review(world)

    with world.farmer(own) as http:
        plain = http.get("/claims").json()["claims"]
        asked = http.get("/claims", params={"policy_number": other["policy_number"]}).json()["claims"]

    assert {row["policy_number"] for row in plain + asked} == {own["policy_number"]}


@pytest.mark.parametrize("path", ["/reviews", "/payouts", "/effects", "/insight"])
def test_a_farmer_sees_no_officers_list(world: World, path: str) -> None:
    with world.farmer(world.policy()) as http:
        answer = http.get(path, params={"lane": "insurer"} if path == "/reviews" else {})

    problem(answer, 403, "not-allowed")


def test_a_farmer_decides_nothing(world: World) -> None:
    claim = in_review(world)

    with world.farmer(world.policy()) as http:
        answers = [
            http.post(f"/claims/{claim}/{what}", json={}, headers=key())
            for what in ("decisions", "assessments", "holds", "releases", "handovers", "certificates")
        ]

    for answer in answers:
        problem(answer, 403, "not-allowed")


def test_an_officer_decides_in_no_other_lane(world: World) -> None:
    claim = in_review(world)

    answer = world.decide(claim, "veterinary", officer=world.officer("insurer"))

    problem(answer, 403, "wrong-lane")


def test_the_collector_decides_in_no_lane(world: World) -> None:
    claim, collector = in_review(world), world.officer("disposal")

    answers = [world.decide(claim, lane, officer=collector) for lane in ("insurer", "inspection")]

    for answer in answers:
        problem(answer, 403, "not-allowed")


def test_an_officer_of_the_insurer_records_no_handover(world: World) -> None:
    claim = in_review(world)
    world.officers["disposal-changsha-1"], collector = world.officer("insurer"), world.officer("disposal")
    try:
        answer = world.hand_over(claim)
    finally:
        world.officers["disposal-changsha-1"] = collector

    problem(answer, 403, "not-allowed")


def test_a_signature_by_another_key_is_forged(world: World) -> None:
    claim, other = in_review(world), world.officer("veterinary")

    answer = world.decide(claim, "insurer", signature=other.sign(approval(world, claim)))

    problem(answer, 403, "forged-signature")


def test_another_officers_key_id_is_forged(world: World) -> None:
    claim, other = in_review(world), world.officer("insurer", 2)
    signature = other.sign(approval(world, claim))

    answer = world.decide(claim, "insurer", signature=signature, key_id=other.key_id)

    problem(answer, 403, "forged-signature")


def test_the_signature_of_another_claim_is_forged(world: World) -> None:
    claim, other, insurer = in_review(world), in_review(world), world.officer("insurer")

    answer = world.decide(claim, "insurer", signature=insurer.sign(approval(world, other)))

    problem(answer, 403, "forged-signature")
    assert world.show(claim)["lanes"]["insurer"]["state"] == "open"


def test_the_signature_of_another_decision_is_forged(world: World) -> None:
    claim, insurer = in_review(world), world.officer("insurer")
    asked = insurer.sign(approval(world, claim, decision=Decision.ASK))

    answer = world.decide(claim, "insurer", signature=asked)

    problem(answer, 403, "forged-signature")


@pytest.mark.parametrize(
    "signature",
    ["%%%", "QUJD", "A" * 88, base64.b64encode(bytes(64)).decode(), "é"],
    ids=["no-base64", "short", "long", "zeros", "beyond-ascii"],
)
def test_a_signature_that_is_garbage_is_forged(world: World, signature: str) -> None:
    claim = in_review(world)

    answer = world.decide(claim, "insurer", signature=signature)

    problem(answer, 403, "forged-signature")


@pytest.mark.parametrize("public_key", ["%%%", "QUJD", "é"])
def test_a_key_that_is_none_is_named(world: World, public_key: str) -> None:
    answer = world.officer("insurer").http.post("/keys", json={"public_key": public_key})

    assert problem(answer, 422, "invalid-input")["errors"][0]["pointer"] == "/public_key"


def test_a_decision_on_what_was_never_shown_is_stale(world: World) -> None:
    claim = in_review(world)

    problem(world.decide(claim, "insurer", evidence_hash="0" * 64), 409, "stale-approval")
    problem(world.decide(claim, "insurer", offer_hash="0" * 64), 409, "stale-approval")


def test_a_decision_sent_twice_is_one_decision(world: World) -> None:
    claim = in_review(world)

    first, second = world.decide(claim, "insurer"), world.decide(claim, "insurer")

    assert (first.status_code, second.status_code) == (200, 200)
    assert world.events(claim).count("lane-decided") == 1


def test_five_wrong_codes_end_a_code_and_a_new_one_works(world: World) -> None:
    policy, claim = world.policy(), in_review(world)
    code = world.code(claim, "acceptance")
    wrong = f"{(int(code) + 1) % 1_000_000:06}"

    with world.farmer(policy) as http:
        tries = [
            http.post(f"/claims/{claim}/acceptance", json={"code": wrong}, headers=key()) for _ in range(5)
        ]
        too_late = http.post(f"/claims/{claim}/acceptance", json={"code": code}, headers=key())
        sent = http.post(f"/claims/{claim}/codes", json={"purpose": "acceptance"}, headers=key())
        accepted = world.accept(claim, policy)
        again = http.post(f"/claims/{claim}/codes", json={"purpose": "acceptance"}, headers=key())

    for answer in (*tries, too_late):
        problem(answer, 403, "code-wrong")
    assert sent.json() == {"sent": True, "purpose": "acceptance"}
    assert accepted.status_code == 200
    assert again.json()["sent"] is False


def test_the_code_of_an_old_offer_agrees_to_nothing(world: World) -> None:
    policy, claim = world.policy(), in_review(world)
    old = world.code(claim, "acceptance")
    world.assess(claim, weight_kg="50.0")

    with world.farmer(policy) as http:
        answer = http.post(f"/claims/{claim}/acceptance", json={"code": old}, headers=key())

    assert answer.status_code in {403, 409}
    assert world.show(claim)["acceptance"] is None


def test_a_code_for_an_offer_that_is_not_there_is_not_said_to_be_sent(world: World) -> None:
    policy = world.policy()

    with world.farmer(policy) as http:
        body = world.report_body(policy, [a_photo()])
        claim = http.post("/claims", json=body, headers=key()).json()["id"]
        answer = http.post(f"/claims/{claim}/codes", json={"purpose": "acceptance"}, headers=key())

    problem(answer, 422, "offer-incomplete")


def test_a_handover_needs_the_farmers_code(world: World) -> None:
    claim = in_review(world)

    problem(world.hand_over(claim, farmer_code="000000"), 403, "code-wrong")
    assert world.show(claim)["handover"] is None
