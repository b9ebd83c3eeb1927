"""The sandbox bank as what it is: another process, reached over HTTP, that can be killed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from backend.adapters.bank import BankAnswerUnusable, BankUnanswered, Transfer, TransferState
from backend.adapters.bank_gateway import HttpBank
from backend.adapters.bank_notice import NoticeEvent
from backend.domain.callback_signature import StaleCallback, UnsignedCallback, verify_callback
from backend.domain.ids import ClaimId, PayoutId, payout_id
from backend.domain.money import Money
from tests.backend.sandbox.process import (
    SECRET,
    BankProcess,
    PayersDoor,
    eventually,
    payers_door,
    running_bank,
)


def a_transfer(
    amount: str = "525.00", *, payee: str = "Zhang San", account: str = "622200000001"
) -> Transfer:
    key = payout_id(ClaimId(uuid4()), 1)
    return Transfer(key, Money.parse(amount), payee, account, f"FC/{key}")


@pytest.fixture(scope="module")
def door() -> Iterator[PayersDoor]:
    with payers_door() as door:
        yield door


@pytest.fixture(scope="module")
def process(door: PayersDoor) -> Iterator[BankProcess]:
    with running_bank("--callback-url", door.url, "--settle-ms", "20") as process:
        yield process


@pytest.fixture
def bank(process: BankProcess) -> Iterator[HttpBank]:
    before = httpx.get(f"{process.url}/switches", trust_env=False).json()
    with HttpBank(process.url, SECRET) as bank:
        yield bank
    process.switch(**before)


def heard_about(door: PayersDoor, *transfers: Transfer) -> list[PayoutId]:
    keys = {transfer.key for transfer in transfers}
    return [notice.key for notice in door.notices if notice.key in keys]


def test_a_settled_transfer_is_told_by_a_signed_callback(bank: HttpBank, door: PayersDoor) -> None:
    transfer = a_transfer()

    sent = bank.send(transfer)

    eventually(lambda: heard_about(door, transfer) == [transfer.key])
    (notice,) = [one for one in door.notices if one.key == transfer.key]
    assert notice.event is NoticeEvent.SETTLED
    assert (notice.amount, notice.bank_reference) == (transfer.amount, sent.bank_reference)
    for headers, body in door.heard:
        verify_callback(SECRET.encode(), headers, body, now=datetime.now(UTC))


def test_a_callback_that_was_changed_or_kept_is_refused(bank: HttpBank, door: PayersDoor) -> None:
    bank.send(a_transfer())
    eventually(lambda: bool(door.heard))
    headers, body = door.heard[0]

    with pytest.raises(UnsignedCallback):
        verify_callback(SECRET.encode(), headers, body.replace(b"525.00", b"925.00"), now=datetime.now(UTC))
    with pytest.raises(StaleCallback):
        verify_callback(SECRET.encode(), headers, body, now=datetime.now(UTC) + timedelta(minutes=6))


def test_a_slow_answer_leaves_the_payer_unsure_and_the_transfer_stands(process: BankProcess) -> None:
    transfer = a_transfer(account="622200000002")
    with HttpBank(process.url, SECRET, answer_timeout_s=0.2) as hasty:
        process.switch(slow_ms=2_000)

        with pytest.raises(BankUnanswered):
            hasty.send(transfer)

        process.switch(slow_ms=0)
    assert process.sent_to("622200000002") == [transfer.amount]


def test_every_callback_can_come_in_copies(process: BankProcess, bank: HttpBank, door: PayersDoor) -> None:
    process.switch(duplicate_callbacks=2)
    transfer = a_transfer()

    bank.send(transfer)

    eventually(lambda: heard_about(door, transfer) == [transfer.key] * 3)
    copies = [headers for headers, body in door.heard if str(transfer.key).encode() in body]
    assert len({headers["webhook-id"] for headers in copies}) == 1


def test_neighbouring_callbacks_can_change_places(
    process: BankProcess, bank: HttpBank, door: PayersDoor
) -> None:
    process.switch(reorder_callbacks=True, delay_callbacks_ms=1_000)
    transfers = [a_transfer() for _ in range(4)]

    for transfer in transfers:
        bank.send(transfer)

    eventually(lambda: len(heard_about(door, *transfers)) == 4)
    assert heard_about(door, *transfers) != [transfer.key for transfer in transfers]


def test_a_lost_callback_leaves_asking(process: BankProcess, bank: HttpBank, door: PayersDoor) -> None:
    process.switch(lose_callbacks=1)
    silent, told = a_transfer(), a_transfer()

    bank.send(silent)
    eventually(lambda: bank.ask(silent.key, silent.reference).state is TransferState.SETTLED)
    bank.send(told)

    eventually(lambda: heard_about(door, silent, told) == [told.key])


def test_a_payer_that_fails_is_called_again(bank: HttpBank, door: PayersDoor) -> None:
    door.deaf_times = 2
    transfer = a_transfer()

    bank.send(transfer)

    eventually(lambda: heard_about(door, transfer) == [transfer.key])
    assert door.deaf_times == 0


def test_an_accepted_transfer_can_end_refused(process: BankProcess, bank: HttpBank, door: PayersDoor) -> None:
    process.switch(refuse_later=1)
    transfer = a_transfer(account="622200000003")

    assert bank.send(transfer).state is TransferState.ACCEPTED

    eventually(lambda: heard_about(door, transfer) == [transfer.key])
    (notice,) = [one for one in door.notices if one.key == transfer.key]
    assert notice.event is NoticeEvent.REFUSED
    assert process.sent_to("622200000003") == []


def test_a_payee_who_is_not_the_account_holder_is_refused(process: BankProcess, bank: HttpBank) -> None:
    process.know_account("622200000004", "Li Si")

    wrong = bank.send(a_transfer(payee="Zhang San", account="622200000004"))
    right = bank.send(a_transfer(payee="Li Si", account="622200000004"))

    assert wrong.state is TransferState.REFUSED
    assert wrong.reason is not None
    assert wrong.reason.code == "PAYEE_MISMATCH"
    assert right.state is TransferState.ACCEPTED


def test_a_payer_with_another_secret_is_not_served(process: BankProcess) -> None:
    with HttpBank(process.url, "guessed") as stranger, pytest.raises(BankAnswerUnusable, match="401"):
        stranger.send(a_transfer(account="622200000005"))

    assert process.sent_to("622200000005") == []


@pytest.mark.parametrize(
    "switches", [b'{"refuse": -1}', b'{"refus": 1}', b'{"slow_ms": "1"}', b"[]", b"{", b"\xff"]
)
def test_switches_that_do_not_exist_change_nothing(process: BankProcess, switches: bytes) -> None:
    before = httpx.get(f"{process.url}/switches", trust_env=False).json()

    answer = httpx.post(f"{process.url}/switches", content=switches, trust_env=False)

    assert answer.status_code == 400
    assert httpx.get(f"{process.url}/switches", trust_env=False).json() == before


@pytest.mark.parametrize(
    "order",
    [
        b"",
        b"{}",
        b"\xff",
        b'{"amount": 5, "payee_name": "A", "account": "1", "reference": "r"}',
        b'{"amount": "0.00", "payee_name": "A", "account": "1", "reference": "r"}',
        b'{"amount": "5.00", "payee_name": "", "account": "1", "reference": "r"}',
    ],
)
def test_an_order_that_cannot_be_read_books_nothing(process: BankProcess, order: bytes) -> None:
    headers = {"authorization": f"Bearer {SECRET}", "idempotency-key": str(uuid4())}
    before = len(process.transfers())

    answer = httpx.post(f"{process.url}/transfers", content=order, headers=headers, trust_env=False)

    assert answer.status_code == 400
    assert len(process.transfers()) == before


def test_a_killed_bank_comes_back_with_its_transfer_and_calls(door: PayersDoor, tmp_path: Path) -> None:
    transfer = a_transfer()
    books = ("--database", str(tmp_path / "bank.sqlite"), "--callback-url", door.url)
    with running_bank(*books, "--settle-ms", "1500") as first, HttpBank(first.url, SECRET) as bank:
        sent = bank.send(transfer)
        first.kill()
    assert heard_about(door, transfer) == []

    with running_bank(*books) as second, HttpBank(second.url, SECRET) as bank:
        again = bank.send(transfer)
        eventually(lambda: heard_about(door, transfer) == [transfer.key])

        assert again.bank_reference == sent.bank_reference
        assert second.sent_to(transfer.account) == [transfer.amount]


def test_a_callback_that_was_owed_before_a_kill_comes_after_it(door: PayersDoor, tmp_path: Path) -> None:
    transfer = a_transfer()
    books = ("--database", str(tmp_path / "bank.sqlite"), "--callback-url", door.url)
    with running_bank(*books) as first, HttpBank(first.url, SECRET) as bank:
        first.switch(delay_callbacks_ms=1_500)
        bank.send(transfer)
        eventually(lambda: bank.ask(transfer.key, transfer.reference).state is TransferState.SETTLED)
        first.kill()

    with running_bank(*books):
        eventually(lambda: heard_about(door, transfer) == [transfer.key])
