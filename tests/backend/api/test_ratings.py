"""A farmer rates badly and is answered: by whom, by when, and what was done; a link may rate, once."""

from typing import Any

import httpx

from tests.backend.api.answers import pointers, problem
from tests.backend.api.phones import bearing
from tests.journeys.pictures import a_photo
from tests.journeys.world import World, eventually, key

SEED = "R" * 43


def a_paid_claim(world: World) -> str:
    """A claim whose farmer has the money; its county has a service officer."""
    body = {"officer": "picc-changsha-2", "level": 1}
    world.officer("insurer").http.post("/clocks/service", json=body, headers=key()).raise_for_status()
    claim = world.report(world.policy(), [a_photo()])
    world.wait(claim, "JOINT_REVIEW")
    world.agree(claim, world.policy())
    world.pay(claim)
    return claim


def rate(http: httpx.Client, claim: str, **body: Any) -> httpx.Response:
    return http.post(f"/claims/{claim}/ratings", json=body, headers=key())


def told(world: World, claim: str, words: str) -> bool:
    number = world.show(claim)["number"]
    return any(number in line and words in line for line in world.notices.getvalue().splitlines())


def test_a_bad_rating_is_answered_by_a_named_officer_and_the_farmer_hears_of_it(
    world: World,
) -> None:
    paid = a_paid_claim(world)
    eventually(lambda: told(world, paid, "请评价"), 20.0, "the question")
    with world.farmer(world.policy()) as farmer:
        before = farmer.get(f"/claims/{paid}/ratings").json()
        after = rate(
            farmer, paid, scores={"payment": 1, "reporting": 5}, recommend=3, words="等了很久"
        ).json()
    owner, other = world.officer("insurer", 2).http, world.officer("insurer").http
    listed = owner.get("/tickets", params={"owner": "picc-changsha-2"}).json()["tickets"]
    [ticket] = [one for one in listed if one["claim"] == before["number"]]
    where = f"/claims/{paid}/tickets/1"

    closing = {"reason": "explained", "words": "已电话说明银行延迟"}
    problem(other.post(f"{where}/closing", json=closing, headers=key()), 409, "ticket-of-another")
    shown = owner.get(where).json()
    closed = owner.post(f"{where}/closing", json=closing, headers=key()).json()

    assert [one["stage"] for one in before["stages"] if one["may_rate"]] == [
        *("reporting", "checking", "deciding", "handover", "payment")
    ]
    assert after["is_answered"] is False
    assert (ticket["owner"], ticket["late"]) == ("picc-changsha-2", False)
    assert (shown["about"], shown["recommend"], shown["rating"]["words"]) == (["payment"], 3, "等了很久")
    assert (closed["state"], closed["reason"], closed["closed_by"]) == (
        "closed",
        "explained",
        "picc-changsha-2",
    )
    eventually(lambda: told(world, paid, "已电话说明银行延迟"), 20.0, "the answer")
    assert world.show(paid)["rating"]["scores"] == {"reporting": 5, "payment": 1}
    assert world.events(paid)[-3:] == ["claim-rated", "ticket-opened", "ticket-closed"]
    with world.farmer(world.policy()) as farmer:
        [answer] = farmer.get(f"/claims/{paid}/ratings").json()["answers"]
    assert answer["words"] == closing["words"]


def test_tickets_are_listed_page_by_page_each_once_and_a_place_that_is_none_is_refused(world: World) -> None:
    for _ in range(2):
        claim = a_paid_claim(world)
        with world.farmer(world.policy()) as farmer:
            rate(farmer, claim, scores={"payment": 1}).raise_for_status()
    http = world.officer("insurer").http

    whole = http.get("/tickets", params={"limit": 500}).json()["tickets"]
    found, after = [], None
    while True:
        query = {"limit": 1} | ({"after": after} if after else {})
        page = http.get("/tickets", params=query).json()
        found += page["tickets"]
        after = page["next"]
        if after is None:
            break

    names = [one["ticket"] for one in whole]
    assert [one["ticket"] for one in found] == names
    assert len(set(names)) == len(names) > 1
    for nonsense in ("FC-1", "9" * 18 + "~FC-20261123-0001-T1", "none~FC-2-T99999", "٣~FC-1-T1"):
        refused = problem(http.get("/tickets", params={"after": nonsense}), 422, "invalid-input")
        assert pointers(refused) == ["/after"]
    paged = http.get("/claims", params={"at_risk": True, "after": "FC-20261123-0001"})
    assert pointers(problem(paged, 422, "invalid-input")) == ["/after"]


def test_what_the_farmer_wrote_is_encrypted_beside_the_event(world: World) -> None:
    claim = world.report(world.policy(), [a_photo()])
    with world.farmer(world.policy()) as farmer:
        rate(farmer, claim, scores={"reporting": 4}, words="司机张三人很好").raise_for_status()

    sql = "SELECT payload FROM events WHERE type = 'claim-rated'"
    kept = world.parts.store.submit(lambda c: list(c.exec_driver_sql(sql).scalars())).result()

    assert kept
    assert all("张三" not in one for one in kept)
    assert any('"words":"withheld:text:' in one for one in kept)


def test_a_link_rates_once_and_changes_nothing_of_the_farmers(world: World) -> None:
    claim = world.report(world.policy(place=1), [a_photo()])
    world.wait(claim, "JOINT_REVIEW")
    with world.farmer(world.policy(place=1)) as farmer:
        link = farmer.post(f"/claims/{claim}/links", json={"seed": SEED}, headers=key()).json()
        rate(farmer, claim, scores={"reporting": 5}).raise_for_status()

    with bearing(world, link["token"]) as holder:
        problem(rate(holder, claim, scores={"reporting": 3}), 409, "rating-stands")
        rate(holder, claim, scores={"checking": 3}).raise_for_status()
        changed = rate(holder, claim, scores={"checking": 4}).json()
        early = problem(rate(holder, claim, scores={"payment": 5}), 422, "invalid-input")

    assert {one["stage"]: one["score"] for one in changed["stages"]} == {"reporting": 5, "checking": 4}
    assert pointers(early) == ["/scores/payment"]


def test_an_officer_rates_nothing_and_a_vet_sees_no_ticket(world: World) -> None:
    claim = world.report(world.policy(), [a_photo()])
    insurer, vet = world.officer("insurer").http, world.officer("veterinary").http

    problem(rate(insurer, claim, scores={"reporting": 5}), 403, "not-allowed")
    problem(vet.get("/tickets"), 403, "not-allowed")


def test_a_ticket_goes_to_a_colleague_and_to_nobody_else(world: World) -> None:
    claim = world.report(world.policy(place=2), [a_photo()])
    with world.farmer(world.policy(place=2)) as farmer:
        rate(farmer, claim, scores={"reporting": 2}).raise_for_status()
    insurer, where = world.officer("insurer").http, f"/claims/{claim}/tickets/1"

    stranger = {"officer": "vet-changsha-1"}
    problem(insurer.post(f"{where}/assignment", json=stranger, headers=key()), 403, "no-such-colleague")
    mine = {"officer": "picc-changsha-1"}
    given = insurer.post(f"{where}/assignment", json=mine, headers=key()).json()
    taken = world.officer("insurer", 2).http.post(f"{where}/taking", headers=key()).json()

    assert (given["owner"], taken["owner"]) == ("picc-changsha-1", "picc-changsha-2")
    problem(insurer.get(f"/claims/{claim}/tickets/9"), 404, "not-found")
