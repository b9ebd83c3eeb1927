"""A collector drives to a farm: the farmer sees who comes and how far they are, and afterwards nobody knows where."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from backend.domain.authority.sight import EVERYWHERE
from backend.domain.visits.visit import LASTS
from backend.store.tables import effects
from backend.store.visit_tables import visits
from tests.backend.api.answers import pointers, problem
from tests.backend.api.phones import bearing
from tests.journeys.listening import listening
from tests.journeys.papers import OfficerClient
from tests.journeys.pictures import a_photo
from tests.journeys.world import World, eventually, key

SEED = "V" * 43
PHONE = "13912340000"


def a_claim(world: World, place: int = 0) -> str:
    claim = world.report(world.policy(place=place), [a_photo()])
    world.wait(claim, "JOINT_REVIEW")
    return claim


def north_of(world: World, metres: float) -> dict[str, object]:
    """A position so far north of a point on this story's farm, which lies at most some 200 m from its edge."""
    lon, lat = world.policy()["inside"]
    return {"lon": lon, "lat": lat + metres / 111_000}


def set_out(world: World, claim: str, who: OfficerClient | None = None, **body: Any) -> Any:
    officer = who or world.officer("disposal")
    return officer.http.post(f"/claims/{claim}/visits", json=body, headers=key())


def coming(world: World, claim: str) -> dict[str, Any]:
    with world.farmer(world.policy()) as http:
        return dict(http.get(f"/claims/{claim}/visits").raise_for_status().json())


def rows(world: World, claim: str) -> list[Any]:
    wanted = select(visits).where(visits.c.claim_id == UUID(claim))
    return list(
        world.parts.store.engine.read(lambda connection: connection.execute(wanted).all(), EVERYWHERE)
    )


def test_the_farmer_sees_who_comes_and_how_far_and_nothing_of_it_is_left_afterwards(world: World) -> None:
    claim, collector = a_claim(world), world.officer("disposal")

    begun = set_out(world, claim, position=north_of(world, 5_000), phone=PHONE, expected_in_minutes=40)
    first = coming(world, claim)
    [office] = world.officer("veterinary").http.get(f"/claims/{claim}/visits").json()["visits"]
    collector.http.put("/visits/position", json={"position": north_of(world, 1_500)}).raise_for_status()
    [nearer] = coming(world, claim)["visits"]
    sealed = [bytes(row.whereabouts) for row in rows(world, claim)]
    ended = collector.http.post(f"/claims/{claim}/visits/end", json={}, headers=key())

    [seen] = first["visits"]
    assert (begun.status_code, seen["kind"], seen["expected_from"]) == (201, "collection", "said")
    assert (seen["phone"], seen["direction"]) == (f"+86{PHONE}", "N")
    assert 4_500 <= seen["distance_m"] <= 5_000
    assert seen["name"]
    # A colleague learns how far, and neither where nor a number.
    assert (office["distance_m"], office["drawing"], office["phone"]) == (seen["distance_m"], None, None)
    assert seen["office"]
    assert nearer["distance_m"] < 1_600
    assert nearer["expected_at"] == seen["expected_at"]
    drawing = nearer["drawing"]
    assert drawing["y"] < drawing["farm_y"]
    assert 0 <= drawing["x"] <= drawing["width"]
    # Sealed where it lies, and gone with the visit; what is kept of requests never had it.
    assert PHONE.encode() not in sealed[0]
    assert str(north_of(world, 1_500)["lat"])[:7].encode() not in sealed[0]
    assert ended.json()["visits"] == []
    assert rows(world, claim) == []
    assert coming(world, claim) == {"claim_id": claim, "visits": [], "digest": ""}
    told = [one["type"] for one in world.timeline(claim)["events"]]
    assert told[-2:] == ["visit-started", "visit-ended"]
    assert "lat" not in str(world.timeline(claim)["events"][-2:])


def test_who_said_nothing_is_expected_by_the_straight_line_and_told_so(world: World) -> None:
    claim = a_claim(world)
    set_out(world, claim, position=north_of(world, 8_000)).raise_for_status()

    with world.farmer(world.policy()) as http:
        [seen] = http.get(f"/claims/{claim}/visits", params={"language": "zh"}).json()["visits"]
    number = world.show(claim)["number"]
    sent = eventually(
        lambda: [one for one in world.notices.getvalue().splitlines() if number in one and "路上" in one],
        20.0,
        "the message",
    )
    world.officer("disposal").http.post(f"/claims/{claim}/visits/end", json={}, headers=key())

    assert seen["expected_from"] == "distance"
    assert "按直线距离估计约" in seen["text"]
    assert len(sent) == 1
    assert "收运员正在路上，估计" in sent[0]


