"""What a farmer asks of a claim is answered from its facts, and nobody is refused by nobody."""

from typing import Any

from tests.journeys.pictures import a_photo
from tests.journeys.world import World, eventually


def help_of(world: World, claim: str, language: str = "zh") -> dict[str, Any]:
    with world.farmer(world.policy()) as http:
        answer = http.get(f"/claims/{claim}/help", params={"language": language})
        return dict(answer.raise_for_status().json())


def test_offices_are_named_and_what_is_missing_is_listed(world: World) -> None:
    claim = world.report(world.policy(), [a_photo()])
    world.wait(claim, "JOINT_REVIEW")

    told = help_of(world, claim)

    assert told["next"]["step"] == "review"
    # One of the two is said: by when, or when the closed office opens.
    assert (told["next"]["by"] is None) != (told["next"]["opens_at"] is None)
    assert [one["holder"] for one in told["holders"]] == ["insurer", "veterinary", "inspection"]
    # Other stories may have founded further offices in this county.
    own = {
        "insurer": "长沙县农险支公司",
        "veterinary": "长沙县畜牧水产局",
        "inspection": "长沙县动物卫生监督所",
    }
    assert all(own[one["holder"]] in one["offices"] for one in told["holders"])
    assert {one["what"] for one in told["missing"]} == {"agreement", "handover", "decision"}
    assert (told["phone"], told["rejection"]) == (None, None)


def test_who_is_asked_for_more_reads_what(world: World) -> None:
    claim = world.report(world.policy(), [a_photo()])
    world.wait(claim, "JOINT_REVIEW")
    world.decide(claim, "veterinary", "ask", note="请补拍耳标").raise_for_status()

    told = help_of(world, claim)

    assert told["missing"][0] == {"what": "answer", "by": "farmer", "words": "请补拍耳标"}
    assert [one["holder"] for one in told["holders"]] == ["farmer"]


def test_a_rejection_names_who_decided_and_how_to_appeal_in_every_message(world: World) -> None:
    claim = world.report(world.policy(), [a_photo()])
    world.wait(claim, "JOINT_REVIEW")
    changes = {"reason_code": "NOT_IN_FORCE", "note": "出险日不在保险期间内"}
    world.decide(claim, "veterinary", "reject", **changes).raise_for_status()

    told = help_of(world, claim)
    number, who = told["number"], told["rejection"]["by"]
    sent = eventually(
        lambda: [one for one in world.notices.getvalue().splitlines() if number in one and "没有同意" in one],
        20.0,
        "the message",
    )

    assert who
    assert told["rejection"]["note"] == "出险日不在保险期间内"
    assert told["rejection"]["office"]
    assert (told["missing"], told["next"]["step"]) == ([], "object")
    assert told["appeal"] == "有异议请找保险公司。"
    assert all(who in one and told["appeal"] in one for one in sent)
