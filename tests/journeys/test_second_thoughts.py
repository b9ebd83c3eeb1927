"""Officers ask, assess again or refuse, the farmer takes back: what was agreed before is void, visibly."""

from tests.journeys.pictures import a_photo
from tests.journeys.world import World, key


def test_a_question_brings_a_new_photo_voids_approvals_and_still_pays(world: World) -> None:
    policy, photo = world.policy(place=5), a_photo()
    claim = world.report(policy, [a_photo()])
    world.wait(claim, "JOINT_REVIEW")
    world.decide(claim, "insurer")

    asked = world.decide(claim, "veterinary", "ask", note="please show the ear tag").json()
    announced = world.add_evidence(claim, policy, [photo])
    with world.farmer(policy) as http:
        http.put(announced.json()["photos"][1]["upload_url"], content=photo)
    again = world.wait(claim, "JOINT_REVIEW")
    world.agree(claim, policy)
    paid = world.pay(claim)

    assert (asked["state"], asked["asked"]) == ("EVIDENCE_REQUESTED", "please show the ear tag")
    assert (announced.status_code, announced.json()["state"]) == (201, "VERIFYING")
    assert {lane: again["lanes"][lane]["state"] for lane in ("insurer", "veterinary")} == {
        "insurer": "void",
        "veterinary": "open",
    }
    assert len(again["photos"]) == 2
    assert paid["state"] == "PAID"


def test_an_answer_in_words_is_evidence_too(world: World) -> None:
    policy = world.policy(place=5)
    claim = world.report(policy, [a_photo()])
    before = world.wait(claim, "JOINT_REVIEW")
    world.decide(claim, "veterinary", "ask", note="since when was it ill?")

    with world.farmer(policy) as http:
        http.post(f"/claims/{claim}/evidence", json={"note": "since Sunday"}, headers=key())
    after = world.wait(claim, "JOINT_REVIEW")

    assert after["notes"] == ["since Sunday"]
    assert after["evidence_hash"] != before["evidence_hash"]
    assert after["asked"] is None


def test_an_approval_of_what_has_changed_is_refused(world: World) -> None:
    policy = world.policy(place=5)
    claim = world.report(policy, [a_photo()])
    seen = world.wait(claim, "JOINT_REVIEW")
    with world.farmer(policy) as http:
        http.post(f"/claims/{claim}/evidence", json={"note": "one more thing"}, headers=key())
    world.wait(claim, "JOINT_REVIEW")

    stale = world.decide(claim, "insurer", evidence_hash=seen["evidence_hash"])

    assert (stale.status_code, stale.json()["code"]) == (409, "stale-approval")
    assert world.show(claim)["lanes"]["insurer"]["state"] == "open"


def test_assessing_again_makes_a_new_offer_and_voids_what_was_agreed(world: World) -> None:
    policy = world.policy(place=5)
    claim = world.report(policy, [a_photo()])
    before = world.wait(claim, "JOINT_REVIEW")
    world.decide(claim, "veterinary")
    world.accept(claim, policy)
    old_code = world.code(claim, "acceptance")

    assessed = world.assess(claim, weight_kg="50.0").json()
    stale = world.decide(claim, "insurer", offer_hash=before["offer"]["offer_hash"])
    with world.farmer(policy) as http:
        old = http.post(f"/claims/{claim}/acceptance", json={"code": old_code}, headers=key())
    world.agree(claim, policy, weight_kg="50.0")
    paid = world.pay(claim)

    assert (before["offer"]["amount"], assessed["offer"]["amount"]) == ("700.00", "420.00")
    assert assessed["lanes"]["veterinary"]["state"] == "void"
    assert assessed["acceptance"]["is_current"] is False
    assert (stale.status_code, stale.json()["code"]) == (409, "stale-approval")
    assert old.json()["code"] in {"offer-changed", "code-wrong"}
    assert paid["payout"]["amount"] == "420.00"


