"""People come and go: invitations, sign-in by key, sessions that are seen and end, suspensions."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from backend.domain.officer_keys.key import sign_in_document
from backend.workflows.secrets import token_hash
from tests.backend.api.answers import pointers, problem
from tests.journeys.offices import Office, anonymous, another_key
from tests.journeys.world import OfficerClient, World, eventually, key


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)


def suspend(by: OfficerClient, name: str, **changes: Any) -> httpx.Response:
    body = {"reason": "on leave"} | changes
    return by.http.post(f"/officers/{name}/suspension", json=body, headers=key())


def test_an_invitation_is_withdrawn_before_its_use(office: Office) -> None:
    answer, token = office.invite(office.one, "3")

    office.one.http.post(
        f"/officers/invitations/{answer.json()['id']}/withdrawal", headers=key()
    ).raise_for_status()

    with anonymous(office.world) as http:
        problem(http.post("/sessions", json={"token": token}), 401, "invitation-over")
    standing = [one["standing"] for one in office.one.http.get("/officers/invitations").json()["invitations"]]
    assert standing == ["withdrawn", "used", "used"]


def test_withdrawing_what_is_over_finds_nothing(office: Office) -> None:
    answer, token = office.invite(office.one, "3")
    with anonymous(office.world) as http:
        http.post("/sessions", json={"token": token}).raise_for_status()

    again = office.one.http.post(f"/officers/invitations/{answer.json()['id']}/withdrawal", headers=key())

    problem(again, 404, "not-found")


def test_only_an_administrator_invites_and_nobody_themselves(world: World, office: Office) -> None:
    newcomer = office.newcomer(office.one)

    office.approve(office.two, newcomer).raise_for_status()
    problem(office.invite(newcomer, "9")[0], 403, "not-allowed")
    problem(office.invite(office.one, "1")[0], 403, "same-person")
    problem(Office(world).invite(office.one, "")[0], 422, "invalid-input")


def test_another_offices_officer_is_not_invited(world: World, office: Office) -> None:
    body = {"officer": world.officer("veterinary").id, "token_hash": "0" * 64}

    answer = office.one.http.post("/officers/invitations", json=body, headers=key())

    problem(answer, 403, "not-allowed")


def test_a_new_officer_has_a_name(office: Office) -> None:
    body = {"officer": f"{office.id}-7", "token_hash": "0" * 64}

    answer = office.one.http.post("/officers/invitations", json=body, headers=key())

    assert problem(answer, 422, "invalid-input")["errors"][0]["pointer"] == "/name"


def test_one_token_invites_one_officer_once(office: Office) -> None:
    def invited(place: str) -> httpx.Response:
        body = {"officer": f"{office.id}-{place}", "name": place, "token_hash": token_hash(office.id)}
        return office.one.http.post("/officers/invitations", json=body, headers=key())

    invited("7").raise_for_status()

    assert pointers(problem(invited("8"), 422, "invalid-input")) == ["/token_hash"]


def test_an_officer_signs_in_with_an_approved_key_alone(office: Office) -> None:
    session = office.sign_in_by_key(office.one)

    assert session.status_code == 201
    assert session.json()["officer"]["id"] == office.one.id


def test_a_pending_key_does_not_sign_in(office: Office) -> None:
    problem(office.sign_in_by_key(office.newcomer(office.one)), 403, "key-pending")


def test_a_challenge_of_another_server_is_no_use_here(office: Office) -> None:
    problem(office.sign_in_by_key(office.one, server="phishing.example"), 401, "not-signed-in")


def test_whoever_passes_a_sign_in_on_does_not_name_the_server(world: World, office: Office) -> None:
    """Without FLASHCLAIM_PUBLIC_URL only the Host header says what was dialled, and the phisher writes it."""
    with anonymous(world) as http:
        challenge = http.post("/sessions/challenges", json={}).json()["challenge"]
        signed = sign_in_document(challenge=challenge, server="phishing.example")
        body = {"challenge": challenge, "server": "phishing.example", "key_id": office.one.key_id}
        body |= {"signature": office.one.sign(signed)}
        passed_on = http.post("/sessions/by-key", json=body, headers={"Host": "phishing.example"})

    problem(passed_on, 401, "server-name-unknown")


def test_a_sign_in_that_was_overheard_opens_nothing_again(office: Office) -> None:
    with anonymous(office.world) as http:
        challenge = http.post("/sessions/challenges", json={}).raise_for_status().json()["challenge"]
        server = http.base_url.netloc.decode()
        said = {
            "challenge": challenge,
            "server": server,
            "key_id": office.one.key_id,
            "signature": office.one.sign(sign_in_document(challenge=challenge, server=server)),
        }
        first, again = (http.post("/sessions/by-key", json=said) for _ in range(2))

    assert first.status_code == 201
    problem(again, 401, "not-signed-in")


def test_a_challenge_is_good_once_and_a_made_up_one_never(office: Office) -> None:
    problem(office.sign_in_by_key(office.one, challenge="made-up"), 401, "not-signed-in")
    problem(office.sign_in_by_key(office.one, key_id="0" * 32), 401, "not-signed-in")
    problem(office.sign_in_by_key(office.one, signature="QUJD"), 401, "not-signed-in")


def test_sessions_are_seen_and_ended(office: Office) -> None:
    other = office.sign_in_by_key(office.one, device="the office's desk").json()["session_token"]

    listed = office.one.http.get("/sessions").json()["sessions"]
    (there,) = (one for one in listed if not one["here"])
    office.one.http.delete(f"/sessions/{there['id']}").raise_for_status()

    assert there["device"] == "the office's desk"
    with anonymous(office.world) as http:
        http.headers["Authorization"] = f"Bearer {other}"
        problem(http.get("/me"), 401, "not-signed-in")


def test_signing_out_ends_this_session(office: Office) -> None:
    office.one.http.delete("/sessions/current").raise_for_status()

    problem(office.one.http.get("/me"), 401, "not-signed-in")


def test_a_colleagues_session_is_an_administrators_to_see_and_end(world: World, office: Office) -> None:
    newcomer = office.newcomer(office.one)
    (session,) = office.one.http.get("/sessions", params={"of": newcomer.id}).json()["sessions"]
    mine = office.one.http.get("/sessions").json()["sessions"][0]["id"]

    problem(newcomer.http.delete(f"/sessions/{mine}"), 403, "not-allowed")
    problem(Office(world).one.http.delete(f"/sessions/{session['id']}"), 404, "not-found")
    problem(office.one.http.delete("/sessions/no-such"), 404, "not-found")
    office.one.http.delete(f"/sessions/{session['id']}").raise_for_status()

    problem(newcomer.http.get("/me"), 401, "not-signed-in")


def test_use_of_a_session_is_noted_once_a_minute(world: World, office: Office) -> None:
    def seen_at() -> str:
        sessions = office.two.http.get("/sessions", params={"of": office.one.id}).json()["sessions"]
        return str(sessions[0]["seen_at"])

    before = seen_at()
    office.one.http.get("/me").raise_for_status()
    assert seen_at() == before

    _age_sessions(world, office.one.id, timedelta(minutes=2))
    aged = seen_at()
    office.one.http.get("/me").raise_for_status()

    assert aged < before
    eventually(lambda: seen_at() > aged, 5.0, "a note of the session's use")


def test_a_session_that_nobody_used_is_over(world: World, office: Office) -> None:
    _age_sessions(world, office.one.id, world.parts.settings.session_idle)

    problem(office.one.http.get("/me"), 401, "not-signed-in")


def _age_sessions(world: World, officer: str, by: timedelta) -> None:
    from sqlalchemy import select, update

    from backend.store.tables import sessions

    def work(connection: Any) -> None:
        for row in connection.execute(select(sessions).where(sessions.c.officer_id == officer)).all():
            older = {"seen_at": row.seen_at - by, "idle_until": row.idle_until - by}
            connection.execute(update(sessions).where(sessions.c.id == row.id).values(older))

    world.parts.store.submit(work).result()


def test_whoever_is_suspended_is_signed_out_and_does_not_come_back(office: Office) -> None:
    newcomer = office.newcomer(office.one)
    office.approve(office.two, newcomer).raise_for_status()

    suspend(office.one, newcomer.id).raise_for_status()

    problem(newcomer.http.get("/me"), 401, "not-signed-in")
    problem(office.sign_in_by_key(newcomer), 403, "officer-suspended")


def test_a_reinstated_officer_signs_in_again_with_the_same_key(office: Office) -> None:
    newcomer = office.newcomer(office.one)
    office.approve(office.two, newcomer).raise_for_status()
    suspend(office.one, newcomer.id).raise_for_status()

    back = {"reason": "back from leave"}
    office.two.http.post(
        f"/officers/{newcomer.id}/reinstatement", json=back, headers=key()
    ).raise_for_status()

    assert office.sign_in_by_key(newcomer).status_code == 201


def test_who_leaves_loses_their_keys_from_that_day(office: Office) -> None:
    newcomer = office.newcomer(office.one)
    office.approve(office.two, newcomer).raise_for_status()
    last_day = (datetime.now(UTC) + timedelta(days=3)).isoformat()

    suspend(office.one, newcomer.id, at=last_day, has_left=True).raise_for_status()

    (found,) = office.one.http.get("/keys", params={"of": newcomer.id}).json()["keys"]
    assert (found["standing"], found["revocation"]) == ("approved", "left")
    assert newcomer.http.get("/me").status_code == 200


def test_nobody_suspends_themselves_or_without_a_reason(office: Office) -> None:
    problem(suspend(office.one, office.one.id), 403, "same-person")
    problem(suspend(office.one, office.two.id, reason=" "), 422, "reason-needed")
    problem(suspend(office.one, "nobody"), 404, "not-found")


def test_an_administrator_is_named_by_two(office: Office) -> None:
    newcomer = office.newcomer(office.one)
    office.approve(office.two, newcomer).raise_for_status()
    body = {"reason": "runs the office from May on"}

    asked = office.one.http.post(f"/officers/{newcomer.id}/administrator", json=body, headers=key())
    proposal = asked.json()["proposal"]["id"]
    own = office.one.http.post(f"/proposals/{proposal}/approval", headers=key())
    before = newcomer.http.get("/me").json()["officer"]["is_administrator"]
    office.two.http.post(f"/proposals/{proposal}/approval", headers=key()).raise_for_status()

    assert asked.status_code == 202
    problem(own, 403, "same-person")
    assert before is False
    assert newcomer.http.get("/me").json()["officer"]["is_administrator"] is True
    roster = {one["id"]: one for one in office.one.http.get("/officers").json()["officers"]}
    assert roster[newcomer.id]["is_administrator"] is True


def test_a_key_made_on_another_machine_waits_like_the_first(office: Office) -> None:
    assert [one["standing"] for one in another_key(office.one).http.get("/keys").json()["keys"]] == [
        "pending",
        "approved",
    ]
