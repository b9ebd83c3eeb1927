"""What lies in the database's files: nobody's account or phone in clear, and of who was erased nothing at all."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from backend.domain.authority.sight import EVERYWHERE
from backend.domain.register.fields import Register
from backend.keeping import replay_installation
from backend.store import contacts, registers, tables
from backend.store.contacts import Contact
from tests.journeys.pictures import a_photo
from tests.journeys.test_logs import TalkativeBank
from tests.journeys.world import World, eventually, key, running_world

PHONE = "+8613877776666"
NAME = "独孤求败"
NOTE = "老王说猪圈塌了"
REASON = {"reason": "asked in writing"}


@pytest.fixture
def told(tmp_path: Path) -> Iterator[tuple[World, dict[str, Any], str]]:
    """A claim that went all its way to the certificate, its payment retried under a key, its account looked at."""
    with running_world(tmp_path, farms=4, voucher_years=0, fake_bank=TalkativeBank()) as world:
        policy = world.policy()
        farm = policy["farm_id"]
        world.parts.store.submit(lambda one: contacts.put(one, farm, Contact(PHONE))).result()
        named = {"number": policy["policy_number"], "payee_name": NAME, "payee_account": policy["account"]}
        world.parts.store.submit(lambda one: registers.change_rows(one, Register.POLICIES, [named])).result()
        claim = world.report(policy, [a_photo()], note=NOTE)
        world.wait(claim, "JOINT_REVIEW")
        world.agree(claim, policy)
        world.pay(claim)
        world.certify(claim)
        world.wait(claim, "CLOSED")
        eventually(lambda: world.parts.store.engine.read(_waiting, EVERYWHERE) == 0, 20, "effects")
        yield world, policy, claim


def _waiting(connection: Any) -> int:
    effects = tables.effects
    return len(
        connection.execute(
            effects.select().where(effects.c.state == "pending", effects.c.kind == "notify")
        ).all()
    )


def at_rest(world: World) -> bytes:
    """Every byte of the database's files, log included."""
    folder = world.parts.settings.data_folder
    return b"".join(path.read_bytes() for path in sorted(folder.glob("flashclaim.db*")))


def test_no_account_phone_or_word_of_a_farmer_lies_in_clear(
    told: tuple[World, dict[str, Any], str],
) -> None:
    world, policy, _ = told

    kept = at_rest(world)

    for private in (policy["account"], PHONE, PHONE.removeprefix("+86"), NOTE, NAME):
        assert private.encode() not in kept


def test_after_an_erasure_nothing_is_left_and_every_proof_stands(
    told: tuple[World, dict[str, Any], str],
) -> None:
    world, policy, claim = told
    number, insurer = policy["policy_number"], world.officer("insurer").http
    before, seconds = world.show(claim), world.timeline(claim)["seconds_to_paid"]
    _let_it_be_long_ago(world, number)

    asked = key()
    body = REASON | {"policy_number": number}
    done = insurer.post("/persons/erasure", json=body, headers=asked)
    again = insurer.post("/persons/erasure", json=body, headers=asked)

    assert done.status_code == 200, done.text
    assert again.json() == done.json()
    shown = world.show(claim)
    assert shown["payee"] == {"name": "erased", "account_last4": ""}
    assert shown["farm"]["name"] == "erased"
    for same in ("state", "offer", "evidence_hash", "lanes", "payout", "heads_assessed"):
        assert shown[same] == before[same]
    assert world.timeline(claim)["seconds_to_paid"] == seconds is not None
    replayed = replay_installation(world.parts.settings, None, progress=lambda *_: None)
    assert replayed.faults == []
    assert replayed.erased >= 1
    assert insurer.get(f"/policies/{number}/payee").json()["phone"] is None
    kept = at_rest(world)
    name = policy["farm_name"].encode()
    assert name not in kept
    for private in (policy["account"], PHONE, NOTE, NAME):
        assert private.encode() not in kept


def _let_it_be_long_ago(world: World, number: str) -> None:
    """The cover ended more than five years before."""
    policies = tables.policies
    then = {"incepted": date(2015, 1, 1), "expires": date(2015, 12, 31)}
    step = update(policies).where(policies.c.number == number).values(then)
    world.parts.store.submit(lambda one: one.execute(step)).result()
