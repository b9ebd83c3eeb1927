"""Somebody reports for a farmer without a phone: with the farmer's code, once, marked for ever, and no more."""

import base64
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete

from backend.store.rate_tables import request_rates
from tests.backend.api.answers import pointers, problem
from tests.backend.api.phones import Phone, a_phone, bearing
from tests.journeys.agents import Agent, an_agent, an_invitation, on_a_phone, open_phone
from tests.journeys.papers import signed_handover
from tests.journeys.pictures import a_photo
from tests.journeys.world import World, eventually, key


@pytest.fixture(autouse=True)
def nobody_has_asked_yet(world: World) -> None:
    """All of these stories come from one address."""
    world.parts.store.submit(lambda connection: connection.execute(delete(request_rates))).result()


def code_of(phone: Phone, kind: str = "assisted_code") -> str:
    """The newest code that let somebody report."""
    pattern = r"同意就告诉他(\d{6})"
    return phone.heard_soon(kind, pattern)


def consented(agent: Agent, phone: Phone, policy: str, *, advance: bool = False) -> str:
    """A claim id that the farmer let the agent report, by the code that came to the phone."""
    claim, request = str(uuid4()), str(uuid4())
    assert agent.ask(claim, policy, request=request, advance=advance).status_code == 202
    code = code_of(phone, "assisted_advance" if advance else "assisted_code")
    body = {"request": request, "policy_number": policy, "code": code, "accept_in_advance": advance}
    kept = agent.http.put(f"/assistances/{claim}", json=body)
    assert kept.status_code == 200, kept.text
    return claim


def test_an_agent_reports_with_the_farmers_code_and_is_named_on_the_claim_for_ever(world: World) -> None:
    phone, policy, photo = a_phone(world), world.policy(), a_photo()
    number = policy["policy_number"]
    agent = an_agent(world)
    with agent.http as http:
        claim = consented(agent, phone, number)
        body = world.report_body(policy, [photo], claim_id=claim)
        answer = http.post("/claims", json=body, headers=key())
        assert answer.status_code == 201, answer.text
        assert http.put(answer.json()["photos"][0]["upload_url"], content=photo).status_code == 200
        again = http.post("/claims", json=body, headers=key())
        listed = [one["id"] for one in http.get("/claims").json()["claims"]]
        theirs = http.get(f"/claims/{claim}").json()
        other = http.get(f"/claims/{world.report(policy, [a_photo()])}")

    shown, told = world.show(claim), world.timeline(claim)["events"][0]
    assert (again.status_code, again.json()["id"], listed) == (200, claim, [claim])
    assert shown["assisted_by"] == {
        "officer": agent.id,
        "name": agent.name,
        "organisation": "picc-changsha",
        "is_agent": True,
        "proof": "contact_phone",
    }
    assert (told["actor"], agent.name in told["text"]) == (agent.id, True)
    # What the offices think of it, and whom it pays, is not the agent's to read.
    assert {"reasons", "flags", "assisted_by"}.isdisjoint(theirs)
    assert "account" not in str(theirs["payee"])
    problem(other, 404, "not-found")
    with world.farmer(policy) as farmer:
        assert farmer.get(f"/claims/{claim}").json()["assisted_by"]["name"] == agent.name
    assert agent.name in phone.heard("assisted_code")[-1]
    word = f"{shown['number']}：{agent.name}替您报案了"
    eventually(lambda: word in world.notices.getvalue().replace(": ", "："), 10.0, word)


def test_without_the_farmers_code_an_agent_reports_and_learns_nothing(world: World) -> None:
    phone, policy, other = a_phone(world), world.policy(), world.policy(place=1)
    number = policy["policy_number"]
    agent, second = an_agent(world), an_agent(world)
    with agent.http as http, second.http:
        claim = consented(agent, phone, number)
        body = world.report_body(policy, [a_photo()], claim_id=claim)

        problem(second.http.post("/claims", json=body, headers=key()), 403, "assistance-needed")
        for changes in ({"claim_id": str(uuid4())}, {"policy_number": other["policy_number"]}):
            problem(http.post("/claims", json=body | changes, headers=key()), 403, "assistance-needed")
        in_advance = http.post("/claims", json=body | {"accept_in_advance": True}, headers=key())
        quote = {"heads": 1, "cause": "accident", "occurred_at": body["occurred_at"]}
        own = http.post(f"/policies/{number}/quote", json=quote)
        foreign = http.post(f"/policies/{other['policy_number']}/quote", json=quote)
        nowhere = http.post("/policies/P-NONE/quote", json=quote)
        asked = [agent.ask(str(uuid4()), one).text.split(",", 1)[1] for one in (number, "P-NONE")]
        for path in (
            "/officers",
            "/reviews?lane=insurer",
            "/stats",
            "/farmer/policies",
            f"/policies/{number}/payee",
        ):
            assert http.get(path).status_code in {403, 404}, path

    assert pointers(problem(in_advance, 422, "invalid-input")) == ["/accept_in_advance"]
    assert own.status_code == 200
    assert problem(foreign, 404, "not-found")["title"] == problem(nowhere, 404, "not-found")["title"]
    assert asked[0] == asked[1]


