"""A link reads one claim, masked, until it ends; and nothing else."""

from datetime import datetime, timedelta
from typing import Any

import httpx
from sqlalchemy import update

from backend.store.farmer_tables import claim_links
from tests.backend.api.answers import pointers, problem
from tests.backend.api.phones import bearing
from tests.journeys.listening import listening
from tests.journeys.pictures import a_photo
from tests.journeys.world import World, key

SEED = "L" * 43


def a_claim(world: World, place: int = 0) -> str:
    claim = world.report(world.policy(place=place), [a_photo()], note="家里的电话是13912345678")
    world.wait(claim, "JOINT_REVIEW")
    return claim


def a_link(http: httpx.Client, claim: str, **body: Any) -> dict[str, Any]:
    answer = http.post(f"/claims/{claim}/links", json={"seed": SEED} | body, headers=key())
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def test_a_farmer_passes_on_a_link_that_reads_the_claim_for_a_week(world: World) -> None:
    claim = a_claim(world)

    with world.farmer(world.policy()) as farmer:
        made = a_link(farmer, claim)
        listed = farmer.get(f"/claims/{claim}/links").json()["links"]

    with bearing(world, made["token"]) as reader:
        shown = reader.get(f"/claims/{claim}").json()
        told = reader.get(f"/claims/{claim}/timeline").json()
    lasts = datetime.fromisoformat(made["ends_at"]) - world.parts.clock()
    assert timedelta(days=6, hours=23) < lasts <= timedelta(days=7)
    assert made["url"].endswith(f"#{made['token']}")
    assert (shown["state"], shown["heads_claimed"]) == ("JOINT_REVIEW", 1)
    assert told["events"][0]["type"] == "claim-reported"
    assert [(one["link"], one["reads"]) for one in listed] == [(made["link"], True)]


def test_a_link_shows_no_name_account_place_or_word_of_a_person(world: World) -> None:
    claim, policy = a_claim(world), world.policy()
    with world.farmer(policy) as farmer:
        made = a_link(farmer, claim)

    with bearing(world, made["token"]) as reader:
        seen = reader.get(f"/claims/{claim}").text + reader.get(f"/claims/{claim}/timeline").text
        with listening(reader, f"/claims/{claim}/timeline/stream") as events:
            seen += "".join(next(events).data for _ in range(3))

    hidden = (
        policy["payee"],
        policy["farm_name"],
        policy["account"],
        "last4",
        "13912345678",
        "picc-changsha-1",
    )
    assert [one for one in hidden if one in seen] == []
    assert str(policy["inside"][0]) not in seen
    assert policy["policy_number"] not in seen


def test_a_link_does_nothing_and_reads_nothing_else(world: World) -> None:
    claim, other = a_claim(world), a_claim(world, place=1)
    with world.farmer(world.policy()) as farmer:
        made = a_link(farmer, claim)

    with bearing(world, made["token"]) as reader:
        problem(reader.get(f"/claims/{other}"), 404, "not-found")
        for path in ("/me", "/claims", f"/claims/{claim}/notices", f"/claims/{claim}/links"):
            problem(reader.get(path), 403, "link-reads-only")
        withdrawn = reader.post(f"/claims/{claim}/withdrawal", json={"reason": "x"}, headers=key())
        problem(withdrawn, 403, "link-reads-only")


def test_an_ended_link_and_one_whose_time_is_over_read_nothing(world: World) -> None:
    claim, officer = a_claim(world), world.officer("insurer").http
    ended, over = a_link(officer, claim), a_link(officer, claim, seed="M" * 43, days=1)
    past = update(claim_links).where(claim_links.c.ends_at < world.parts.clock() + timedelta(days=2))
    world.parts.store.submit(lambda c: c.execute(past.values(ends_at=world.parts.clock()))).result()

    officer.delete(f"/claims/{claim}/links/{ended['link']}").raise_for_status()

    for made in (ended, over):
        with bearing(world, made["token"]) as reader:
            problem(reader.get(f"/claims/{claim}"), 401, "not-signed-in")
    assert {one["reads"] for one in officer.get(f"/claims/{claim}/links").json()["links"]} == {False}


def test_a_retry_makes_the_same_link(world: World) -> None:
    claim, under = a_claim(world), key()

    with world.farmer(world.policy()) as farmer:
        answers = [
            farmer.post(f"/claims/{claim}/links", json={"seed": SEED}, headers=under).json() for _ in range(2)
        ]
        listed = farmer.get(f"/claims/{claim}/links").json()["links"]

    assert answers[0] == answers[1]
    assert len(listed) == 1


def test_a_seed_makes_one_link_only(world: World) -> None:
    claim = a_claim(world)

    with world.farmer(world.policy()) as farmer:
        a_link(farmer, claim)
        again = farmer.post(f"/claims/{claim}/links", json={"seed": SEED}, headers=key())

    assert pointers(problem(again, 422, "invalid-input")) == ["/seed"]


def test_a_link_of_another_claim_is_not_ended(world: World) -> None:
    claim, other, officer = a_claim(world), a_claim(world, place=1), world.officer("insurer").http
    made = a_link(officer, claim)

    problem(officer.delete(f"/claims/{other}/links/{made['link']}"), 404, "not-found")
