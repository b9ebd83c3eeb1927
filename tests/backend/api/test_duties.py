"""Covers, delegation, recusal, ties and service officers over HTTP: who may, and what then stands in the claim."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend.domain.authority.sight import EVERYWHERE
from backend.domain.words import Lane
from backend.store import tables
from tests.backend.api.answers import problem
from tests.backend.api.test_who_may import in_review
from tests.journeys.world import World, key

NEIGHBOUR, OTHER_COUNTY = "vet-liuyang", "430181"


@contextmanager
def a_neighbour(world: World) -> Iterator[None]:
    """The second vet of the county works in the neighbouring county's office for a while."""
    store, vet = world.parts.store, world.officer("veterinary", 2).id
    office = {"id": NEIGHBOUR, "name": "浏阳市畜牧局", "lane": Lane.VETERINARY, "county": OTHER_COUNTY}
    officers, offices = tables.officers, tables.organisations
    here = store.engine.read(
        lambda c: c.scalar(offices.select().where(offices.c.id == NEIGHBOUR)), EVERYWHERE
    )
    if here is None:
        store.submit(lambda c: c.execute(offices.insert(), office)).result()
    move = officers.update().where(officers.c.id == vet)
    store.submit(lambda c: c.execute(move.values(organisation_id=NEIGHBOUR))).result()
    try:
        yield
    finally:
        store.submit(lambda c: c.execute(move.values(organisation_id="vet-changsha"))).result()


def send(world: World, lane: str, path: str, body: dict[str, Any], place: int = 1) -> Any:
    return world.officer(lane, place).http.post(path, json=body, headers=key())


def decide_next_door(world: World, claim: str, **changes: Any) -> Any:
    return world.decide(claim, "veterinary", officer=world.officer("veterinary", 2), **changes)


def test_another_countys_office_decides_once_it_is_asked_and_says_for_whom(world: World) -> None:
    claim = in_review(world)
    asking = {"lane": "veterinary", "to": NEIGHBOUR, "reason": "our vet is ill"}
    with a_neighbour(world):
        problem(world.officer("veterinary", 2).http.get(f"/claims/{claim}"), 404, "not-found")
        problem(send(world, "insurer", f"/claims/{claim}/delegations", asking), 403, "wrong-lane")
        shown = send(world, "veterinary", f"/claims/{claim}/delegations", asking).json()
        problem(decide_next_door(world, claim), 422, "office-not-named")
        decided = decide_next_door(world, claim, on_behalf_of="vet-changsha")

    assert shown["lanes"]["veterinary"]["delegated"]["to"] == NEIGHBOUR
    lane = decided.json()["lanes"]["veterinary"]
    assert (lane["state"], lane["organisation"], lane["for"], lane["basis"]) == (
        "approved",
        NEIGHBOUR,
        "vet-changsha",
        "delegation",
    )


def test_the_office_that_was_named_stands_in_what_was_signed(world: World) -> None:
    claim, other = in_review(world), world.officer("veterinary")

    answer = world.decide(claim, "veterinary", on_behalf_of="vet-changsha", signature=other.sign(b"other"))

    problem(answer, 403, "forged-signature")


def test_a_cover_decides_while_the_office_is_closed_and_not_in_its_hours(world: World) -> None:
    claim, now = in_review(world), datetime.now(UTC)
    is_open = world.parts.timetable.hours.is_open(now)
    body = {"cover": NEIGHBOUR, "reason": "night", "ends_at": (now + timedelta(hours=1)).isoformat()}
    with a_neighbour(world):
        problem(send(world, "insurer", "/covers", body), 422, "cannot-stand-in")
        named = send(world, "veterinary", "/covers", body)
        answer = decide_next_door(world, claim, on_behalf_of="vet-changsha")
        [cover] = [one["id"] for one in named.json()["covers"] if one["office"] == "vet-changsha"]
        problem(send(world, "insurer", f"/covers/{cover}/end", {}), 404, "not-found")
        ended = send(world, "veterinary", f"/covers/{cover}/end", {})

    if is_open:
        problem(answer, 403, "another-offices-part")
    else:
        assert answer.json()["lanes"]["veterinary"]["basis"] == "cover"
    assert cover not in {one["id"] for one in ended.json()["covers"]}


def test_whoever_steps_back_decides_nothing_and_the_lane_is_open_for_a_colleague(world: World) -> None:
    claim = in_review(world)
    world.decide(claim, "veterinary")

    stepped = send(world, "veterinary", f"/claims/{claim}/recusals", {"reason": "my brother's"}).json()

    assert stepped["recused"] == [world.officer("veterinary").id]
    assert stepped["lanes"]["veterinary"]["state"] == "void"
    problem(world.decide(claim, "veterinary"), 403, "officer-has-recused")
    assert decide_next_door(world, claim).status_code == 200


def test_nobody_decides_on_a_farm_they_are_tied_to_nor_takes_out_their_own_tie(world: World) -> None:
    claim, vet = in_review(world), world.officer("veterinary").id
    farm = world.show(claim)["farm"]["id"]
    tie = {"officer": vet, "farm": farm}
    problem(send(world, "insurer", "/ties", tie | {"kind": "relative"}), 403, "not-allowed")
    send(world, "veterinary", "/ties", tie | {"kind": "relative"}, place=2).raise_for_status()
    try:
        problem(world.decide(claim, "veterinary"), 403, "tied-to-farm")
        problem(send(world, "veterinary", "/ties/end", tie), 403, "not-allowed")
    finally:
        gone = send(world, "veterinary", "/ties/end", tie, place=2)

    assert gone.json() == {"ties": []}
    assert world.decide(claim, "veterinary").status_code == 200


def test_the_insurer_names_service_officers(world: World) -> None:
    vet = world.officer("veterinary").id
    problem(send(world, "veterinary", "/clocks/service", {"officer": vet, "level": 1}), 403, "not-allowed")
    problem(send(world, "insurer", "/clocks/service", {"officer": vet, "level": 7}), 422, "invalid-input")

    named = send(world, "insurer", "/clocks/service", {"officer": vet, "level": 1}).json()["service"]
    over = send(world, "insurer", "/clocks/service", {"officer": vet, "level": None}).json()["service"]

    # Tickets of other stories have service officers too.
    assert [one["level"] for one in named if one["officer"] == vet] == [1]
    assert [one for one in over if one["officer"] == vet] == []


def test_service_officers_are_named_for_ones_own_county(world: World) -> None:
    vet = world.officer("veterinary", 2).id

    with a_neighbour(world):
        answer = send(world, "insurer", "/clocks/service", {"officer": vet, "level": 1})

    problem(answer, 403, "not-allowed")


@pytest.mark.parametrize("path", ["/covers", "/ties", "/clocks", "/clocks/service"])
def test_a_farmer_sees_none_of_it(world: World, path: str) -> None:
    with world.farmer(world.policy()) as http:
        problem(http.get(path), 403, "not-allowed")


def test_a_claim_shows_its_clocks_and_is_at_no_risk_at_first(world: World) -> None:
    claim = in_review(world)

    shown = world.show(claim)
    listed = world.officer("insurer").http.get("/claims", params={"at_risk": True}).json()

    assert shown["clock"]["clock"] == "payout"
    assert shown["due_at"] == shown["clock"]["due_at"]
    assert shown["number"] not in {row["number"] for row in listed["claims"]}