def test_a_code_is_for_one_person_one_policy_one_claim_and_agrees_to_what_it_said(world: World) -> None:
    phone, policy = a_phone(world), world.policy()
    number = policy["policy_number"]
    agent, thief = an_agent(world), an_agent(world)
    with agent.http as http, thief.http:
        claim, request = str(uuid4()), str(uuid4())
        agent.ask(claim, number, request=request)
        body = {"request": request, "policy_number": number, "code": code_of(phone)}

        stolen = thief.http.put(f"/assistances/{claim}", json=body)
        other_claim = http.put(f"/assistances/{uuid4()}", json=body)
        more = http.put(f"/assistances/{claim}", json=body | {"accept_in_advance": True})
        own = http.put(f"/assistances/{claim}", json=body)
        lost_answer = http.put(f"/assistances/{claim}", json=body)
        promised = consented(agent, phone, number, advance=True)
        reported = http.post(
            "/claims",
            json=world.report_body(policy, [a_photo()], claim_id=promised, accept_in_advance=True),
            headers=key(),
        )

    for refused in (stolen, other_claim):
        problem(refused, 403, "assistance-code-wrong")
    problem(more, 403, "assistance-code-wrong")
    assert own.status_code == lost_answer.status_code == 200
    assert own.json()["policy"]["policy_number"] == number
    assert reported.status_code == 201, reported.text


def test_the_agent_goes_on_reading_a_claim_that_somebody_drives_to_and_learns_no_place(world: World) -> None:
    phone, policy = a_phone(world), world.policy()
    lon, lat = policy["inside"]
    agent = an_agent(world)
    with agent.http as http:
        claim = consented(agent, phone, policy["policy_number"])
        body = world.report_body(policy, [a_photo()], claim_id=claim)
        http.post("/claims", json=body, headers=key()).raise_for_status()
        here = {"position": {"lon": lon, "lat": lat + 0.05}, "phone": "13912340000"}
        world.officer("disposal").http.post(
            f"/claims/{claim}/visits", json=here, headers=key()
        ).raise_for_status()
        [seen] = http.get(f"/claims/{claim}/visits").raise_for_status().json()["visits"]

    assert seen["kind"] == "collection"
    assert {"name", "phone", "distance_m", "drawing"}.isdisjoint(seen)


def test_guessing_the_farmers_code_ends_it_and_bombing_the_farmer_is_held(world: World) -> None:
    phone, policy = a_phone(world), world.policy()
    number = policy["policy_number"]
    agent = an_agent(world)
    with agent.http as http:
        claim, request = str(uuid4()), str(uuid4())
        agent.ask(claim, number, request=request)
        right = code_of(phone)
        body = {"request": request, "policy_number": number}
        wrong = f"{(int(right) + 1) % 1_000_000:06}"
        tried = [http.put(f"/assistances/{claim}", json=body | {"code": wrong}) for _ in range(5)]
        late = http.put(f"/assistances/{claim}", json=body | {"code": right})
        asked = [agent.ask(str(uuid4()), number).status_code for _ in range(6)]

    assert {one.status_code for one in tried} == {403}
    problem(late, 403, "assistance-code-wrong")
    assert asked == [202] * 4 + [429] * 2


def test_the_card_lets_somebody_assist_only_where_no_code_can_be_sent(world: World) -> None:
    policy, agent = world.policy(place=2), an_agent(world)
    with agent.http as http:
        claim = str(uuid4())
        kept = http.put(f"/assistances/{claim}", json={"card": policy["card"]})
        agreed = http.put(f"/assistances/{uuid4()}", json={"card": policy["card"], "accept_in_advance": True})
        body = world.report_body(policy, [a_photo()], claim_id=claim)
        reported = http.post("/claims", json=body, headers=key())
        a_phone(world, place=2)
        refused = http.put(f"/assistances/{uuid4()}", json={"card": policy["card"]})
        unknown = http.put(f"/assistances/{uuid4()}", json={"card": "no card of anybody"})

    assert kept.json()["proof"] == "policy_card", kept.text
    assert pointers(problem(agreed, 422, "invalid-input")) == ["/accept_in_advance"]
    assert reported.status_code == 201, reported.text
    assert world.show(claim)["assisted_by"]["proof"] == "policy_card"
    problem(refused, 409, "farmer-has-phone")
    problem(unknown, 403, "assistance-code-wrong")


