"""What the log of a whole journey says, and what it never says."""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from backend.adapters.bank import BankAnswer, Transfer
from backend.domain.register.fields import Register
from backend.store import contacts, registers
from backend.store.contacts import Contact
from backend.store.engine import Transaction
from tests.fakes import FakeBank
from tests.journeys.pictures import a_photo
from tests.journeys.world import PLAIN, World, eventually, key, running_world
from tests.logbook import Logbook, kept_log

NAME = re.compile(r"[a-z]+\.[a-z_]+")
OURS = "journey-7.of_the_test"
PHONE, ID_NUMBER, WORDS = "+8613877776666", "43012119700101123X", "老王说猪圈塌了"
PLACE_DIGITS = 7
"""113.0123: some ten metres."""


class TalkativeBank(FakeBank):
    """Breaks once with everything that it was told in its words, as a library may."""

    talked = False

    def send(self, transfer: Transfer) -> BankAnswer:
        if not self.talked:
            self.talked = True
            raise ValueError(f"cannot pay {transfer.payee_name} on {transfer.account}\n{transfer}")
        return super().send(transfer)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Logbook, str, str]]:
    """A claim from report to certificate, refusals and a broken bank on its way, with everything that was logged."""
    with (
        kept_log() as book,
        running_world(tmp_path_factory.mktemp("logs"), fake_bank=TalkativeBank()) as world,
    ):
        policy = world.policy()
        world.parts.store.submit(partial(know_more, policy=policy)).result()
        photo = a_photo()
        claim = world.report(policy, [photo], note=WORDS)
        world.wait(claim, "JOINT_REVIEW")
        world.decide(claim, "veterinary", officer=world.officer("inspection"))
        world.agree(claim, policy, note=f"seen with {policy['account']}")
        world.pay(claim)
        world.certify(claim)
        looked_at(world, policy)
        with world.farmer(policy) as http:
            http.get(f"/claims/{policy['account']}")
            http.get("/persons/me").raise_for_status()
            http.get(f"/claims/{claim}/photos/{'0' * 64}", headers={"X-Request-Id": OURS})
        eventually(lambda: OURS in book.text, 5.0, "the last line")
        yield world, book, claim, photo.hex()


def know_more(connection: Transaction, policy: dict[str, Any]) -> None:
    """The holder's phone and identity number."""
    contacts.put(connection, policy["farm_id"], Contact(PHONE))
    known = {"number": policy["policy_number"], "holder_id_number": ID_NUMBER}
    registers.change_rows(connection, Register.POLICIES, [known])


def looked_at(world: World, policy: dict[str, Any]) -> None:
    """Everything that shows the holder in clear, and refusals that could repeat what was asked."""
    http, why = world.officer("insurer").http, {"reason": "asked at the counter"}
    for field in ("payee", "phone", "id-number"):
        address = f"/policies/{policy['policy_number']}/payee/look"
        http.post(address, json=why | {"field": field}).raise_for_status()
    http.post("/persons/export", json=why | {"phone": PHONE}).raise_for_status()
    assert http.post("/persons/export", json=why | {"phone": "+8613700001111"}).status_code == 404
    refused = http.post("/persons/erasure", json=why | {"phone": PHONE}, headers=key())
    assert refused.status_code == 409
    assert http.put(f"/farms/{policy['farm_id']}/contact", json={"phone": ID_NUMBER}).status_code == 422


def test_every_line_is_an_event_with_a_name_a_moment_and_a_level(
    told: tuple[World, Logbook, str, str],
) -> None:
    _, book, _, _ = told

    for event in book.events():
        assert NAME.fullmatch(event["event"]), event
        assert event["timestamp"].endswith("Z"), event
        assert event["level"] in {"debug", "info", "warning", "error"}, event


def test_a_request_is_logged_by_its_route_with_its_id_and_time(told: tuple[World, Logbook, str, str]) -> None:
    _, book, claim, _ = told

    answered = book.events("request.answered")
    (photo,) = [one for one in answered if one["request_id"] == OURS]
    report = next(one for one in answered if one["route"] == "/api/v1/claims" and one["method"] == "POST")
    refused = [one for one in answered if one.get("problem") == "wrong-lane"]

    assert (photo["route"], photo["claim"]) == ("/api/v1/claims/{claim}/photos/{sha256}", claim)
    assert (photo["status"], photo["problem"]) == (404, "photo-not-announced")
    assert (report["status"], report["ms"] > 0, len(report["request_id"])) == (201, True, 32)
    assert [one["status"] for one in refused] == [403]