def test_the_timeline_says_which_sum_the_farmer_agreed_to(world: World) -> None:
    policy = world.policy(place=5)
    claim = world.report(policy, [a_photo()])
    world.wait(claim, "JOINT_REVIEW")
    world.accept(claim, policy)

    world.assess(claim, weight_kg="50.0")
    world.accept(claim, policy)

    first, second = (
        event["text"] for event in world.timeline(claim)["events"] if event["type"] == "offer-accepted"
    )
    assert "700.00" in first
    assert "420.00" in second


def test_only_the_insurer_assesses(world: World) -> None:
    claim = world.report(world.policy(place=5), [a_photo()])
    world.wait(claim, "JOINT_REVIEW")

    answer = world.assess(claim, weight_kg="120.0", lane="veterinary")

    assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")


def test_a_rejection_names_the_person_and_the_reason_to_the_farmer(world: World) -> None:
    policy = world.policy(place=5)
    claim = world.report(policy, [a_photo()])
    world.wait(claim, "JOINT_REVIEW")

    no_reason = world.decide(claim, "veterinary", "reject", note="not of a disease")
    rejected = world.decide(
        claim, "veterinary", "reject", note="slaughtered, not dead of disease", reason_code="PERIL_EXCLUDED"
    )
    too_late = world.decide(claim, "insurer")
    with world.farmer(policy) as http:
        told = http.get(f"/claims/{claim}").json()
        last = http.get(f"/claims/{claim}/timeline").json()["events"][-1]

    assert (no_reason.status_code, no_reason.json()["code"]) == (422, "reason-needed")
    assert (rejected.status_code, rejected.json()["state"]) == (200, "REJECTED")
    assert told["rejection"]["by"] == "vet-changsha-1"
    assert told["rejection"]["organisation"] == "vet-changsha"
    assert told["rejection"]["reason_code"] == "PERIL_EXCLUDED"
    assert told["rejection"]["note"] == "slaughtered, not dead of disease"
    assert (last["type"], last["actor"]) == ("lane-decided", "vet-changsha-1")
    assert "vet-changsha-1" in last["text"]
    assert {lane["state"] for lane in told["lanes"].values()} == {"rejected", "void"}
    assert (too_late.status_code, too_late.json()["code"]) == (409, "move-not-allowed")


def test_a_withdrawn_claim_is_over_and_its_photo_free(world: World) -> None:
    policy, photo = world.policy(place=5), a_photo()
    claim = world.report(policy, [photo])
    world.wait(claim, "JOINT_REVIEW")

    with world.farmer(policy) as http:
        answer = http.post(f"/claims/{claim}/withdrawal", json={"reason": "it lives"}, headers=key())
        again = http.post(f"/claims/{claim}/withdrawal", json={"reason": "it lives"}, headers=key())
    too_late = world.decide(claim, "insurer")
    other = world.wait(world.report(policy, [photo]), "JOINT_REVIEW")

    assert (answer.json()["state"], again.status_code) == ("WITHDRAWN", 200)
    assert too_late.json()["code"] == "move-not-allowed"
    assert other["path"] == "FAST"


def test_no_officer_takes_a_farmers_report_back(world: World) -> None:
    claim = world.report(world.policy(place=5), [a_photo()])
    world.wait(claim, "JOINT_REVIEW")

    answers = [
        world.officer(lane).http.post(f"/claims/{claim}/withdrawal", json={}, headers=key())
        for lane in ("insurer", "veterinary", "inspection", "disposal")
    ]

    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(403, "not-allowed")}
    assert world.show(claim)["state"] == "JOINT_REVIEW"


def test_an_officer_who_reported_for_a_farmer_may_take_it_back(world: World) -> None:
    policy, vet = world.policy(place=5), world.officer("veterinary")
    body = world.report_body(policy, [a_photo()])
    claim = vet.http.post("/claims", json=body, headers=key()).json()["id"]

    answer = vet.http.post(f"/claims/{claim}/withdrawal", json={"reason": "wrong farm"}, headers=key())

    assert answer.json()["state"] == "WITHDRAWN"
