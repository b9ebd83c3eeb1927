"""Personal facts beside events: read with them, found out when changed, erased without a trace in any proof."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import Connection, select, update

from backend.domain import commands as c
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.events import ClaimReported
from backend.domain.ids import ClaimId
from backend.domain.personal.masks import ERASED
from backend.domain.personal.problems import KeysMissing, PersonalDataAltered
from backend.domain.photos import Capture, Position
from backend.domain.plain import canonical_text
from backend.domain.words import State
from backend.store import beside, events, tables
from backend.store.engine import open_engine
from backend.store.personal_tables import personal_values
from backend.store.replay import Replay, replay
from tests.backend.store.county import County, opened_county
from tests.builders import CLAIM_ID, FARMER, a_photo, a_policy, a_report, confirmed_by_bank
from tests.keys import KEYS
from tests.replayed import product

NOTE = "老王的猪圈塌了"
FIX = Position(Decimal("112.9"), Decimal("28.2"), Decimal(8))
PHOTO = replace(a_photo(), capture=Capture(FIX, device="a phone"))


@pytest.fixture
def paid(lasting_database: str) -> Iterator[County]:
    """A claim with the farmer's own words, evidence added, and paid."""
    with opened_county(lasting_database) as county:
        county.make_payable(replace(a_report(note=NOTE), photos=(PHOTO,)))
        claim = county.give(c.StartPayout()).claim
        county.give(confirmed_by_bank(claim))
        yield county


def replayed(county: County) -> Replay:
    return county.store.engine.read(
        lambda connection: replay(connection, lambda *_: None, products=product), EVERYWHERE
    )


def payload(county: County, seq: int = 1) -> str:
    return next(row.payload for row in county.rows(tables.events) if row.seq == seq)


def test_the_log_holds_commitments_and_the_claim_is_read_whole(paid: County) -> None:
    payee = a_policy().payee
    written = payload(paid)

    assert all(one not in written for one in (payee.account, payee.name, NOTE, a_policy().farm_name))
    assert written.count('"withheld:') >= 4
    assert paid.claim().report.policy.payee == payee
    assert paid.claim().notes == (NOTE,)


def test_one_claim_again_has_other_commitments(paid: County) -> None:
    again = a_report(claim_id=ClaimId(UUID(int=7)), note=NOTE)
    paid.report(again)

    first, second = (
        {line for line in row.payload.split('"') if line.startswith("withheld:")}
        for row in paid.rows(tables.events)
        if row.type == ClaimReported.type
    )

    assert not first & second


def test_nobody_can_try_an_account_against_its_commitment(paid: County) -> None:
    known = canonical_text(a_policy().payee)

    assert hashlib.sha256(known.encode()).hexdigest() not in payload(paid)


def test_after_an_erasure_every_hash_stands_and_the_figures_stay(paid: County) -> None:
    before, leaves = paid.claim(), [row.leaf_hash for row in paid.rows(tables.events)]
    ledger = paid.rows(tables.ledger_entries)

    erased = paid.store.submit(lambda connection: beside.erase(connection, CLAIM_ID)).result()

    after, done = paid.claim(), replayed(paid)
    assert erased >= 4
    assert done.faults == []
    assert done.erased == 1
    assert [row.leaf_hash for row in paid.rows(tables.events)] == leaves
    assert (after.report.policy.payee.name, after.report.policy.payee.account_last4) == (ERASED, "")
    assert after.notes == (ERASED,)
    assert [photo.announced.capture for photo in before.photos] == [PHOTO.capture]
    assert [photo.announced.capture for photo in after.photos] == [Capture()]
    assert (after.state, after.payouts, after.evidence_hash) == (
        before.state,
        before.payouts,
        before.evidence_hash,
    )
    assert [lane.state for lane in after.lanes.values()] == [lane.state for lane in before.lanes.values()]
    assert paid.rows(tables.ledger_entries) == ledger


def test_a_value_that_was_exchanged_is_named(paid: County) -> None:
    def exchange(connection: Connection) -> None:
        """By somebody who holds the keys and the database."""
        vault = beside.Vault(KEYS)
        field = "/policy/payee"
        other = '{"account":"6222000000000000","name":"Mallory"}'
        sealed = vault.seal("00" * 16 + other, beside.BESIDE, CLAIM_ID, 1, field)
        connection.execute(
            update(personal_values).where(personal_values.c.field == field).values(sealed=sealed)
        )

    paid.store.submit(exchange).result()

    with pytest.raises(PersonalDataAltered, match="not what it committed to"):
        paid.claim()
    [fault] = replayed(paid).faults
    assert fault.startswith(f"{paid.rows(tables.claims)[0].number}: event 1: ")


def test_a_value_that_was_moved_is_named(paid: County) -> None:
    def move(connection: Connection) -> None:
        values = personal_values
        note = connection.scalar(select(values.c.sealed).where(values.c.field == "/note"))
        connection.execute(update(values).where(values.c.field == "/policy/payee").values(sealed=note))

    paid.store.submit(move).result()

    [fault] = replayed(paid).faults
    assert "personal_values.sealed" in fault
    assert "/policy/payee is not what was encrypted there" in fault


def test_without_keys_nothing_is_guessed(paid: County, lasting_database: str) -> None:
    blind = open_engine(lasting_database)
    try:
        with pytest.raises(KeysMissing, match="without keys"):
            blind.read(lambda connection: events.load(connection, CLAIM_ID), EVERYWHERE)
    finally:
        blind.close()


def test_what_is_read_after_a_number_has_its_facts_too(paid: County) -> None:
    found = paid.store.engine.read(
        lambda connection: events.after(connection, CLAIM_ID, 0, most=1), EVERYWHERE
    )

    [entry] = found
    assert isinstance(entry.event, ClaimReported)
    assert entry.event.note == NOTE


def test_why_a_farmer_withdrew_is_personal_too(lasting_database: str) -> None:
    with opened_county(lasting_database) as county:
        county.report()
        county.give(c.Withdraw(by=FARMER, reason="my brother sold it"))

        assert county.claim().state is State.WITHDRAWN
        assert not [row for row in county.rows(tables.events) if "my brother" in row.payload]
