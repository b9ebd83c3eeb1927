"""Webhooks and the feed through the API: an insurer's own system hears of every change, and catches up alone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.backend.api.phones import bearing
from tests.databases import a_database
from tests.journeys.pictures import a_photo
from tests.journeys.world import World, eventually, key, running_world
from tests.receiver import Receiver, a_receiver


@pytest.fixture(scope="module")
def open_world(dialect: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """An installation that may post to this machine."""
    folder: Path = tmp_path_factory.mktemp("webhooks")
    with (
        a_database(dialect, folder) as url,
        running_world(folder, database_url=url, webhook_allow_private=True) as world,
    ):
        yield world


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with a_receiver() as receiver:
        yield receiver


def administrator(world: World) -> httpx.Client:
    return world.officer("insurer").http


def added(world: World, url: str, **more: Any) -> dict[str, Any]:
    answer = administrator(world).post("/webhooks", json={"url": url} | more, headers=key())
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def removed(world: World, webhook: dict[str, Any]) -> None:
    assert administrator(world).delete(f"/webhooks/{webhook['id']}").status_code == 200


def paid_claim(world: World, place: int) -> str:
    policy = world.policy(place=place)
    claim = world.report(policy, [a_photo()])
    world.wait(claim, "JOINT_REVIEW")
    world.agree(claim, policy)
    world.pay(claim)
    return claim


def feed_of(client: httpx.Client, **query: Any) -> list[dict[str, Any]]:
    """Everything that follows, page by page."""
    events: list[dict[str, Any]] = []
    more = True
    while more:
        told = client.get("/events", params=query).raise_for_status().json()
        events += told["events"]
        query["after"], more = told["next"], told["more"]
    return events


def test_every_change_of_a_claim_arrives_signed_and_is_in_the_feed_under_the_same_id(
    open_world: World, receiver: Receiver
) -> None:
    webhook = added(open_world, receiver.url)

    claim = paid_claim(open_world, 0)

    shown, types = open_world.show(claim), open_world.events(claim)
    own = lambda: [one for one in receiver.events if one["subject"] == shown["number"]]  # noqa: E731 - asked again and again
    eventually(lambda: len({one["id"] for one in own()}) == len(types), 20.0, "all deliveries")
    in_order = sorted({one["id"]: one for one in own()}.values(), key=lambda one: one["sequence"])
    assert [one["data"]["event"] for one in in_order] == types
    assert [one["type"] for one in in_order] == [f"org.flashclaim.claim.{one}" for one in types]
    assert in_order[-1]["data"]["state"] == "PAID"
    assert {one["id"] for one in receiver.verified(webhook["secret"])} >= {one["id"] for one in in_order}
    with bearing(open_world, webhook["feed_token"]) as system:
        fed = [one for one in feed_of(system, limit=7) if one["subject"] == shown["number"]]
    assert fed == in_order
    deliveries = administrator(open_world).get(f"/webhooks/{webhook['id']}/deliveries").json()["deliveries"]
    assert {one["event_id"] for one in deliveries} >= {one["id"] for one in in_order}
    removed(open_world, webhook)


def test_bodies_hold_nobodys_name_account_phone_position_or_words(
    open_world: World, receiver: Receiver
) -> None:
    policy = open_world.policy(place=1)
    lon, lat = policy["inside"]
    webhook = added(open_world, receiver.url)

    claim = open_world.report(policy, [a_photo()], note="call my brother Wang")
    open_world.wait(claim, "JOINT_REVIEW")

    number = open_world.show(claim)["number"]
    eventually(lambda: any(one["data"]["event"] == "claim-triaged" for one in receiver.events), 20.0)
    said = b"".join(body for _, body in receiver.heard).decode()
    assert number in said
    private = ("brother", policy["account"], f"{lat:.4f}", f"{lon:.4f}", policy["tags"][0][:15])
    assert [one for one in private if one in said] == []
    removed(open_world, webhook)


def test_a_system_that_was_away_catches_up_by_cursor_and_by_replay(
    open_world: World, receiver: Receiver
) -> None:
    before = feed_of(administrator(open_world))
    since = {"after": before[-1]["cursor"]} if before else {}
    policy = open_world.policy(place=2)
    claim = open_world.report(policy, [a_photo()])
    open_world.wait(claim, "JOINT_REVIEW")
    count = len(open_world.events(claim))
    number = open_world.show(claim)["number"]
    own = lambda: [  # noqa: E731 - asked again and again
        one for one in feed_of(administrator(open_world), **since) if one["subject"] == number
    ]
    missed = eventually(lambda: len(found := own()) >= count and found, 20.0, "the log")
    webhook = added(open_world, receiver.url, types=["claim-triaged"], after="beginning")

    eventually(lambda: number in {one["subject"] for one in receiver.events}, 20.0, "the first delivery")
    again = administrator(open_world).post(
        f"/webhooks/{webhook['id']}/replay", json={"after": missed[0]["cursor"]}, headers=key()
    )

    assert again.status_code == 200, again.text
    sent = lambda: [one["id"] for one in receiver.events if one["subject"] == number]  # noqa: E731 - asked again and again
    eventually(lambda: len(sent()) == 2, 20.0, "the replay")
    assert len(set(sent())) == 1
    assert {one["data"]["event"] for one in receiver.events} == {"claim-triaged"}
    removed(open_world, webhook)


def test_a_trial_says_how_it_was_answered_and_a_rotated_secret_signs_beside_the_former(
    open_world: World, receiver: Receiver
) -> None:
    webhook = added(open_world, receiver.url)
    http = administrator(open_world)

    first = http.post(f"/webhooks/{webhook['id']}/test").json()
    receiver.always = 503
    refused = http.post(f"/webhooks/{webhook['id']}/test").json()
    receiver.always = 204
    rotated = http.post(f"/webhooks/{webhook['id']}/rotation", headers=key()).json()
    http.post(f"/webhooks/{webhook['id']}/test").raise_for_status()

    assert (first["arrived"], first["status"]) == (True, 204)
    assert (refused["arrived"], refused["failure"]) == (False, "it answered 503")
    assert rotated["secret"] != webhook["secret"]
    receiver.heard[:] = receiver.heard[-1:]
    for secret in (webhook["secret"], rotated["secret"]):
        assert receiver.verified(secret)[0]["type"] == "org.flashclaim.webhook.test"
    removed(open_world, webhook)


def test_who_added_rotated_and_removed_a_webhook_stays_in_the_offices_history(
    open_world: World, receiver: Receiver
) -> None:
    webhook = added(open_world, f"{receiver.url}?password=of-theirs")
    http = administrator(open_world)
    http.post(f"/webhooks/{webhook['id']}/rotation", headers=key()).raise_for_status()
    body = {"after": "beginning"}
    http.post(f"/webhooks/{webhook['id']}/replay", json=body, headers=key()).raise_for_status()
    removed(open_world, webhook)

    events = http.get("/keys/history", params={"limit": 200}).json()["events"]
    own = [one for one in events if webhook["id"] in one["reason"]]

    assert [one["deed"] for one in own] == [
        *("webhook-removed", "webhook-replayed", "webhook-rotated", "webhook-added")
    ]
    assert {(one["by"], one["reason"]) for one in own} == {
        ("picc-changsha-1", f"webhook {webhook['id']}, {receiver.url}")
    }
    assert not [one for one in events if webhook["secret"] in one["reason"]]


def test_secrets_are_shown_once(open_world: World, receiver: Receiver) -> None:
    webhook = added(open_world, receiver.url)
    http = administrator(open_world)

    later = http.get("/webhooks").text + http.get(f"/webhooks/{webhook['id']}").text

    assert webhook["id"] in later
    assert webhook["secret"] not in later
    assert webhook["feed_token"] not in later
    removed(open_world, webhook)
    assert http.get(f"/webhooks/{webhook['id']}").status_code == 404
    with bearing(open_world, webhook["feed_token"]) as system:
        assert system.get("/events").status_code == 401


def test_a_feed_token_reads_the_feed_and_nothing_else(open_world: World, receiver: Receiver) -> None:
    webhook = added(open_world, receiver.url)

    with bearing(open_world, webhook["feed_token"]) as system:
        answers = {path: system.get(path).status_code for path in ("/events", "/reviews", "/webhooks", "/me")}
        report = system.post("/claims", json={}, headers=key()).status_code

    assert answers == {"/events": 200, "/reviews": 403, "/webhooks": 403, "/me": 403}
    assert report == 403
    removed(open_world, webhook)


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"url": "ftp://core.example"}, ["/url"]),
        ({"url": "https://user:word@core.example/x"}, ["/url"]),
        ({"url": "https://core.example/x", "types": ["claim-reported", "no-such"]}, ["/types/1"]),
    ],
)
def test_what_cannot_be_a_webhook_is_refused_with_the_field(
    open_world: World, body: dict[str, Any], pointers: list[str]
) -> None:
    answer = administrator(open_world).post("/webhooks", json=body, headers=key())

    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == pointers


def test_webhooks_are_an_administrators_of_the_insurer(open_world: World) -> None:
    answers = {
        lane: open_world.officer(lane).http.get("/webhooks").status_code
        for lane in ("insurer", "veterinary", "inspection")
    }

    assert answers == {"insurer": 200, "veterinary": 403, "inspection": 403}


@pytest.mark.parametrize(
    ("cursor", "code"), [("7", "cursor-unusable"), ("999999-0123456789ab", "cursor-unknown")]
)
def test_a_cursor_of_another_history_is_never_passed_over(open_world: World, cursor: str, code: str) -> None:
    answer = administrator(open_world).get("/events", params={"after": cursor})

    assert answer.json()["code"] == code
