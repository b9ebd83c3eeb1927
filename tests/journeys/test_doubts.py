"""Doubts are shown to people, who say why they go on; the machine refuses nobody."""

import re

from tests.journeys.pictures import a_photo
from tests.journeys.world import World, key

LANES = ("insurer", "veterinary", "inspection")


def codes(shown: dict[str, object]) -> list[str]:
    reasons = shown["reasons"]
    assert isinstance(reasons, list)
    return [reason["code"] for reason in reasons]


def test_nine_hundred_metres_outside_is_said_in_metres_and_direction_and_still_pays(world: World) -> None:
    policy = world.policy(place=2)

    claim = world.report(policy, [a_photo()], away_m=900.0)
    doubted = world.wait(claim, "JOINT_REVIEW")
    without_a_note = world.decide(claim, "veterinary")
    world.agree(claim, policy, note="the carcass lay at the road, seen there")
    paid = world.pay(claim)

    said = doubted["reasons"][0]["text"]
    metres = re.search(r"(\d+) 米", said)
    assert (doubted["path"], codes(doubted)) == ("ASSISTED", ["OUTSIDE_PREMISES"])
    assert metres
    assert 600 <= int(metres[1]) <= 900
    assert "北" in said
    assert doubted["fence"]["decision"] == "OUTSIDE"
    assert (without_a_note.status_code, without_a_note.json()["code"]) == (422, "note-needed")
    assert paid["state"] == "PAID"


def test_a_photo_sent_again_from_another_farm_is_held_until_the_insurer_has_looked(world: World) -> None:
    photo, elsewhere, policy = a_photo(), world.policy(place=3), world.policy(place=2)
    first = world.report(elsewhere, [photo])
    world.wait(first, "JOINT_REVIEW")

    claim = world.report(policy, [photo])
    held = world.wait(claim, "TRIAGED")
    refused = [world.decide(claim, lane, note="looks fine") for lane in LANES]
    by_the_vet = world.hold_or_release(claim, "releases", "veterinary")
    released = world.hold_or_release(claim, "releases", "insurer")
    world.agree(claim, policy, note="two farms, one truck; both seen")
    paid = world.pay(claim)

    assert (held["path"], codes(held)) == ("HOLD", ["DUPLICATE_PHOTO"])
    assert held["holds"][0]["kind"] == "SIGNALS"
    assert world.show(first)["number"] in held["reasons"][0]["text"]
    assert [answer.json()["code"] for answer in refused] == ["claim-on-hold"] * 3
    assert (by_the_vet.status_code, by_the_vet.json()["code"]) == (403, "not-allowed")
    assert (released.json()["state"], released.json()["path"]) == ("JOINT_REVIEW", "ASSISTED")
    assert paid["state"] == "PAID"


def test_nobody_agrees_to_a_sum_that_is_on_hold(world: World) -> None:
    photo, policy = a_photo(), world.policy(place=2)
    world.wait(world.report(world.policy(place=3), [photo]), "JOINT_REVIEW")
    claim = world.report(policy, [photo])
    world.wait(claim, "TRIAGED")

    with world.farmer(policy) as http:
        answer = http.post(f"/claims/{claim}/acceptance", json={"code": "000000"}, headers=key())

    assert answer.status_code in {403, 409}
    assert world.show(claim)["acceptance"] is None


def test_heads_that_are_not_listed_are_assessed_by_the_insurer_first(world: World) -> None:
    policy = world.policy(place=2)
    world.counter.sees = 3
    tags = [world.fresh_tag(policy) for _ in range(3)]
    listed = [{"tag": tags[0], "weight_kg": "95.0", "weight_source": "declared_band"}]

    claim = world.report(policy, [a_photo()], heads=3, animals=listed)
    doubted = world.wait(claim, "JOINT_REVIEW")
    too_early = world.decide(claim, "insurer", note="three pigs")
    assessed = world.assess(
        claim,
        heads=3,
        animals=[{"tag": tag, "weight_kg": "95.0", "weight_source": "officer"} for tag in tags],
    )
    world.agree(claim, policy, note="weighed on the farm", heads=3, weight_kg="285.0")
    paid = world.pay(claim)

    assert (doubted["path"], doubted["offer"]["complete"]) == ("ASSISTED", False)
    assert "EVIDENCE_MISSING" in codes(doubted)
    assert (too_early.status_code, too_early.json()["code"]) == (422, "offer-incomplete")
    assert assessed.json()["offer"]["amount"] == "2100.00"
    assert paid["payout"]["amount"] == "2100.00"


def test_another_count_than_claimed_is_looked_at_by_people(world: World) -> None:
    policy = world.policy(place=3)
    world.counter.sees = 4

    shown = world.wait(world.report(policy, [a_photo()]), "JOINT_REVIEW")

    assert (shown["path"], codes(shown)) == ("ASSISTED", ["COUNT_MISMATCH"])
    assert (shown["heads_claimed"], shown["heads_counted"]) == (1, 4)


def test_all_doubts_are_said_at_once(world: World) -> None:
    policy = world.policy(place=3)
    world.counter.unsure = True
    animal = {"tag": "12", "weight_kg": "12.0", "weight_source": "declared_band"}

    claim = world.report(policy, [a_photo()], away_m=900.0, animals=[animal])

    assert set(codes(world.wait(claim, "JOINT_REVIEW"))) == {
        "BELOW_MIN_WEIGHT",
        "OUTSIDE_PREMISES",
        "COUNT_UNSURE",
        "TAG_INVALID",
    }


def test_an_offer_of_nothing_is_not_approved_by_the_insurer(world: World) -> None:
    policy = world.policy(place=3)
    animal = {"tag": world.fresh_tag(policy), "weight_kg": "12.0", "weight_source": "declared_band"}
    claim = world.report(policy, [a_photo()], animals=[animal])
    world.wait(claim, "JOINT_REVIEW")

    answer = world.decide(claim, "insurer", note="below the smallest band")

    assert (answer.status_code, answer.json()["code"]) == (422, "nothing-to-pay")
