"""Lists, queues and their cursor; health."""

import httpx

from tests.journeys.pictures import a_photo
from tests.journeys.world import PLAIN, World, key


def test_pages_follow_one_another_without_gap_or_repeat(world: World) -> None:
    policy = world.policy(place=3)
    with world.farmer(policy) as http:
        for _ in range(5):
            http.post("/claims", json=world.report_body(policy, [a_photo()]), headers=key())
        whole = [row["number"] for row in http.get("/claims", params={"limit": 500}).json()["claims"]]

        pages, cursor = [], None
        while True:
            page = http.get("/claims", params={"limit": 2} | ({"after": cursor} if cursor else {})).json()
            pages += [row["number"] for row in page["claims"]]
            cursor = page["next"]
            if cursor is None:
                break

    assert pages == whole
    assert whole == sorted(whole, reverse=True)


def test_a_list_is_narrowed_by_state_and_to_what_is_open(world: World) -> None:
    policy = world.policy(place=3)
    claim = world.report(policy, [a_photo()])
    world.wait(claim, "JOINT_REVIEW")
    with world.farmer(policy) as http:
        http.post(f"/claims/{claim}/withdrawal", json={}, headers=key())
        withdrawn = http.get("/claims", params={"state": "WITHDRAWN", "limit": 500}).json()["claims"]
        still_open = http.get("/claims", params={"open_only": "true", "limit": 500}).json()["claims"]

    assert {row["state"] for row in withdrawn} == {"WITHDRAWN"}
    assert claim in {row["id"] for row in withdrawn}
    assert claim not in {row["id"] for row in still_open}


def test_a_queue_holds_what_its_lane_has_not_decided(world: World) -> None:
    claim = world.report(world.policy(), [a_photo()])
    world.wait(claim, "JOINT_REVIEW")
    world.decide(claim, "veterinary")

    waiting = {
        lane: world.officer(lane).http.get("/reviews", params={"limit": 200}).json()
        for lane in ("insurer", "veterinary", "inspection")
    }

    ids = {lane: {row["id"] for row in queue["claims"]} for lane, queue in waiting.items()}
    assert claim not in ids["veterinary"]
    assert claim in ids["inspection"] or waiting["inspection"]["waiting"] > 200
    assert [queue["lane"] for queue in waiting.values()] == list(waiting)


def test_the_collector_is_asked_which_lane(world: World) -> None:
    answer = world.officer("disposal").http.get("/reviews")

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/lane")


def test_health_names_the_counter_and_needs_no_token(world: World) -> None:
    answer = httpx.get(f"{world.url}/api/v1/health", **PLAIN).json()

    assert (answer["status"], answer["counter"]) == ("ok", "fake@1")


def test_an_effect_that_is_not_dead_is_not_retried(world: World) -> None:
    insurer = world.officer("insurer").http
    world.wait(world.report(world.policy(), [a_photo()]), "JOINT_REVIEW")
    done = insurer.get("/effects", params={"state": "done"}).json()["effects"]

    answer = insurer.post(f"/effects/{done[0]['id']}/retry")

    assert answer.status_code == 404
