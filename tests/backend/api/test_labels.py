"""Labels and consent over HTTP: every wrong field at once, once per key, and the claim stands as it stood."""

from typing import Any

import httpx
import pytest

from tests.backend.api.answers import pointers, problem
from tests.journeys.pictures import a_photo
from tests.journeys.world import World, key

UNTOUCHED = ("state", "path", "offer", "evidence_hash", "lanes", "reasons", "heads_assessed", "due_at")


def reported(world: World, **changes: Any) -> dict[str, Any]:
    claim = world.report(world.policy(), [a_photo()], **changes)
    return world.wait(claim, "JOINT_REVIEW")


def labelled(
    world: World, shown: dict[str, Any], lane: str = "insurer", headers: Any = None, **body: Any
) -> httpx.Response:
    whole = {"photo": shown["photos"][0]["sha256"]} | body
    path = f"/claims/{shown['id']}/labels"
    return world.officer(lane).http.post(path, json=whole, headers=headers or key())


def consented(world: World, shown: dict[str, Any], *, given: bool, lane: str | None = None) -> httpx.Response:
    path, body = f"/claims/{shown['id']}/consent", {"photos_may_teach": given}
    if lane:
        return world.officer(lane).http.post(path, json=body, headers=key())
    with world.farmer(world.policy()) as http:
        return http.post(path, json=body, headers=key())


def test_a_label_is_shown_with_the_photo_and_touches_nothing_else(world: World) -> None:
    shown = reported(world)
    world.decide(shown["id"], "veterinary").raise_for_status()
    before = world.show(shown["id"])

    answer = labelled(
        world, shown, boxes=[{"species": "pig", "xyxy": [1, 2, 30, 40]}], posture="lying", dead=True
    )

    after = answer.raise_for_status().json()
    assert {name: after[name] for name in UNTOUCHED} == {name: before[name] for name in UNTOUCHED}
    assert after["lanes"]["veterinary"]["state"] == "approved"
    label = after["photos"][0]["label"]
    assert (label["heads"], label["boxes"]) == (1, [{"species": "pig", "xyxy": [1, 2, 30, 40]}])
    assert (label["posture"], label["dead"], label["by"]) == ("lying", True, world.officer("insurer").id)
    assert world.events(shown["id"])[-1] == "photo-labelled"
    assert before["photos"][0]["label"] is None


def test_a_label_sent_twice_under_one_key_is_recorded_once(world: World) -> None:
    shown, same = reported(world), key()

    first = labelled(world, shown, heads=2, headers=same)
    again = labelled(world, shown, heads=2, headers=same)
    afresh = labelled(world, shown, heads=2)

    assert first.json() == again.json()
    assert afresh.json()["version"] == first.json()["version"]
    assert world.events(shown["id"]).count("photo-labelled") == 1


def test_every_wrong_field_of_a_label_is_named_at_once(world: World) -> None:
    shown = reported(world)
    size = shown["photos"][0]["width"]

    of_the_wire = labelled(
        world, shown, photo="abc", posture="asleep", boxes=[{"xyxy": [1, 2, 3]}], colour="red"
    )
    of_the_trade = labelled(
        world,
        shown,
        photo="0" * 64,
        heads=-1,
    )
    of_boxes = labelled(
        world,
        shown,
        heads=7,
        boxes=[
            {"species": "dragon", "xyxy": [1, 1, 5, 5]},
            {"species": "pig", "xyxy": [5, 5, 5, 9]},
            {"species": "pig", "xyxy": [0, 0, size + 1, 5]},
        ],
    )

    assert pointers(problem(of_the_wire, 422, "invalid-input")) == [
        "/boxes/0/species",
        "/boxes/0/xyxy",
        "/colour",
        "/photo",
        "/posture",
    ]
    assert pointers(problem(of_the_trade, 422, "invalid-input")) == ["/heads", "/photo"]
    assert pointers(problem(of_boxes, 422, "invalid-input")) == [
        "/boxes/0/species",
        "/boxes/1/xyxy",
        "/boxes/2/xyxy",
        "/heads",
    ]
    assert world.show(shown["id"])["photos"][0]["label"] is None


@pytest.mark.parametrize("who", ["disposal", "farmer"])
def test_only_the_three_offices_label(world: World, who: str) -> None:
    shown = reported(world)
    if who == "farmer":
        body = {"photo": shown["photos"][0]["sha256"], "heads": 1}
        with world.farmer(world.policy()) as http:
            answer = http.post(f"/claims/{shown['id']}/labels", json=body, headers=key())
    else:
        answer = labelled(world, shown, lane=who, heads=1)

    problem(answer, 403, "not-allowed")


def test_consent_is_the_farmers_to_give_and_any_office_takes_a_withdrawal(world: World) -> None:
    shown = reported(world)
    assert shown["photos_may_teach"] is False

    by_officer = consented(world, shown, given=True, lane="insurer")
    given = consented(world, shown, given=True)
    taken_back = consented(world, shown, given=False, lane="inspection")

    refused = problem(by_officer, 403, "not-allowed")
    assert refused["detail"] == "consent is given by the farmer, or by who reported for the farmer"
    assert given.json()["photos_may_teach"] is True
    assert taken_back.json()["photos_may_teach"] is False
    assert world.events(shown["id"])[-2:] == ["consent-given", "consent-withdrawn"]


def test_a_report_may_carry_consent_and_without_it_is_the_report_it_always_was(world: World) -> None:
    lent = reported(world, photos_may_teach=True)
    body = world.report_body(world.policy(), [a_photo()])

    with world.farmer(world.policy()) as http:
        first = http.post("/claims", json=body, headers=key())
        unsaid = http.post("/claims", json=body | {"photos_may_teach": False}, headers=key())
        other = http.post("/claims", json=body | {"photos_may_teach": True}, headers=key())

    assert lent["photos_may_teach"] is True
    assert (first.status_code, unsaid.status_code) == (201, 200)
    problem(other, 409, "claim-differs")
