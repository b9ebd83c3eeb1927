"""Personal data over HTTP: masked, looked at for a reason that is kept, handed to the person, not erased too soon."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import update

from backend.domain.assistance.words import GOOD_FOR, Proof
from backend.domain.ids import ClaimId, KeyId, OfficerId, PolicyNumber
from backend.store import assistances, contacts, device_keys, tables
from backend.store.assistances import Consent
from backend.store.contacts import Contact
from tests.backend.api.answers import pointers, problem
from tests.backend.api.two_counties import THERE
from tests.journeys.agents import an_agent
from tests.journeys.newcomers import a_farm_like
from tests.journeys.offices import Office
from tests.journeys.pictures import a_photo
from tests.journeys.world import World, key
from tests.phone_key import PhoneKey

REASON = {"reason": "the bank sent it back"}
PHONE = "+8613812341234"


@pytest.fixture
def policy(world: World) -> dict[str, Any]:
    held = world.policy()
    told_over(world, held, PHONE)
    return held


def test_officers_see_the_payee_masked_and_the_farmer_by_name(world: World, policy: dict[str, Any]) -> None:
    claim = world.report(policy, [a_photo()])

    officer = world.show(claim)["payee"]
    with world.farmer(policy) as http:
        own = http.get(f"/claims/{claim}").json()["payee"]
        masked = http.get(f"/policies/{policy['policy_number']}/payee").json()

    last4 = policy["account"][-4:]
    assert officer == {"name": f"{policy['payee'][0]}**", "account_last4": last4}
    assert own == {"name": policy["payee"], "account_last4": last4}
    assert (masked["payee"], masked["phone"]) == (officer, "138****1234")


def test_a_look_shows_the_account_and_is_kept_with_its_reason(world: World, policy: dict[str, Any]) -> None:
    number, insurer = policy["policy_number"], world.officer("insurer")

    shown = insurer.http.post(f"/policies/{number}/payee/look", json=REASON).json()
    phone = insurer.http.post(f"/policies/{number}/payee/look", json=REASON | {"field": "phone"}).json()
    nothing = insurer.http.post(f"/policies/{number}/payee/look", json=REASON | {"field": "id-number"}).json()
    kept = insurer.http.get("/looks", params={"limit": 3}).json()

    assert shown["value"] == {"name": policy["payee"], "account": policy["account"]}
    assert (phone["value"], nothing["value"]) == (PHONE, None)
    assert [(one["officer"], one["policy_number"], one["field"]) for one in kept["looks"]] == [
        (insurer.id, number, field) for field in ("id-number", "phone", "payee")
    ]
    assert {one["reason"] for one in kept["looks"]} == {REASON["reason"]}
    assert policy["account"] not in str(kept)


def test_looks_are_read_page_by_page(world: World, policy: dict[str, Any]) -> None:
    insurer = world.officer("insurer").http
    for _ in range(3):
        insurer.post(f"/policies/{policy['policy_number']}/payee/look", json=REASON).raise_for_status()

    first = insurer.get("/looks", params={"limit": 2}).json()
    second = insurer.get("/looks", params={"limit": 2, "after": first["next"]}).json()

    ids = [one["id"] for one in (*first["looks"], *second["looks"])]
    assert len(set(ids)) == len(ids) >= 3


def test_without_a_reason_nothing_is_shown(world: World, policy: dict[str, Any]) -> None:
    answer = world.officer("insurer").http.post(
        f"/policies/{policy['policy_number']}/payee/look", json={"reason": ""}
    )

    assert pointers(problem(answer, 422, "invalid-input")) == ["/reason"]
    assert policy["account"] not in answer.text


@pytest.mark.parametrize("lane", ["veterinary", "inspection", "disposal"])
def test_only_the_insurer_looks(world: World, policy: dict[str, Any], lane: str) -> None:
    http, number = world.officer(lane).http, policy["policy_number"]

    problem(http.post(f"/policies/{number}/payee/look", json=REASON), 403, "not-allowed")
    problem(http.get(f"/policies/{number}/payee"), 403, "not-allowed")
    assert http.get("/looks").json()["looks"] == []  # an administrator's own organisation has not looked
    problem(http.post("/persons/export", json=REASON | {"policy_number": number}), 403, "not-allowed")


def test_what_is_not_there_is_said(world: World) -> None:
    http = world.officer("insurer").http

    problem(http.post("/policies/P-NONE/payee/look", json=REASON), 404, "not-found")
    number = world.policy()["policy_number"]
    strange = http.post(f"/policies/{number}/payee/look", json=REASON | {"field": "shoe"})
    assert pointers(problem(strange, 422, "invalid-input")) == ["/field"]
    unknown = problem(http.post("/persons/export", json=REASON | {"phone": "13700000009"}), 404, "not-found")
    assert "13700000009" not in str(unknown)
    neither = problem(http.post("/persons/export", json=REASON), 422, "invalid-input")
    wrong = problem(http.post("/persons/export", json=REASON | {"phone": "110"}), 422, "invalid-input")
    assert (pointers(neither), pointers(wrong)) == (["/policy_number"], ["/phone"])


def test_a_phone_is_masked_for_officers_and_stays_when_it_comes_back_so(
    world: World, policy: dict[str, Any]
) -> None:
    address, insurer = f"/farms/{policy['farm_id']}/contact", world.officer("insurer").http

    shown = insurer.get(address).json()
    kept = insurer.put(address, json={"phone": shown["phone"], "language": "en"}).json()
    strange = insurer.put(address, json={"phone": "139****0000"})
    with world.farmer(policy) as http:
        own = http.get(address).json()

    assert shown["phone"] == kept["phone"] == "138****1234"
    assert (own["phone"], own["language"]) == (PHONE, "en")
    assert pointers(problem(strange, 422, "invalid-input")) == ["/phone"]


def test_a_person_gets_everything_and_who_looked(world: World, policy: dict[str, Any]) -> None:
    claim, number = world.report(policy, [a_photo()], note="老王"), policy["policy_number"]
    insurer = world.officer("insurer").http
    insurer.post(f"/policies/{number}/payee/look", json=REASON).raise_for_status()

    with world.farmer(policy) as http:
        own = http.get("/persons/me").json()
    handed = insurer.post("/persons/export", json=REASON | {"phone": PHONE}).json()

    [mine] = own["policies"]
    [reported] = [one for one in mine["claims"] if one["id"] == claim]
    facts = reported["events"][0]["facts"]
    assert mine["holder"] == {
        "payee": {"name": policy["payee"], "account": policy["account"]},
        "phone": PHONE,
        "id_number": None,
    }
    assert (facts["note"], facts["policy"]["payee"]["account"]) == ("老王", policy["account"])
    assert facts["photos"][0]["capture"]["position"]["lon"].startswith(str(policy["inside"][0])[:6])
    assert mine["farm"]["premises"]["type"] == "Polygon"
    assert [one["field"] for one in mine["looked_at_by"]][-1] == "payee"
    assert number in [one["number"] for one in handed["policies"]]
    assert insurer.get("/looks", params={"limit": 1}).json()["looks"][0]["field"] == "everything"


def test_an_erasure_is_refused_with_every_reason(world: World, policy: dict[str, Any]) -> None:
    claim, number = world.report(policy, [a_photo()]), policy["policy_number"]
    reported = world.show(claim)

    answer = world.officer("insurer").http.post(
        "/persons/erasure", json=REASON | {"policy_number": number}, headers=key()
    )

    body = problem(answer, 409, "erasure-refused")
    reasons = [one["detail"] for one in body["errors"]]
    assert any(f"claim {reported['number']} is open" in one for one in reasons)
    assert any("保险法" in one and "art. 87" in one for one in reasons)
    assert world.show(claim)["payee"]["account_last4"] == policy["account"][-4:]


def test_a_phone_that_is_known_in_two_counties_is_erased_in_the_callers_own_alone(world: World) -> None:
    phone, here = "+8613899990001", world.policy()
    there = a_farm_like(world.parts, here, county=THERE)
    for one in (here, there):
        told_over(world, one, phone)
        let_it_be_long_ago(world, one)

    erased = world.officer("insurer").http.post(
        "/persons/erasure", json=REASON | {"phone": phone}, headers=key()
    )

    assert erased.json()["policies"] == [here["policy_number"]]
    with world.farmer(there) as http:
        assert http.get("/persons/me").json()["policies"][0]["holder"]["payee"]["account"] == there["account"]


def test_whom_an_erased_person_was_to_be_paid_through_is_agreed_to_by_nobody(world: World) -> None:
    office, policy = Office(world), world.policy()
    number = policy["policy_number"]
    let_it_be_long_ago(world, policy)
    wish = {"name": "李秀英", "account": "6228480031234567890", "reason": "a new card"}
    asked = office.one.http.post(f"/policies/{number}/payee", json=wish, headers=key()).json()["proposal"]

    erased = office.one.http.post("/persons/erasure", json=REASON | {"policy_number": number}, headers=key())

    assert erased.status_code == 200
    problem(office.two.http.post(f"/proposals/{asked['id']}/approval", headers=key()), 409, "proposal-over")
    assert office.two.http.get(f"/proposals/{asked['id']}").json()["document"] == {}


def test_the_phones_of_an_erased_person_are_known_no_more_and_stand_in_their_export(world: World) -> None:
    policy, phone, at = world.policy(), PhoneKey(), datetime.now(UTC)
    agent, theirs = an_agent(world), PhoneKey()
    let_it_be_long_ago(world, policy)
    with world.farmer(policy) as farmer, agent.http as helper:
        phone.register(farmer).raise_for_status()
        theirs.register(helper).raise_for_status()

        def meet(one: PhoneKey) -> bool:
            seen = lambda connection: device_keys.meet(  # noqa: E731
                connection, KeyId(one.name), one.nonce, policy["farm_id"], at, fits=lambda _: True
            )
            return world.parts.store.submit(seen).result().public_key is not None

        before = [meet(phone), meet(theirs)]
        own = farmer.get("/persons/me").json()["policies"][0]["devices"]
        body = REASON | {"policy_number": policy["policy_number"]}
        erased = world.officer("insurer").http.post("/persons/erasure", json=body, headers=key())

    assert {one["key_id"] for one in own} == {phone.name, theirs.name}
    assert erased.status_code == 200, erased.text
    # Whoever reports for farmers keeps their own phone: it is not the farmer's.
    assert (before, [meet(phone), meet(theirs)]) == ([True, True], [False, True])


def test_whom_a_person_let_report_for_them_stands_in_their_export_until_it_ends(world: World) -> None:
    policy, at, claim = world.policy(), datetime.now(UTC), ClaimId(uuid4())
    agent = an_agent(world)
    agent.http.close()
    consent = Consent(
        claim_id=claim,
        officer=OfficerId(agent.id),
        policy=PolicyNumber(policy["policy_number"]),
        proof=Proof.CONTACT_PHONE,
        accepts_in_advance=False,
        given_at=at,
        ends_at=at + GOOD_FOR,
    )
    assert world.parts.store.submit(lambda connection: assistances.put(connection, consent)).result()
    body = REASON | {"policy_number": policy["policy_number"]}

    with world.farmer(policy) as farmer:
        own = farmer.get("/persons/me").json()["policies"][0]["may_report"]
    told = (
        world.officer("insurer").http.post("/persons/export", json=body).json()["policies"][0]["may_report"]
    )

    [said] = [one for one in own if one["claim_id"] == str(claim)]
    assert (said["officer"], said["proof"], said["accepts_in_advance"]) == (agent.id, "contact_phone", False)
    assert told == own


def told_over(world: World, policy: dict[str, Any], phone: str) -> None:
    """The farm's contact phone."""
    put = lambda connection: contacts.put(connection, policy["farm_id"], Contact(phone))  # noqa: E731
    world.parts.store.submit(put).result()


def let_it_be_long_ago(world: World, policy: dict[str, Any]) -> None:
    """Nothing has the data kept any more."""
    known = tables.policies
    then = {"incepted": date(2015, 1, 1), "expires": date(2015, 12, 31)}
    step = update(known).where(known.c.number == policy["policy_number"]).values(then)
    world.parts.store.submit(lambda connection: connection.execute(step)).result()
