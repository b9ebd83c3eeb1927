"""Weights as people give them: by picture, near an edge, from the scale, and from the truck."""

from typing import Any

import httpx

from tests.journeys.pictures import a_photo
from tests.journeys.world import PLAIN, World, eventually, key


def a_pig(world: World, policy: dict[str, Any], **weight: str) -> dict[str, str]:
    return {"tag": world.fresh_tag(policy)} | weight


def told(world: World, number: str) -> list[str]:
    return [line for line in world.notices.getvalue().splitlines() if number in line]


def test_a_weight_near_a_band_edge_asks_for_the_scale_photo_and_is_paid_by_it(world: World) -> None:
    policy, scale = world.policy(place=1), a_photo()
    pig = a_pig(world, policy, weight_kg="88", weight_source="declared_band")

    claim = world.report(policy, [a_photo()], animals=[pig])
    doubted = world.wait(claim, "JOINT_REVIEW")
    announced = world.add_evidence(claim, policy, [scale])
    with world.farmer(policy) as http:
        http.put(announced.json()["photos"][1]["upload_url"], content=scale)
    world.wait(claim, "JOINT_REVIEW")
    weighed = pig | {"weight_kg": "91", "weight_source": "scale_photo"}
    assessed = world.assess(claim, animals=[weighed]).json()
    world.agree(claim, policy, note="read from the scale", weight_kg="91")
    paid = world.pay(claim)

    # 80 % of 700 for [60, 90), 100 % from 90 kg.
    assert (doubted["path"], doubted["offer"]["amount"]) == ("ASSISTED", "560.00")
    assert [one["code"] for one in doubted["reasons"]] == ["EVIDENCE_MISSING"]
    assert "牲畜过秤的照片" in doubted["reasons"][0]["text"]
    assert [one["answered"] for one in assessed["reasons"]] == [True]
    assert (paid["payout"]["amount"], paid["animals"][0]["weight_source"]) == ("700.00", "scale_photo")
    sent = eventually(lambda: [one for one in told(world, paid["number"]) if "定损" in one], 5.0)
    assert "560.00改700.00元" in sent[0]
    assert any("牲畜过秤的照片" in one for one in told(world, paid["number"]))


def test_a_picture_is_a_weight_and_no_doubt(world: World) -> None:
    policy = world.policy(place=1)
    with world.farmer(policy) as http:
        bands = http.get("/size-bands", params={"species": "pig"}).json()["bands"]
    picture = httpx.get(f"{world.url}{bands[4]['picture']}", **PLAIN)

    claim = world.report(policy, [a_photo()], animals=[a_pig(world, policy, size_band="pig-thigh")])
    clean = world.wait(claim, "JOINT_REVIEW")
    world.agree(claim, policy, weight_kg="62")
    paid = world.pay(claim)

    assert (bands[4]["code"], bands[4]["weight_kg"]) == ("pig-thigh", "75")
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/svg+xml")
    assert (clean["path"], clean["animals"][0]["size_band"]) == ("FAST", "pig-thigh")
    assert clean["offer"]["lines"][0]["weight_source"] == "declared_band"
    # 62 kg is what the picture of 60 to 90 kg says: 80 % of 700.
    assert paid["payout"]["amount"] == "560.00"


def test_a_picture_that_is_none_names_those_there_are(world: World) -> None:
    policy = world.policy(place=1)
    wrong = [{"size_band": "elephant"}, {"size_band": "pig-thigh", "weight_kg": "88"}]
    body = world.report_body(policy, [a_photo()], heads=2, animals=wrong)

    with world.farmer(policy) as http:
        refused = http.post("/claims", json=body, headers=key())

    errors = {one["pointer"]: one["detail"] for one in refused.json()["errors"]}
    assert refused.status_code == 422
    assert "pig-newborn" in errors["/animals/0/size_band"]
    assert "not both" in errors["/animals/1/size_band"]


def test_a_lighter_truck_is_told_to_the_insurer_assessed_and_agreed_to_anew(world: World) -> None:
    policy = world.policy(place=1)
    insurer = world.officer("insurer").http
    claim = world.report(policy, [a_photo()])
    world.wait(claim, "JOINT_REVIEW")
    world.agree(claim, policy, weight_kg="80")

    waits = world.show(claim)
    queue = insurer.get("/reviews", params={"limit": 200}).json()
    body = {
        "heads": 1,
        "animals": waits["animals"],
        "reason": "the truck's scale",
        "from_handover": True,
    }
    tried = insurer.post(f"/claims/{claim}/assessments/trial", json=body).json()
    after_trial = world.show(claim)
    assessed = insurer.post(f"/claims/{claim}/assessments", json=body, headers=key()).json()
    world.approve_all(claim)
    world.accept(claim, policy)
    paid = world.pay(claim)

    assert (waits["state"], waits["held_by"]) == ("ACCEPTED", "insurer")
    assert [one["code"] for one in waits["reasons"]] == ["WEIGHT_MISMATCH"]
    assert "移交 80 公斤，报案 95.0 公斤" in waits["reasons"][0]["text"]
    # Those of other stories wait longer.
    assert claim in [one["id"] for one in queue["claims"]] or queue["waiting"] > 200
    assert (tried["amount_before"], tried["amount_after"]) == ("700.00", "560.00")
    assert after_trial["offer"] == waits["offer"]
    assert [lane["state"] for lane in assessed["lanes"].values()] == ["void"] * 3
    assert "700.00 元" in assessed["lanes"]["veterinary"]["void"]
    assert "560.00 元" in assessed["lanes"]["veterinary"]["void"]
    assert assessed["acceptance"]["is_current"] is False
    assert len(assessed["assessments"][0]["voided"]) == 3
    assert (paid["payout"]["amount"], paid["animals"][0]["weight_source"]) == ("560.00", "docket")
    assert any("数量或重量和报案不一样" in one for one in told(world, paid["number"]))
    assert any("700.00改560.00元" in one for one in told(world, paid["number"]))