def test_without_a_code_an_officer_reports_what_they_were_told_agrees_to_nothing_and_does_not_decide(
    world: World,
) -> None:
    policy, photo, vet = world.policy(), a_photo(), world.officer("veterinary")
    body = world.report_body(policy, [photo])

    agreed = vet.http.post("/claims", json=body | {"accept_in_advance": True}, headers=key())
    told = vet.http.post("/claims", json=body, headers=key()).raise_for_status().json()
    vet.http.put(told["photos"][0]["upload_url"], content=photo).raise_for_status()
    world.wait(told["id"], "JOINT_REVIEW")
    own = world.decide(told["id"], "veterinary", note="seen")

    assert pointers(problem(agreed, 422, "invalid-input")) == ["/accept_in_advance"]
    assert world.show(told["id"])["assisted_by"] is None
    problem(own, 403, "assisted-by-you")


def test_an_officer_who_assisted_neither_decides_nor_collects(world: World) -> None:
    phone, policy, photo = a_phone(world), world.policy(), a_photo()
    number = policy["policy_number"]
    vet, collector = world.officer("veterinary"), world.officer("disposal")
    claims = []
    for officer in (vet, collector):
        agent = Agent(officer.id, "", officer.http, "")
        body = world.report_body(policy, [photo], claim_id=consented(agent, phone, number))
        answer = officer.http.post("/claims", json=body, headers=key())
        officer.http.put(answer.json()["photos"][0]["upload_url"], content=photo).raise_for_status()
        claims.append(answer.json()["id"])
        photo = a_photo()

    for claim in claims:
        world.wait(claim, "JOINT_REVIEW")
    own = world.decide(claims[0], "veterinary", note="seen")
    colleague = world.decide(claims[0], "veterinary", note="seen", officer=world.colleague(vet.id))
    code = world.code(claims[1], "handover")
    receipt = signed_handover(collector, claims[1], code, heads=1, weight_kg="95.0")
    collected = collector.http.post(f"/claims/{claims[1]}/handovers", json=receipt, headers=key())

    problem(own, 403, "assisted-by-you")
    assert colleague.status_code == 200, colleague.text
    problem(collected, 403, "assisted-by-you")
    assert world.show(claims[0])["assisted_by"]["is_agent"] is False


def test_a_phone_is_signed_in_once_by_an_invitation_and_out_with_the_next_or_the_agents_leave(
    world: World,
) -> None:
    token = an_invitation(world, officer := f"agent-{uuid4().hex[:8]}", "赵六")
    first = on_a_phone(world, token, officer, "赵六")
    with first.http as http:
        assert http.get("/me").json()["officer"]["is_agent"] is True
        problem(open_phone(world, token), 401, "invitation-over")
        second = on_a_phone(world, an_invitation(world, officer), officer, "赵六")
        problem(http.get("/me"), 401, "not-signed-in")
    with second.http as http:
        left = world.officer("insurer").http.post(
            f"/officers/{officer}/suspension",
            json={"reason": "left the village", "has_left": True},
            headers=key(),
        )
        assert left.status_code == 200
        problem(http.get("/me"), 401, "not-signed-in")


def test_an_officer_on_a_phone_is_an_agent_and_an_agent_is_never_more(world: World) -> None:
    insurer = world.officer("insurer")
    officer = f"agent-{uuid4().hex[:8]}"
    token = an_invitation(world, officer, "钱七")
    vet = {"officer": "agent-of-vets", "name": "x", "token_hash": uuid4().hex * 2, "is_agent": True}

    named = insurer.http.post(f"/officers/{officer}/administrator", json={"reason": "why not"}, headers=key())
    of_vets = world.officer("veterinary").http.post("/officers/invitations", json=vet, headers=key())
    made_agent = insurer.http.post(
        "/officers/invitations",
        json={"officer": insurer.id, "token_hash": uuid4().hex * 2, "is_agent": True},
        headers=key(),
    )
    colleague = world.colleague(insurer.id)
    by_phone = on_a_phone(world, an_invitation(world, colleague.id, is_agent=False), colleague.id, "")

    problem(named, 403, "not-allowed")
    assert pointers(problem(of_vets, 422, "invalid-input")) == ["/is_agent"]
    problem(made_agent, 403, "same-person")
    approved = colleague.http.get("/keys").json()["keys"][0]["key_id"]
    with by_phone.http as http:
        problem(http.get("/reviews", params={"lane": "insurer"}), 403, "not-allowed")
        made = http.post("/keys", json={"public_key": base64.b64encode(b"k" * 32).decode()})
        ended = http.post(f"/keys/{approved}/revocation", json={"reason": "lost"}, headers=key())
        for refused in (made, ended, http.delete(f"/sessions/{uuid4()}")):
            problem(refused, 403, "not-allowed")
        assert http.get("/claims").json()["claims"] == []
        assert http.delete(f"/agents/sessions/{by_phone.session}").status_code == 200
    # By a key the same token opens what it always did: keyless, until a colleague approved the key.
    with bearing(world, token) as stranger:
        problem(stranger.get("/me"), 401, "not-signed-in")
    assert UUID(by_phone.session)
