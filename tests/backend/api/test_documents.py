"""``claim show`` and ``claim timeline``: the fields of formats.md, written down, through a claim's whole life."""

import re
from datetime import datetime
from typing import Any

import pytest

from tests.contract import EVENT, FENCE, LANE, OFFER, PAYOUT, SHOW, STAGE, TIMELINE
from tests.journeys.pictures import a_photo
from tests.journeys.world import World

DIGEST = re.compile(r"[0-9a-f]{64}")


def is_moment(text: str) -> bool:
    return datetime.fromisoformat(text).utcoffset() is not None


def look_over(shown: dict[str, Any]) -> None:
    """Everything that holds of a claim in any state."""
    assert set(shown) >= SHOW
    assert re.fullmatch(r"FC-\d{8}-\d{4,}", shown["number"])
    assert shown["path"] in {"FAST", "ASSISTED", "HOLD", None}
    assert list(shown["lanes"]) == ["insurer", "veterinary", "inspection"]
    for lane in shown["lanes"].values():
        assert set(lane) >= LANE
        assert lane["state"] in {"open", "approved", "rejected", "asked", "void"}
    for reason in shown["reasons"]:
        assert set(reason) >= {"code", "text"}
    assert is_moment(shown["due_at"])


@pytest.fixture
def paid(world: World) -> dict[str, Any]:
    policy = world.policy(place=4)
    claim = world.report(policy, [a_photo()])
    world.wait(claim, "JOINT_REVIEW")
    world.agree(claim, policy)
    return world.pay(claim)


def test_a_claim_that_was_just_reported_has_every_field_and_no_findings(world: World) -> None:
    with world.farmer(world.policy()) as http:
        body = world.report_body(world.policy(), [a_photo()])
        headers = {"Idempotency-Key": body["claim_id"]}
        answer = http.post("/claims", json=body, headers=headers).json()
        shown = http.get(f"/claims/{answer['id']}").json()

    look_over(shown)
    absent = ("path", "heads_counted", "fence", "offer", "evidence_hash", "acceptance", "handover", "payout")
    assert [shown[name] for name in absent] == [None] * len(absent)
    assert set(answer) >= {"id", "number", "state", "due_at", "payee", "photos"}
    assert set(answer["payee"]) == {"name", "account_last4"}
    assert len(answer["payee"]["account_last4"]) == 4
    assert set(answer["photos"][0]) == {"sha256", "upload_url", "received"}
    assert is_moment(answer["due_at"])


def test_a_paid_claim_shows_everything_that_led_there(paid: dict[str, Any]) -> None:
    look_over(paid)
    assert set(paid["fence"]) >= FENCE
    assert (paid["fence"]["decision"], paid["fence"]["signals"]) == ("INSIDE", [])
    assert isinstance(paid["fence"]["distance_m"], float)
    assert paid["fence"]["distance_m"] > 0
    assert set(paid["offer"]) >= OFFER
    assert (paid["offer"]["amount"], paid["offer"]["currency"]) == ("700.00", "CNY")
    assert DIGEST.fullmatch(paid["offer"]["offer_hash"])
    assert DIGEST.fullmatch(paid["evidence_hash"])
    assert set(paid["payout"]) >= PAYOUT
    assert paid["payout"]["reference"]
    assert paid["acceptance"]["offer_hash"] == paid["offer"]["offer_hash"]
    assert paid["handover"]["weight_kg"] == "95.0"
    assert {lane: said["by"] for lane, said in paid["lanes"].items()} == {
        "insurer": "picc-changsha-1",
        "veterinary": "vet-changsha-1",
        "inspection": "insp-changsha-1",
    }
    assert all(is_moment(lane["at"]) for lane in paid["lanes"].values())


def test_a_claim_is_found_by_its_number_too(world: World, paid: dict[str, Any]) -> None:
    by_number = world.officer("insurer").http.get(f"/claims/{paid['number'].lower()}").json()

    assert by_number["id"] == paid["id"]


def test_no_account_number_is_shown(world: World, paid: dict[str, Any]) -> None:
    account = world.policy(place=4)["account"]
    insurer = world.officer("insurer").http

    texts = [insurer.get(path).text for path in (f"/claims/{paid['id']}", "/payouts", "/claims")]

    assert not any(account in text for text in texts)
    assert account[-4:] in texts[0]


def test_the_payout_stays_paid_once_the_claim_is_closed(world: World, paid: dict[str, Any]) -> None:
    closed = world.certify(paid["id"]).json()

    assert (closed["state"], closed["payout"]["state"]) == ("CLOSED", "PAID")


def test_the_timeline_has_every_event_and_its_stages_add_up_to_the_whole_way(
    world: World, paid: dict[str, Any]
) -> None:
    timeline = world.timeline(paid["id"])

    assert set(timeline) >= TIMELINE
    assert all(set(event) == EVENT for event in timeline["events"])
    assert [event["seq"] for event in timeline["events"]] == list(range(1, len(timeline["events"]) + 1))
    assert all(is_moment(event["at"]) and event["text"] for event in timeline["events"])
    assert all(set(stage) == STAGE for stage in timeline["stages"])
    assert [stage["stage"] for stage in timeline["stages"] if stage["open"]] == ["certificate"]
    names = [stage["stage"] for stage in timeline["stages"]]
    assert names[:3] == ["upload", "verification", "joint_review"]
    spent = sum(stage["seconds"] for stage in timeline["stages"] if stage["stage"] != "certificate")
    assert timeline["seconds_to_paid"] == pytest.approx(spent, abs=0.001 * len(names))


def test_a_claim_on_its_way_has_no_seconds_to_paid_and_one_open_stage(world: World) -> None:
    claim = world.report(world.policy(), [a_photo()])
    world.wait(claim, "JOINT_REVIEW")

    timeline = world.timeline(claim)

    assert timeline["seconds_to_paid"] is None
    assert [stage["held_by"] for stage in timeline["stages"] if stage["open"]] == [
        "insurer+veterinary+inspection"
    ]


def test_sentences_come_in_the_language_that_is_asked_for(world: World) -> None:
    policy = world.policy()
    claim = world.report(policy, [a_photo()], away_m=900.0)
    world.wait(claim, "JOINT_REVIEW")
    insurer = world.officer("insurer").http

    in_english = insurer.get(f"/claims/{claim}", params={"language": "en"}).json()["reasons"][0]["text"]
    with world.farmer(policy) as http:
        for_farmer = http.get(f"/claims/{claim}").json()["reasons"][0]["text"]

    assert in_english.isascii()
    assert "工作人员" in for_farmer
