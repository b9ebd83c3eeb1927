"""Keys: nothing is signed with one before a second administrator approved it, nor after its end."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from backend.domain.words import Lane
from tests.backend.api.answers import problem
from tests.journeys.offices import Office, anonymous, another_key
from tests.journeys.pictures import a_photo
from tests.journeys.world import OfficerClient, World, key


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)


def in_review(world: World) -> str:
    claim = world.report(world.policy(), [a_photo()])
    world.wait(claim, "JOINT_REVIEW")
    return claim


def revoke(by: OfficerClient, key_id: str, **body: Any) -> httpx.Response:
    return by.http.post(f"/keys/{key_id}/revocation", json={"reason": "lost"} | body, headers=key())


def test_a_pending_key_signs_no_decision(world: World, office: Office) -> None:
    newcomer, claim = office.newcomer(office.one), in_review(world)

    problem(world.decide(claim, "insurer", officer=newcomer), 403, "key-pending")

    assert world.show(claim)["lanes"]["insurer"]["state"] == "open"


def test_a_key_that_another_administrator_approved_signs(world: World, office: Office) -> None:
    newcomer, claim = office.newcomer(office.one), in_review(world)

    waiting = office.two.http.get("/keys/pending").json()["keys"]
    approved = office.approve(office.two, newcomer)

    assert [(one["key_id"], one["officer"]) for one in waiting] == [(newcomer.key_id, newcomer.id)]
    assert approved.json()["standing"] == "approved"
    assert world.decide(claim, "insurer", officer=newcomer).status_code == 200


def test_who_invited_does_not_approve(office: Office) -> None:
    newcomer = office.newcomer(office.one)

    problem(office.approve(office.one, newcomer), 403, "same-person")


def test_who_came_with_an_earlier_invitation_is_out_once_a_colleagues_is_used(
    world: World, office: Office
) -> None:
    """Else the key made in the earlier session would count as that of whom the colleague invited."""
    puppet = office.newcomer(office.one)
    answer, token = office.invite(office.two, "3")
    answer.raise_for_status()

    with anonymous(world) as http:
        http.post("/sessions", json={"token": token}).raise_for_status()

    raw = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    made = puppet.http.post("/keys", json={"public_key": base64.b64encode(raw).decode()})
    problem(made, 401, "not-signed-in")


def test_nobody_approves_their_own_new_key(office: Office) -> None:
    new = another_key(office.one)

    problem(office.world.approve_key(new.key_id, office.one.id, office.one), 403, "same-person")


def test_an_officer_who_is_no_administrator_approves_nothing(office: Office) -> None:
    newcomer, colleague = office.newcomer(office.one, "3"), office.newcomer(office.one, "4")
    office.approve(office.two, colleague).raise_for_status()

    problem(office.approve(colleague, newcomer), 403, "not-allowed")


def test_an_administrator_without_an_approved_key_is_told_so(office: Office) -> None:
    newcomer = office.newcomer(office.one)

    problem(newcomer.http.get("/officers/invitations"), 403, "key-pending")


def test_another_offices_administrator_approves_nothing(world: World, office: Office) -> None:
    stranger = Office(world, Lane.VETERINARY)

    problem(office.approve(stranger.one, office.newcomer(office.one)), 403, "not-allowed")


def test_an_approval_is_signed_with_an_approved_key(office: Office) -> None:
    newcomer, forger = office.newcomer(office.one), another_key(office.two)

    problem(office.approve(forger, newcomer), 403, "key-pending")


def test_a_refused_key_never_signs_and_is_not_approved_later(world: World, office: Office) -> None:
    newcomer, claim = office.newcomer(office.one), in_review(world)
    body = {"reason": "another fingerprint"}

    refused = office.one.http.post(f"/keys/{newcomer.key_id}/refusal", json=body, headers=key())

    assert refused.json()["standing"] == "refused"
    problem(world.decide(claim, "insurer", officer=newcomer), 403, "key-refused")
    problem(office.approve(office.two, newcomer), 409, "key-decided")


def test_what_a_key_signed_before_its_end_stays_and_nothing_comes_after(world: World, office: Office) -> None:
    first, second = in_review(world), in_review(world)
    world.decide(first, "insurer", officer=office.one).raise_for_status()

    ended = revoke(office.one, office.one.key_id).json()

    assert ended["signed_since"] == []
    problem(world.decide(second, "insurer", officer=office.one), 403, "key-revoked")
    assert world.show(first)["lanes"]["insurer"]["state"] == "approved"


def test_a_stolen_key_lists_what_was_signed_since_and_voids_nothing(world: World, office: Office) -> None:
    claim = in_review(world)
    stolen_at = datetime.now(UTC) - timedelta(seconds=1)
    world.decide(claim, "insurer", officer=office.one).raise_for_status()

    ended = revoke(office.two, office.one.key_id, reason="stolen", at=stolen_at.isoformat()).json()

    number = world.show(claim)["number"]
    assert [(one["claim_number"], one["what"]) for one in ended["signed_since"]] == [(number, "lane-decided")]
    listed = office.two.http.get(f"/keys/{office.one.key_id}/signed").json()
    assert listed["signed_since"] == ended["signed_since"]
    assert world.show(claim)["lanes"]["insurer"]["state"] == "approved"


def test_a_lost_key_may_turn_out_to_be_stolen_earlier_but_not_later(office: Office) -> None:
    now = datetime.now(UTC)
    revoke(office.one, office.one.key_id).raise_for_status()

    earlier = revoke(
        office.one, office.one.key_id, reason="stolen", at=(now - timedelta(hours=1)).isoformat()
    )
    later = revoke(office.one, office.one.key_id)

    assert earlier.json()["revocation"] == "stolen"
    problem(later, 409, "key-decided")


def test_a_colleagues_key_is_an_administrators_to_end(office: Office) -> None:
    newcomer = office.newcomer(office.one)

    problem(revoke(newcomer, office.one.key_id), 403, "not-allowed")
    assert revoke(office.one, newcomer.key_id, reason="left").json()["revocation"] == "left"


def test_a_new_key_works_beside_the_old_one_until_that_one_ends(world: World, office: Office) -> None:
    claims = [in_review(world) for _ in range(3)]
    new = another_key(office.one)

    world.decide(claims[0], "insurer", officer=office.one).raise_for_status()
    world.approve_key(new.key_id, office.one.id, office.two).raise_for_status()
    world.decide(claims[1], "insurer", officer=new).raise_for_status()
    revoke(office.one, office.one.key_id, reason="rotated").raise_for_status()

    problem(world.decide(claims[2], "insurer", officer=office.one), 403, "key-revoked")
    assert world.decide(claims[2], "insurer", officer=new).status_code == 200


def test_everything_is_on_record_with_who_did_it(office: Office) -> None:
    newcomer = office.newcomer(office.one)
    office.approve(office.two, newcomer).raise_for_status()
    revoke(newcomer, newcomer.key_id).raise_for_status()

    told = office.one.http.get("/keys/history", params={"of": newcomer.id}).json()["events"]

    assert [(one["deed"], one["by"]) for one in reversed(told)] == [
        ("invited", office.one.id),
        ("key-registered", newcomer.id),
        ("key-approved", office.two.id),
        ("key-revoked", newcomer.id),
    ]
    assert told[1]["signed_with"] == office.two.key_id


def test_the_first_keys_say_that_they_were_approved_at_the_server(office: Office) -> None:
    told = office.one.http.get("/keys/history").json()["events"]

    at_server = [(one["officer"], one["by"], one["reason"]) for one in told if one["organisation"] is None]
    assert at_server == [(name, "root", "fingerprints compared") for name in (office.two.id, office.one.id)]


def test_an_officer_reads_their_own_history_and_an_administrator_the_offices(office: Office) -> None:
    newcomer = office.newcomer(office.one)

    own = newcomer.http.get("/keys/history").json()["events"]

    assert {one["officer"] for one in own} == {newcomer.id}
    problem(newcomer.http.get("/keys/history", params={"of": office.one.id}), 403, "not-allowed")
    problem(newcomer.http.get("/keys/pending"), 403, "key-pending")


def test_a_stolen_key_signs_its_thief_out(office: Office) -> None:
    thief = office.sign_in_by_key(office.one).json()["session_token"]

    revoke(office.two, office.one.key_id, reason="stolen").raise_for_status()

    with anonymous(office.world) as http:
        http.headers["Authorization"] = f"Bearer {thief}"
        problem(http.get("/me"), 401, "not-signed-in")
    problem(office.sign_in_by_key(office.one), 403, "key-revoked")


def test_whoever_hands_out_a_token_and_comes_with_it_is_no_second_person(
    world: World, office: Office
) -> None:
    policy, claim = world.policy()["policy_number"], in_review(world)
    body = {"name": "李秀英", "account": "6228480031234567890", "reason": "a new card"}
    asked = office.one.http.post(f"/policies/{policy}/payee", json=body, headers=key()).json()

    answer, token = office.invite(office.one, "2")
    answer.raise_for_status()
    with anonymous(world) as http:
        session = http.post("/sessions", json={"token": token}).raise_for_status().json()
        http.headers["Authorization"] = f"Bearer {session['session_token']}"
        raw = office.two.key.public_key().public_bytes_raw()
        http.post("/keys", json={"public_key": base64.b64encode(raw).decode()}).raise_for_status()
        me = http.get("/me").json()["officer"]
        agreed = http.post(f"/proposals/{asked['proposal']['id']}/approval", headers=key())
        invited = http.post("/officers/invitations", json={}, headers=key())
        asked_alone = http.post(f"/policies/{policy}/payee", json=body, headers=key())
        resumed = http.post("/payouts/resume", json={"reason": "x"}, headers=key())
        product = http.post("/products", content=b"", headers=key())
        twice = {"reason": "x", "not_on_statement": True}
        paid_anew = http.post(f"/claims/{claim}/payout-retries", json=twice, headers=key())
        read = http.get("/claims")

    assert (me["id"], me["is_administrator"]) == (office.two.id, False)
    for refused in (agreed, invited, asked_alone, resumed, product, paid_anew, read):
        problem(refused, 403, "key-needed")
