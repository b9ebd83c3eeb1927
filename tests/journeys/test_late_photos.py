"""Photos come late, in any order, or not at all."""

from datetime import timedelta
from pathlib import Path

from tests.journeys.pictures import a_photo
from tests.journeys.world import World, eventually, key, running_world


def test_photos_may_come_in_any_order_and_the_last_one_starts_the_checks(world: World) -> None:
    policy, contents = world.policy(place=1), [a_photo(), a_photo(), a_photo()]
    body = world.report_body(policy, contents)

    with world.farmer(policy) as http:
        announced = http.post("/claims", json=body, headers=key()).json()
        urls = [photo["upload_url"] for photo in announced["photos"]]
        states = [http.put(urls[place], content=contents[place]).json() for place in (2, 0, 1)]

    assert announced["state"] == "REPORTED"
    assert [said["photos_received"] for said in states] == [1, 2, 3]
    assert states[0]["state"] == "VERIFYING"
    assert world.wait(announced["id"], "JOINT_REVIEW")["path"] == "FAST"


def test_the_wait_ends_with_the_photos_that_came_and_a_late_one_is_looked_at_again(tmp_path: Path) -> None:
    with running_world(tmp_path, farms=2, verification_wait=timedelta(seconds=0.5)) as world:
        policy, early, late = world.policy(), a_photo(), a_photo()
        body = world.report_body(policy, [early, late])

        with world.farmer(policy) as http:
            announced = http.post("/claims", json=body, headers=key()).json()
            urls = [photo["upload_url"] for photo in announced["photos"]]
            http.put(urls[0], content=early)
            without = world.wait(announced["id"], "JOINT_REVIEW")
            http.put(urls[1], content=late)
        complete = eventually(
            lambda: (
                (shown := world.show(announced["id"]))["state"] == "JOINT_REVIEW"
                and shown["photos"][1]["received"]
                and shown
            ),
            10.0,
        )

        assert (without["path"], [reason["code"] for reason in without["reasons"]]) == (
            "ASSISTED",
            ["EVIDENCE_MISSING"],
        )
        assert (complete["path"], complete["reasons"]) == ("FAST", [])
        assert complete["evidence_hash"] != without["evidence_hash"]


def test_a_claim_whose_photos_never_come_asks_for_them(tmp_path: Path) -> None:
    with running_world(tmp_path, farms=2, verification_wait=timedelta(seconds=0.2)) as world:
        policy, photo = world.policy(), a_photo()

        with world.farmer(policy) as http:
            body = world.report_body(policy, [photo])
            announced = http.post("/claims", json=body, headers=key()).json()
            asked = world.wait(announced["id"], "EVIDENCE_REQUESTED")
            http.put(announced["photos"][0]["upload_url"], content=photo)

        assert asked["asked"] == "none of the announced photos has arrived"
        assert world.wait(announced["id"], "JOINT_REVIEW")["path"] == "FAST"


def test_a_report_without_a_photo_asks_for_one_at_once(world: World) -> None:
    policy, photo = world.policy(place=1), a_photo()

    with world.farmer(policy) as http:
        body = world.report_body(policy, [])
        reported = http.post("/claims", json=body, headers=key()).json()
    answer = world.add_evidence(reported["id"], policy, [photo])
    with world.farmer(policy) as http:
        http.put(answer.json()["photos"][0]["upload_url"], content=photo)

    assert reported["state"] == "EVIDENCE_REQUESTED"
    assert world.wait(reported["id"], "JOINT_REVIEW")["path"] == "FAST"
