"""The last insured heads and the last of a programme's money: who is paid, who waits, and what each of them reads."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.journeys.pictures import a_photo
from tests.journeys.world import World, eventually, key


def bring(world: World, register: str, heading: str, row: str) -> dict[str, Any]:
    """The insurer imports one row."""
    answer = world.officer("insurer").http.post(
        f"/registers/{register}/imports",
        params={"file": "rows.csv"},
        content=f"{heading}\n{row}\n".encode(),
        headers=key(),
    )
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def insure(world: World, policy: dict[str, Any], heads: int) -> None:
    bring(
        world, "policies", "policy_number,insured_heads,stock", f"{policy['policy_number']},{heads},{heads}"
    )


def told(world: World, policy: dict[str, Any], claim: str) -> dict[str, Any]:
    """The claim as its farmer reads it."""
    with world.farmer(policy) as http:
        return dict(http.get(f"/claims/{claim}").raise_for_status().json())


def kinds(shown: dict[str, Any]) -> list[str]:
    return [hold["kind"] for hold in shown["holds"]]


@pytest.fixture
def lone_policy(world: World) -> Iterator[dict[str, Any]]:
    """A policy of this story alone, which is insured as before in the end."""
    policy = world.policy(place=4)
    yield policy
    insure(world, policy, 200)


def test_two_claims_race_for_the_last_heads(world: World, lone_policy: dict[str, Any]) -> None:
    policy, two = lone_policy, {"heads": 2, "weight_kg": "190.0"}
    world.counter.sees = 2
    insure(world, policy, 3)
    first, second = (world.report(policy, [a_photo()], heads=2) for _ in range(2))
    offered = [world.wait(claim, "JOINT_REVIEW")["offer"]["amount"] for claim in (first, second)]

    world.agree(second, policy, note="both seen", **two)
    world.pay(second)
    world.agree(first, policy, note="both seen", **two)
    overtaken = world.wait(first, "TRIAGED")
    farmers = told(world, policy, first)
    animals = [
        {"tag": one["tag"], "weight_kg": "95.0", "weight_source": "officer"} for one in overtaken["animals"]
    ]
    assessed = world.assess(first, heads=2, animals=animals).json()
    world.hold_or_release(first, "releases", "insurer")
    asked_again = world.wait(first, "JOINT_REVIEW")
    world.approve_all(first, note="one insured head was left")
    accepted = world.accept(first, policy)
    paid = world.pay(first)

    assert offered == ["1400.00", "1400.00"]
    assert kinds(overtaken) == ["SIGNALS"]
    assert overtaken["holds"][0]["reason"] == "OVER_INSURED_COUNT"
    assert (farmers["state"], kinds(farmers)) == ("TRIAGED", ["SIGNALS"])
    assert assessed["offer"]["amount"] == "700.00"
    assert {lane["state"] for lane in asked_again["lanes"].values()} == {"void"}
    assert [line["codes"] for line in asked_again["offer"]["lines"]] == [[], ["OVER_INSURED_COUNT"]]
    assert accepted.status_code == 200
    assert world.events(first).count("offer-accepted") == 2
    assert paid["payout"]["amount"] == "700.00"
    assert world.transfers(policy)[-2:] == ["1400.00", "700.00"]


@pytest.fixture
def programme(world: World) -> Iterator[str]:
    """A programme that has money for one pig; in the end it has enough for every story."""
    name = "G-CHANGSHA-PIG"
    grant(world, name, "1000.00")
    yield name
    grant(world, name, "90000000.00")


def grant(world: World, programme: str, most: str) -> dict[str, Any]:
    heading = "id,name,county,begins,ends,most"
    row = f"{programme},pigs of the county,{world.county['county']},2020-01-01,2040-12-31,{most}"
    return bring(world, "programmes", heading, row)


def test_a_programme_limit_is_reached_and_raised(world: World, programme: str) -> None:
    one, other, officer = world.policy(place=1), world.policy(place=2), world.officer("insurer").http
    for policy in (one, other):
        bring(world, "policies", "policy_number,programme", f"{policy['policy_number']},{programme}")
    first = world.report(one, [a_photo()])
    second = world.report(other, [a_photo()])
    for claim, policy in ((first, one), (second, other)):
        world.wait(claim, "JOINT_REVIEW")
        world.agree(claim, policy)
        eventually(lambda claim=claim: world.show(claim)["state"] in {"PAYING", "ACCEPTED"}, 20.0, claim)
    third = world.report(one, [a_photo()])
    doubted = world.wait(third, "JOINT_REVIEW")

    held = eventually(lambda: kinds(shown := world.show(second)) and shown, 20.0, "the hold")
    farmers = told(world, other, second)
    status = officer.get("/payouts/status").json()["waiting"]["claims"]
    before = officer.get(f"/programmes/{programme}").json()
    raised = grant(world, programme, "1400.00")
    paid = [world.pay(claim) for claim in (first, second)]
    after = officer.get(f"/programmes/{programme}").json()

    assert (held["state"], held["path"], kinds(held)) == ("ACCEPTED", "FAST", ["PROGRAMME_LIMIT"])
    assert farmers["offer"]["amount"] == "700.00"
    assert (doubted["path"], [one["code"] for one in doubted["reasons"]]) == ("ASSISTED", ["PROGRAMME_LIMIT"])
    assert [one["waits_for"] for one in status if one["id"] == second] == ["programme_limit"]
    assert (before["used"], before["left"]) == ("700.00", "300.00")
    assert [(one["id"], one["fits"]) for one in before["waiting"]] == [(second, False)]
    assert raised["changed"] == 1
    assert [one["state"] for one in paid] == ["PAID", "PAID"]
    assert (after["used"], after["left"], after["waiting"]) == ("1400.00", "0.00", [])


@pytest.mark.parametrize("who", ["veterinary", "farmer"])
def test_only_the_insurer_sees_programmes(world: World, who: str) -> None:
    with world.farmer(world.policy(place=1)) as phone:
        http = phone if who == "farmer" else world.officer(who).http

        answer = http.get("/programmes")

    assert answer.status_code == 403