def test_a_link_learns_that_somebody_comes_and_neither_who_nor_where(world: World) -> None:
    claim = a_claim(world)
    set_out(world, claim, position=north_of(world, 2_000), phone=PHONE, expected_in_minutes=20)
    with world.farmer(world.policy()) as http:
        token = http.post(f"/claims/{claim}/links", json={"seed": SEED}, headers=key()).json()["token"]

    with bearing(world, token) as reader:
        [seen] = reader.get(f"/claims/{claim}/visits").raise_for_status().json()["visits"]
        story = reader.get(f"/claims/{claim}/timeline").json()["events"]
    world.officer("disposal").http.post(f"/claims/{claim}/visits/end", json={}, headers=key())

    assert set(seen) == {"visit", "kind", "started_at", "expected_at", "expected_from", "text"}
    assert story[-1]["type"] == "visit-started"


def test_whoever_watches_hears_of_every_new_place(world: World) -> None:
    claim, collector = a_claim(world), world.officer("disposal")
    set_out(world, claim, position=north_of(world, 3_000)).raise_for_status()

    heard = []
    with world.farmer(world.policy()) as http, listening(http, f"/claims/{claim}/timeline/stream") as events:
        while not heard or heard[-1].event != "visit":
            heard.append(next(events))
        first = coming(world, claim)["digest"]
        collector.http.put("/visits/position", json={"position": north_of(world, 1_000)}).raise_for_status()
        again = next(one for one in events if one.event == "visit")
    collector.http.post(f"/claims/{claim}/visits/end", json={}, headers=key())

    assert first in heard[-1].data
    assert first not in again.data


def test_one_trip_to_two_farms_is_one_place_and_ends_one_by_one(world: World) -> None:
    claims, collector = [a_claim(world), a_claim(world, 1)], world.officer("disposal")
    for claim in claims:
        set_out(world, claim).raise_for_status()

    told = collector.http.put("/visits/position", json={"position": north_of(world, 2_000)}).json()["visits"]
    collector.http.post(f"/claims/{claims[0]}/visits/end", json={"how": "called_off"}, headers=key())
    left = collector.http.get("/visits", params={"mine": "true"}).json()["visits"]
    refused = collector.http.post(f"/claims/{claims[0]}/visits/end", json={}, headers=key())
    collector.http.post(f"/claims/{claims[1]}/visits/end", json={}, headers=key())

    assert {one["claim_id"] for one in told} >= set(claims)
    assert all(one["distance_m"] is not None for one in told if one["claim_id"] in claims)
    assert "lat" not in str(told)
    assert {one["claim_id"] for one in left} & set(claims) == {claims[1]}
    problem(refused, 409, "no-visit-under-way")


def test_a_forgotten_visit_is_over_by_itself_with_its_places(world: World) -> None:
    claim = a_claim(world)
    set_out(world, claim, position=north_of(world, 2_000)).raise_for_status()
    now = world.parts.clock()

    def pass_time(connection: Any) -> None:
        # As if the claim's six hours were over: the timer's own test lies in the domain.
        late = now - LASTS - timedelta(minutes=1)
        connection.execute(update(visits).where(visits.c.claim_id == UUID(claim)).values(ends_at=late))

    timers = select(effects.c.due_at).where(effects.c.claim_id == UUID(claim), effects.c.kind == "end_visit")
    [due_at] = world.parts.store.engine.read(lambda connection: list(connection.scalars(timers)), EVERYWHERE)
    world.parts.store.submit(pass_time).result()

    assert coming(world, claim)["visits"] == []
    assert due_at - now > LASTS - timedelta(minutes=2)
    world.officer("disposal").http.post(f"/claims/{claim}/visits/end", json={}, headers=key())


def test_who_may_not_and_what_cannot_be_is_refused_in_words(world: World) -> None:
    claim = a_claim(world)

    vet = set_out(world, claim, world.officer("veterinary"))
    wrong = set_out(
        world, claim, expected_in_minutes=0, position={"lon": 200, "lat": 95}, phone="no number at all"
    )
    number = set_out(world, claim, phone="no number at all")
    nowhere = world.officer("disposal").http.put("/visits/position", json={"position": {"lon": 113}})

    assert vet.status_code == 403
    assert set(pointers(problem(wrong, 422, "invalid-input"))) == {
        "/expected_in_minutes",
        "/position/lon",
        "/position/lat",
    }
    assert pointers(problem(number, 422, "invalid-input")) == ["/phone"]
    assert pointers(problem(nowhere, 422, "invalid-input")) == ["/position/lat"]
    assert "visit-started" not in world.events(claim)


def test_the_receipt_ends_the_collectors_visit(world: World) -> None:
    claim = a_claim(world)
    set_out(world, claim, position=north_of(world, 500)).raise_for_status()

    world.hand_over(claim).raise_for_status()
    again = set_out(world, claim)

    assert rows(world, claim) == []
    problem(again, 409, "nothing-to-visit")
