"""One claim's timeline, live: the same events in the same words, resumed where it broke, over when the claim is."""

import pytest

from tests.backend.api.answers import pointers, problem
from tests.journeys.listening import document, heard_until, listening
from tests.journeys.pictures import a_photo
from tests.journeys.world import World, key


def in_review(world: World, place: int = 0) -> str:
    claim = world.report(world.policy(place=place), [a_photo()])
    world.wait(claim, "JOINT_REVIEW")
    return claim


def withdraw(world: World, claim: str) -> None:
    with world.farmer(world.policy()) as farmer:
        farmer.post(f"/claims/{claim}/withdrawal", json={}, headers=key()).raise_for_status()


def test_the_stream_says_what_the_timeline_says(world: World) -> None:
    claim, http = in_review(world), world.officer("insurer").http

    with listening(http, f"/claims/{claim}/timeline/stream", language="en") as events:
        heard = heard_until(events, "standing")

    told = http.get(f"/claims/{claim}/timeline", params={"language": "en"}).json()
    assert [document(event) for event in heard[:-1]] == told["events"]
    assert [(event.id, event.event) for event in heard[:-1]] == [
        (str(one["seq"]), one["type"]) for one in told["events"]
    ]
    assert document(heard[-1]) == {
        "number": told["number"],
        "state": "JOINT_REVIEW",
        "stage": "joint_review",
        "held_by": "insurer+veterinary+inspection",
        "since": told["events"][-1]["at"],
        "reported_at": told["events"][0]["at"],
        "due_at": world.show(claim)["due_at"],
        "seconds_to_paid": None,
    }


def test_what_happens_while_one_listens_comes_at_once(world: World) -> None:
    claim = in_review(world)

    with listening(world.officer("insurer").http, f"/claims/{claim}/timeline/stream") as events:
        heard_until(events, "standing")
        world.decide(claim, "veterinary").raise_for_status()
        heard = heard_until(events, "standing")

    assert [event.event for event in heard] == ["lane-decided", "standing"]
    assert document(heard[-1])["held_by"] == "insurer+inspection"


@pytest.mark.parametrize("how", ["header", "query", "both"])
def test_a_stream_goes_on_behind_the_last_event_that_was_seen(world: World, how: str) -> None:
    claim = in_review(world)
    last_id = "" if how == "query" else "2"
    query = {"query": {"after": 2}, "both": {"after": 1}}.get(how, {})

    with listening(
        world.officer("insurer").http, f"/claims/{claim}/timeline/stream", last_id, **query
    ) as events:
        heard = heard_until(events, "standing")

    assert heard[0].id == "3"


def test_the_stream_ends_with_the_claim(world: World) -> None:
    claim, http = in_review(world), world.officer("insurer").http

    with listening(http, f"/claims/{claim}/timeline/stream") as events:
        heard_until(events, "standing")
        withdraw(world, claim)
        heard = list(events)

    assert [event.event for event in heard] == ["claim-withdrawn", "standing", "end"]
    assert document(heard[-1]) == {"state": "WITHDRAWN"}


def test_an_ended_claim_is_told_once_and_then_no_more(world: World) -> None:
    claim, http = in_review(world), world.officer("insurer").http
    withdraw(world, claim)

    with listening(http, f"/claims/{claim}/timeline/stream") as events:
        heard = list(events)
    again = http.get(f"/claims/{claim}/timeline/stream", headers={"Last-Event-ID": heard[-1].id})

    assert heard[-1].event == "end"
    assert (again.status_code, again.content) == (204, b"")


def test_a_proxy_is_told_to_hold_nothing_back(world: World) -> None:
    claim = in_review(world)

    with world.officer("insurer").http.stream("GET", f"/claims/{claim}/timeline/stream") as answer:
        headers = answer.headers

    assert headers["content-type"].startswith("text/event-stream")
    assert headers["x-accel-buffering"] == "no"
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("last_id", ["-1", "0x2", "two", "9999999999", "²"])
def test_a_last_event_id_that_is_none_of_ours_is_refused(world: World, last_id: str) -> None:
    claim = in_review(world)

    answer = world.officer("insurer").http.get(
        f"/claims/{claim}/timeline/stream", headers={"Last-Event-ID": last_id.encode()}
    )

    assert pointers(problem(answer, 422, "invalid-input")) == [""]


def test_a_stream_is_seen_by_those_who_may_see_the_timeline(world: World) -> None:
    own, foreign = in_review(world), in_review(world, place=1)

    with world.farmer(world.policy()) as farmer:
        problem(farmer.get(f"/claims/{foreign}/timeline/stream"), 404, "not-found")
        problem(farmer.get("/claims/FC-19700101-0001/timeline/stream"), 404, "not-found")
        problem(farmer.get("/reviews/stream", params={"lane": "insurer"}), 403, "not-allowed")
        with listening(farmer, f"/claims/{own}/timeline/stream") as events:
            heard = heard_until(events, "standing")
        farmer.headers.pop("authorization")
        problem(farmer.get(f"/claims/{own}/timeline/stream"), 401, "not-signed-in")

    assert heard[0].event == "claim-reported"
