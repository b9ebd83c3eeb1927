"""The bank refuses, falls silent or cannot be reached: the money moves once, and people see why it waits."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from tests.databases import a_database
from tests.journeys.offices import Office
from tests.journeys.pictures import a_photo
from tests.journeys.world import World, eventually, key, running_world


def agreed(world: World, policy: dict[str, Any]) -> str:
    claim = world.report(policy, [a_photo()])
    world.wait(claim, "JOINT_REVIEW")
    world.agree(claim, policy)
    return claim


def retry(world: World, claim: str, lane: str = "insurer") -> httpx.Response:
    body = {"reason": "the account was mended"}
    return world.officer(lane).http.post(f"/claims/{claim}/payout-retries", json=body, headers=key())


def test_a_refused_payout_is_paid_after_the_insurer_tries_again(world: World) -> None:
    policy = world.policy(place=0)
    moved = len(world.transfers(policy))
    world.bank.refuse_next(account=policy["account"])

    claim = agreed(world, policy)
    failed = world.wait(claim, "PAYMENT_FAILED")
    by_the_vet = retry(world, claim, "veterinary")
    again = retry(world, claim)
    paid = world.pay(claim)

    assert failed["payout"]["reason"].startswith("REFUSED_BY_BANK")
    assert (by_the_vet.status_code, by_the_vet.json()["code"]) == (403, "not-allowed")
    assert again.status_code == 200
    assert (paid["state"], paid["payout"]["state"]) == ("PAID", "PAID")
    assert world.transfers(policy)[moved:] == ["700.00"]
    assert world.events(claim).count("payout-started") == 2


def test_a_lost_answer_is_asked_about_and_never_sent_afresh(world: World) -> None:
    policy = world.policy(place=0)
    moved = len(world.transfers(policy))
    world.bank.lose_next_answer(policy["account"])

    claim = agreed(world, policy)
    unknown = world.wait(claim, "PAYMENT_UNKNOWN")
    refused = retry(world, claim)
    paid = world.pay(claim)

    assert unknown["payout"]["state"] == "PAYMENT_UNKNOWN"
    assert (refused.status_code, refused.json()["code"]) == (409, "payout-under-way")
    assert paid["state"] == "PAID"
    assert world.transfers(policy)[moved:] == ["700.00"]


def test_a_bank_that_cannot_be_reached_is_tried_again_and_operators_see_why(
    dialect: str, tmp_path: Path
) -> None:
    # An installation of its own: an operator's list ends before the effects that many other stories leave waiting do.
    with (
        a_database(dialect, tmp_path, is_migrated=True) as url,
        running_world(tmp_path, farms=2, database_url=url) as world,
    ):
        policy, insurer = world.policy(), world.officer("insurer").http
        world.bank.disconnect()

        claim = agreed(world, policy)

        def failing() -> dict[str, Any] | None:
            rows = insurer.get("/effects", params={"state": "pending", "limit": 500}).json()["effects"]
            return next((row for row in rows if row["failures"]), None)

        waiting = eventually(failing, 10.0, "a failure")
        meanwhile = world.timeline(claim)
        world.bank.reconnect()
        paid = world.pay(claim)

        assert (waiting["kind"], waiting["last_error"]) == ("pay", "no connection")
        assert waiting["claim_number"] == paid["number"]
        assert "payout-accepted" not in [event["type"] for event in meanwhile["events"]]
        assert (meanwhile["stages"][-1]["stage"], meanwhile["stages"][-1]["held_by"]) == ("payment", "bank")
        assert paid["state"] == "PAID"
        assert world.transfers(policy) == ["700.00"]


def test_a_notice_that_comes_three_times_is_recorded_once(world: World) -> None:
    policy = world.policy(place=0)
    claim = agreed(world, policy)
    payout = world.wait(claim, "PAYING")["payout"]["id"]
    eventually(lambda: "payout-accepted" in world.events(claim), 10.0)

    notices = [notice for notice in world.bank.settle_all() if str(notice.key) == payout]
    answers = [world.call_back(notice) for notice in notices * 3]

    assert [answer.status_code for answer in answers] == [200] * 3
    assert world.events(claim).count("payout-confirmed") == 1


def test_a_notice_that_overtakes_the_answer_is_believed(world: World) -> None:
    policy = world.policy(place=0)
    world.bank.lose_next_answer(policy["account"])
    claim = agreed(world, policy)
    payout = world.wait(claim, "PAYMENT_UNKNOWN")["payout"]["id"]

    for notice in world.bank.settle_all():
        if str(notice.key) == payout:
            world.call_back(notice)

    assert world.wait(claim, "PAID")["payout"]["reference"]


def test_an_unanswered_payout_is_made_anew_when_two_have_read_the_statement(
    dialect: str, tmp_path: Path
) -> None:
    forgetful = timedelta(seconds=1)
    with (
        a_database(dialect, tmp_path, is_migrated=True) as url,
        running_world(tmp_path, database_url=url, bank_key_memory=forgetful) as world,
    ):
        office, policy = Office(world), world.policy(place=0)
        world.bank.fall_silent()
        claim = agreed(world, policy)
        world.wait(claim, "PAYMENT_UNKNOWN")
        body = {"reason": "statement of today", "not_on_statement": True}
        ask = lambda: office.one.http.post(f"/claims/{claim}/payout-retries", json=body, headers=key())  # noqa: E731

        asked = eventually(lambda: (answer := ask()).status_code == 202 and answer, 10.0, "the bank's memory")
        proposal = asked.json()["proposal"]["id"]
        alone = office.one.http.post(f"/proposals/{proposal}/approval", headers=key())
        started = world.events(claim).count("payout-started")
        world.bank.speak_again()
        agreed_to = office.two.http.post(f"/proposals/{proposal}/approval", headers=key())
        paid = world.pay(claim)

        assert (alone.status_code, alone.json()["code"], started) == (403, "same-person", 1)
        assert agreed_to.status_code == 200
        assert paid["state"] == "PAID"
        assert world.transfers(policy) == ["700.00"]
