"""What one person alone may not do: payees, products, payouts that leave again, large rejections."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.backend.api.answers import problem
from tests.journeys.offices import Office
from tests.journeys.pictures import a_photo
from tests.journeys.world import OfficerClient, World, key

PRODUCT = (Path(__file__).parents[3] / "docs/examples/products/pig-bands-2.toml").read_text()


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)


def change_payee(world: World, by: OfficerClient, policy: dict[str, Any], **changes: Any) -> httpx.Response:
    body = {"name": "李秀英", "account": "6228480031234567890", "reason": "a new card"} | changes
    return by.http.post(f"/policies/{policy['policy_number']}/payee", json=body, headers=key())


def decide(by: OfficerClient, proposal: str, what: str = "approval", reason: str = "") -> httpx.Response:
    body = {"json": {"reason": reason}} if what == "refusal" else {}
    return by.http.post(f"/proposals/{proposal}/{what}", headers=key(), **body)


def test_a_payee_changes_when_a_second_officer_agrees_and_claims_wait(world: World, office: Office) -> None:
    policy = world.policy()
    asked = change_payee(world, office.one, policy)
    proposal = asked.json()["proposal"]

    before = world.report(policy, [a_photo()])
    untouched = world.wait(before, "JOINT_REVIEW")
    decide(office.two, proposal["id"]).raise_for_status()
    after = world.report(policy, [a_photo()])
    held = world.wait(after, "JOINT_REVIEW", "TRIAGED")

    assert asked.status_code == 202
    assert proposal["document"]["account_last4"] == "7890"
    assert untouched["payee"]["account_last4"] == policy["account"][-4:]
    assert held["payee"]["account_last4"] == "7890"
    assert "PAYEE_CHANGED" in {hold["kind"] for hold in held["holds"]}


def test_the_same_person_does_not_agree_and_a_colleague_may_refuse(world: World, office: Office) -> None:
    proposal = change_payee(world, office.one, world.policy()).json()["proposal"]["id"]

    problem(decide(office.one, proposal), 403, "same-person")
    problem(decide(office.two, proposal, "refusal"), 422, "reason-needed")
    refused = decide(office.two, proposal, "refusal", "the farmer knows nothing of it").json()["proposal"]

    assert (refused["ending"], refused["decided_by"]) == ("refused", office.two.id)
    problem(decide(office.two, proposal), 409, "proposal-over")


def test_what_a_suspended_officer_proposed_is_not_agreed_to(world: World, office: Office) -> None:
    proposal = change_payee(world, office.one, world.policy()).json()["proposal"]["id"]

    suspended = {"reason": "took money for it"}
    ended = office.two.http.post(f"/officers/{office.one.id}/suspension", json=suspended, headers=key())

    assert ended.status_code == 200
    problem(decide(office.two, proposal), 409, "first-hand-gone")
    assert decide(office.two, proposal, "refusal", "proposed by one who took money").status_code == 200


def test_who_is_administrator_no_longer_has_named_none(world: World, office: Office) -> None:
    def propose(by: OfficerClient, place: str, *, becomes: bool) -> str:
        body = {"reason": "who looks after us", "is_administrator": becomes}
        path = f"/officers/{office.id}-{place}/administrator"
        return str(by.http.post(path, json=body, headers=key()).raise_for_status().json()["proposal"]["id"])

    third, fourth = (office.newcomer(office.one, place) for place in "34")
    for newcomer in (third, fourth):
        office.approve(office.two, newcomer).raise_for_status()
    decide(office.two, propose(office.one, "3", becomes=True)).raise_for_status()
    puppet = propose(office.one, "4", becomes=True)

    decide(third, propose(office.two, "1", becomes=False)).raise_for_status()

    problem(decide(third, puppet), 409, "first-hand-gone")


def test_two_wishes_for_one_policy_do_not_wait_at_once(world: World, office: Office) -> None:
    policy = world.policy()
    first = change_payee(world, office.one, policy).json()["proposal"]

    again = change_payee(world, office.one, policy)
    other = change_payee(world, office.two, policy, account="6228480039999999999")

    assert again.json()["proposal"]["id"] == first["id"]
    assert first["id"] in problem(other, 409, "already-proposed")["detail"]


def test_a_payee_is_the_insurers_with_a_reason_and_of_the_county(world: World, office: Office) -> None:
    policy = world.policy()

    problem(change_payee(world, world.officer("veterinary"), policy), 403, "not-allowed")
    problem(change_payee(world, office.one, policy, reason=" "), 422, "reason-needed")
    problem(change_payee(world, office.one, {"policy_number": "P-none"}), 404, "not-found")
    problem(change_payee(world, office.one, policy, account="?"), 422, "invalid-input")


def test_proposals_are_listed_for_their_office_alone(world: World, office: Office) -> None:
    proposal = change_payee(world, office.one, world.policy()).json()["proposal"]["id"]

    own = office.two.http.get("/proposals").json()["proposals"]
    shown = office.two.http.get(f"/proposals/{proposal}").json()

    assert [one["id"] for one in own] == [proposal]
    assert shown["document"] == {"name": "李秀英", "account": "6228480031234567890"}
    stranger = Office(world).one.http
    assert stranger.get("/proposals").json()["proposals"] == []
    problem(stranger.get(f"/proposals/{proposal}"), 404, "not-found")
    problem(decide(Office(world).one, proposal), 403, "not-allowed")
    decide(office.two, proposal, "refusal", "no").raise_for_status()
    over = office.two.http.get(f"/proposals/{proposal}").json()
    assert over["document"] == {"name": "李**", "account_last4": "7890"}
    assert office.two.http.get("/proposals").json()["proposals"] == []
    assert len(office.two.http.get("/proposals", params={"all": "true"}).json()["proposals"]) == 1


def test_payouts_stop_by_one_and_leave_again_by_two(world: World, office: Office) -> None:
    def switched(by: OfficerClient, what: str) -> httpx.Response:
        return by.http.post(f"/payouts/{what}", json={"reason": "wrong debits"}, headers=key())

    nothing_to_do = switched(office.one, "resume")
    stopped = switched(office.one, "stop").json()
    asked = switched(office.one, "resume")
    still = office.one.http.get("/payouts/status").json()["stopped"]
    decide(office.two, asked.json()["proposal"]["id"]).raise_for_status()
    after = office.one.http.get("/payouts/status").json()["stopped"]

    assert (nothing_to_do.status_code, nothing_to_do.json()["changed"]) == (200, False)
    assert stopped["changed"] is True
    assert asked.status_code == 202
    assert still["by"] == office.one.id
    assert after is None


def test_a_product_counts_once_a_second_officer_agrees(world: World, office: Office) -> None:
    def known() -> set[str]:
        return {one["label"] for one in office.one.http.get("/products").json()["products"]}

    content = PRODUCT.replace('name = "pig-bands"', f'name = "pig-bands-{office.id}"')
    label = f"pig-bands-{office.id}@2"
    asked = office.one.http.post("/products", content=content.encode(), headers=key())
    before = known()
    decide(office.two, asked.json()["proposal"]["id"]).raise_for_status()

    assert asked.status_code == 202
    assert label not in before
    assert label in known()
    (row,) = (one for one in office.one.http.get("/products").json()["products"] if one["label"] == label)
    assert row["imported_by"] == office.one.id


def in_review(world: World, heads: int) -> str:
    """Cattle at 12,000.00 a head."""
    policy = world.policy("cattle")
    world.counter.sees, world.counter.species = heads, "cattle"
    animals = [
        {"tag": world.fresh_tag(policy), "weight_kg": "420.0", "weight_source": "declared_band"}
        for _ in range(heads)
    ]
    claim = world.report(policy, [a_photo()], heads=heads, animals=animals)
    world.wait(claim, "JOINT_REVIEW", "TRIAGED")
    return claim


def reject(world: World, claim: str, officer: OfficerClient) -> httpx.Response:
    note = "the tags belong to another farm"
    return world.decide(claim, "insurer", "reject", officer=officer, reason_code="TAG_INVALID", note=note)


def test_a_small_claim_is_rejected_by_one(world: World, office: Office) -> None:
    claim = in_review(world, heads=1)

    assert reject(world, claim, office.one).json()["state"] == "REJECTED"


def test_a_large_claim_is_rejected_by_two_and_says_so_meanwhile(world: World, office: Office) -> None:
    claim = in_review(world, heads=5)

    asked = reject(world, claim, office.one)
    meanwhile = world.show(claim)
    waits = meanwhile["rejection_waits"]
    problem(decide(office.one, waits["proposal"]), 403, "same-person")
    decide(office.two, waits["proposal"]).raise_for_status()

    assert asked.status_code == 202
    assert meanwhile["state"] != "REJECTED"
    assert meanwhile["lanes"]["insurer"]["state"] == "open"
    assert (waits["by"], waits["reason_code"]) == (office.one.id, "TAG_INVALID")
    after = world.show(claim)
    assert (after["state"], after["rejection"]["by"]) == ("REJECTED", office.one.id)
    assert after["rejection_waits"] is None


def test_the_farmer_is_not_told_of_a_rejection_that_may_not_come(world: World, office: Office) -> None:
    claim = in_review(world, heads=5)
    reject(world, claim, office.one).raise_for_status()

    with world.farmer(world.policy("cattle")) as http:
        assert "rejection_waits" not in http.get(f"/claims/{claim}").json()


def test_a_rejection_over_changed_evidence_is_not_confirmed(world: World, office: Office) -> None:
    claim = in_review(world, heads=5)
    reject(world, claim, office.one).raise_for_status()
    waits = world.show(claim)["rejection_waits"]["proposal"]

    world.add_evidence(claim, world.policy("cattle"), [a_photo()]).raise_for_status()

    assert decide(office.two, waits).status_code in {403, 409}
    assert world.show(claim)["state"] != "REJECTED"


def test_a_rejection_whose_key_was_stolen_is_not_confirmed(world: World, office: Office) -> None:
    claim = in_review(world, heads=5)
    reject(world, claim, office.one).raise_for_status()
    waits = world.show(claim)["rejection_waits"]["proposal"]

    stolen = {"reason": "stolen"}
    ended = office.two.http.post(f"/keys/{office.one.key_id}/revocation", json=stolen, headers=key())

    assert ended.status_code == 200
    problem(decide(office.two, waits), 403, "key-revoked")
    assert world.show(claim)["state"] != "REJECTED"


def test_a_rejection_that_is_refused_leaves_the_claim_as_it_was(world: World, office: Office) -> None:
    claim = in_review(world, heads=5)
    reject(world, claim, office.one).raise_for_status()
    waits = world.show(claim)["rejection_waits"]["proposal"]

    decide(office.two, waits, "refusal", "the tags are right").raise_for_status()

    shown = world.show(claim)
    assert (shown["rejection_waits"], shown["lanes"]["insurer"]["state"]) == (None, "open")


def test_what_could_not_be_rejected_is_not_proposed(world: World, office: Office) -> None:
    claim = in_review(world, heads=5)

    answer = world.decide(claim, "insurer", "reject", officer=office.one, note="no code")

    problem(answer, 422, "reason-needed")
    assert office.two.http.get("/proposals").json()["proposals"] == []
