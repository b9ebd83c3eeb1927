"""Payouts against the real sandbox bank in its own process, through HTTP and its callbacks."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from backend.adapters.bank_gateway import HttpBank
from backend.domain.events import PayoutConfirmed
from backend.domain.ids import ClaimId
from backend.domain.money import Money
from backend.domain.words import PayoutState, State
from tests.backend.sandbox.process import (
    SECRET,
    BankProcess,
    PayersDoor,
    eventually,
    payers_door,
    running_bank,
)
from tests.backend.store.county import County
from tests.backend.workflows.desk import ACCOUNT, Desk
from tests.builders import a_policy, a_report, a_retry

DAYS = count(1)
OFFER = Money.parse("1400.00")


@pytest.fixture(scope="module")
def door() -> Iterator[PayersDoor]:
    with payers_door() as door:
        yield door


@pytest.fixture(scope="module")
def process(door: PayersDoor) -> Iterator[BankProcess]:
    with running_bank("--callback-url", door.url, "--settle-ms", "20") as process:
        yield process


@pytest.fixture
def desk(county: County, process: BankProcess, door: PayersDoor) -> Iterator[Desk]:
    """One claim that is payable, and a bank whose switches are put back afterwards."""
    before = httpx.get(f"{process.url}/switches", trust_env=False).json()
    door.heard.clear()
    # The bank remembers the keys and claim numbers of earlier tests.
    county.clock.move(next(DAYS) * timedelta(days=1))
    claim_id = ClaimId(uuid4())
    county.make_payable(a_report(claim_id=claim_id))
    with HttpBank(process.url, SECRET, answer_timeout_s=0.5) as bank:
        yield Desk(county, bank, claim_id=claim_id)
    process.switch(**before)


def transfers_of(process: BankProcess, desk: Desk) -> list[str]:
    """States of the transfers under this claim's payout keys, in the bank's books."""
    keys = {str(payout.id) for payout in desk.claim.payouts}
    return [one["state"] for one in process.transfers() if one["key"] in keys]


def hear_what_came(desk: Desk, door: PayersDoor, *, at_least: int = 1) -> State:
    keys = {payout.id for payout in desk.claim.payouts}
    eventually(lambda: sum(notice.key in keys for notice in door.notices) >= at_least)
    return desk.hear(*(notice for notice in door.notices if notice.key in keys)).state


def confirmations(desk: Desk) -> int:
    return sum(isinstance(entry.event, PayoutConfirmed) for entry in desk.county.history(desk.claim_id))


def test_a_claim_is_paid_and_the_bank_says_so(desk: Desk, process: BankProcess, door: PayersDoor) -> None:
    assert desk.work().state is State.PAYING

    assert hear_what_came(desk, door) is State.PAID
    assert transfers_of(process, desk) == ["SETTLED"]
    assert process.sent_to(ACCOUNT)[-1] == OFFER


def test_a_lost_answer_is_resolved_by_asking(desk: Desk, process: BankProcess, door: PayersDoor) -> None:
    process.switch(lose_answers=1, lose_callbacks=1)
    assert desk.work().state is State.PAYMENT_UNKNOWN

    eventually(lambda: transfers_of(process, desk) == ["SETTLED"])
    assert desk.wait(timedelta(seconds=2)).state is State.PAID
    assert transfers_of(process, desk) == ["SETTLED"]
    assert not door.notices


def test_a_slow_answer_is_resolved_by_the_callback(
    desk: Desk, process: BankProcess, door: PayersDoor
) -> None:
    process.switch(slow_ms=2_000)
    assert desk.work().state is State.PAYMENT_UNKNOWN

    assert hear_what_came(desk, door) is State.PAID
    process.switch(slow_ms=0)
    desk.wait(timedelta(seconds=40))
    assert transfers_of(process, desk) == ["SETTLED"]
    assert confirmations(desk) == 1


def test_repeated_callbacks_confirm_once(desk: Desk, process: BankProcess, door: PayersDoor) -> None:
    process.switch(duplicate_callbacks=3)
    desk.work()

    assert hear_what_came(desk, door, at_least=4) is State.PAID
    assert confirmations(desk) == 1


def test_a_refusal_is_mended_by_a_person_under_a_new_key(desk: Desk, process: BankProcess) -> None:
    process.switch(refuse=1)
    assert desk.work().state is State.PAYMENT_FAILED
    assert (desk.payout.reason or "").startswith("REFUSED_BY_BANK")

    desk.county.give(a_retry(), desk.claim_id)
    desk.work()

    eventually(lambda: transfers_of(process, desk) == ["SETTLED"])
    assert desk.wait(timedelta(minutes=1)).state is State.PAID
    assert process.sent_to(ACCOUNT)[-1] == OFFER


def test_an_accepted_transfer_may_still_end_refused(
    desk: Desk, process: BankProcess, door: PayersDoor
) -> None:
    process.switch(refuse_later=1)
    desk.work()

    assert hear_what_came(desk, door) is State.PAYMENT_FAILED
    assert desk.payout.state is PayoutState.FAILED


def test_a_settled_transfer_that_comes_back_is_paid_again(
    desk: Desk, process: BankProcess, door: PayersDoor
) -> None:
    process.switch(return_later=1, duplicate_callbacks=1)
    desk.work()

    assert hear_what_came(desk, door, at_least=4) is State.PAYMENT_FAILED
    assert (desk.payout.reason or "").startswith("ACCOUNT_CLOSED")
    assert desk.payout.confirmed_at is not None
    desk.county.give(a_retry(), desk.claim_id)
    desk.work()

    eventually(lambda: transfers_of(process, desk) == ["SETTLED"])
    assert desk.wait(timedelta(minutes=1)).state is State.PAID


def test_a_return_of_which_nobody_was_told_is_found_by_asking(desk: Desk, process: BankProcess) -> None:
    process.switch(return_later=1, lose_callbacks=2)
    desk.work()

    eventually(lambda: len(process.transfers("RETURNED")) > 0 and transfers_of(process, desk) == [])
    assert desk.wait(timedelta(minutes=1)).state is State.PAYMENT_FAILED
    assert desk.payout.state is PayoutState.RETURNED


def test_a_wrong_payees_name_is_refused_and_says_why(desk: Desk, process: BankProcess) -> None:
    process.know_account(ACCOUNT, "Someone Else")
    try:
        assert desk.work().state is State.PAYMENT_FAILED
        assert (desk.payout.reason or "").startswith("PAYEE_MISMATCH")
    finally:
        process.know_account(ACCOUNT, a_policy().payee.name)


def test_a_bank_that_is_down_is_waited_for(desk: Desk, process: BankProcess, door: PayersDoor) -> None:
    process.switch(down=True)
    assert desk.work().state is State.PAYMENT_UNKNOWN
    assert desk.wait(timedelta(minutes=2)).state is State.PAYMENT_UNKNOWN
    assert transfers_of(process, desk) == []

    process.switch(down=False)
    desk.wait(timedelta(minutes=5), step=timedelta(seconds=10))

    eventually(lambda: transfers_of(process, desk) == ["SETTLED"])
    assert hear_what_came(desk, door) is State.PAID


def test_a_bank_that_nobody_can_reach_is_paid_through_once_it_is_there(
    county: County, tmp_path: Path
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    county.make_payable()
    with HttpBank(f"http://127.0.0.1:{port}", SECRET) as bank:
        desk = Desk(county, bank)
        assert desk.work().state is State.PAYING
        desk.wait(timedelta(minutes=5), step=timedelta(seconds=10))
        assert desk.payout.state is PayoutState.STARTED

        options = ("--port", str(port), "--settle-ms", "20", "--database", str(tmp_path / "books.db"))
        with running_bank(*options) as process:
            desk.wait(timedelta(minutes=6), step=timedelta(seconds=10))
            eventually(lambda: transfers_of(process, desk) == ["SETTLED"])
            desk.wait(timedelta(minutes=6), step=timedelta(seconds=10))

            assert desk.claim.state is State.PAID
            assert process.sent_to(ACCOUNT) == [OFFER]