def test_effects_are_logged_with_their_outcome_and_claim(told: tuple[World, Logbook, str, str]) -> None:
    _, book, claim, _ = told

    (failed,) = book.events("effect.failed")
    finished = [one for one in book.events("effect.finished") if one["claim_id"] == claim]

    assert (failed["effect"], failed["failures"], failed["ms"] >= 0) == ("pay", 1, True)
    assert failed["exception"][0]["type"] == "builtins.ValueError"
    assert any("workflows/payout.py" in frame for frame in failed["exception"][0]["frames"])
    assert {one["effect"] for one in finished} >= {"verify", "pay", "notify", "send_code"}


def test_nothing_in_the_log_names_a_person_an_account_a_place_or_a_secret(
    told: tuple[World, Logbook, str, str],
) -> None:
    world, book, _, photo = told

    private = [*seeded(world.county), *given_out(world), photo[:64], *held(world)]
    leaked = {one for one in private if one in book.text}

    assert len(private) > 50
    assert leaked == set()
    assert re.findall(r"[\u3400-\u9fff]", book.text) == []


def test_the_trace_id_of_a_crash_is_the_request_id_in_header_and_log(tmp_path: Path) -> None:
    with kept_log() as book, running_world(tmp_path, farms=2) as world:
        policy = world.policy()
        body = world.report_body(policy, [a_photo()])
        farmer = world.farmer(policy)
        world.parts.store.engine.close()

        with farmer as http:
            answer = http.post("/claims", json=body, headers=key() | {"X-Request-Id": "crash-1"})
        odd = httpx.get(f"{world.url}/healthz", headers={"X-Request-Id": "no id\tat all"}, **PLAIN)

    (crashed,) = book.events("request.crashed")
    assert answer.status_code == 500
    assert answer.json()["detail"] == "trace id crash-1"
    assert answer.headers["x-request-id"] == crashed["request_id"] == "crash-1"
    assert re.fullmatch("[0-9a-f]{32}", odd.headers["x-request-id"])


def seeded(county: dict[str, Any]) -> Iterator[str]:
    """Names, accounts, tokens and coordinates of everyone in the county."""
    for officer in county["officers"]:
        yield from (officer["name"], officer["login_token"])
    for policy in county["policies"]:
        yield from (policy["payee"], policy["farm_name"], policy["account"], policy["card"])
        yield from (str(degrees)[:PLACE_DIGITS] for degrees in policy["inside"])


def held(world: World) -> tuple[str, ...]:
    """What else is known of the holder."""
    policy = world.policy()
    return (PHONE.removeprefix("+86"), "13700001111", ID_NUMBER, WORDS, policy["account"], policy["payee"])


def test_metrics_refusals_and_streams_name_nobody_either(told: tuple[World, Logbook, str, str]) -> None:
    world, _, claim, _ = told
    http, policy = world.officer("insurer").http, world.policy()

    said = [
        httpx.get(f"{world.url}/metrics", **PLAIN).text,
        http.get(f"/claims/{claim}").text,
        http.get(f"/claims/{claim}/timeline").text,
        http.get("/claims").text,
        http.get("/payouts").text,
        http.get("/effects").text,
        http.get("/imports").text,
        http.get("/looks").text,
        http.get(f"/claims/{claim}/export").text,
        http.get(f"/claims/{claim}/file").text,
        http.post("/persons/erasure", json={"reason": "why", "phone": PHONE}, headers=key()).text,
        http.get(f"/policies/{policy['policy_number']}/payee").text,
    ]

    for private in (PHONE.removeprefix("+86"), ID_NUMBER):
        assert [one for one in said if private in one] == []
    # Three officers wrote the account into their notes on the claim: whoever reads the claim reads these.
    assert [
        one for one in said if policy["account"] in one.replace(f"seen with {policy['account']}", "")
    ] == []


def given_out(world: World) -> Iterator[str]:
    """Session tokens and one-time codes."""
    for officer in world.officers.values():
        yield officer.http.headers["authorization"].removeprefix("Bearer ")
    yield from (token for token, _ in world.signed_in.values())
    yield from re.findall(r"(?<!\d)\d{6}(?!\d)", world.notices.getvalue())
