"""One contract for every bank: the gateway against the sandbox's process, and the fake that other tests use."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Protocol
from uuid import uuid4

import pytest

from backend.adapters.bank import (
    Bank,
    BankKeyConflict,
    BankUnanswered,
    BankUnreachable,
    Transfer,
    TransferState,
)
from backend.adapters.bank_gateway import HttpBank
from backend.domain.ids import ClaimId, PayoutId, payout_id
from backend.domain.money import Money
from tests.backend.sandbox.process import SECRET, BankProcess, eventually, running_bank
from tests.fakes import FakeBank


def a_transfer(amount: str = "525.00") -> Transfer:
    key = payout_id(ClaimId(uuid4()), 1)
    return Transfer(
        key, Money.parse(amount), "Zhang San", account=f"62{key.int % 10**14}", reference=f"FC/{key}"
    )


class Backstage(Protocol):
    """What a test may do behind a bank's counter."""

    def lose_next_answer(self) -> None: ...
    def refuse_next(self) -> None: ...
    def fall_silent(self) -> None: ...
    def speak_again(self) -> None: ...
    def settle(self, bank: Bank, transfer: Transfer) -> None: ...
    def sent_to(self, account: str) -> list[Money]: ...


class BankContract:
    """What the payout workflow relies on."""

    def test_a_new_transfer_is_accepted_with_the_banks_own_reference(self, bank: Bank) -> None:
        transfer = a_transfer()

        answer = bank.send(transfer)

        assert answer.state is TransferState.ACCEPTED
        assert answer.bank_reference
        assert answer.amount == transfer.amount

    def test_the_same_transfer_sent_again_moves_money_once(self, bank: Bank, backstage: Backstage) -> None:
        transfer = a_transfer()

        references = {bank.send(transfer).bank_reference for _ in range(3)}

        assert len(references) == 1
        assert backstage.sent_to(transfer.account) == [transfer.amount]

    def test_twenty_threads_with_one_key_make_one_transfer(self, bank: Bank, backstage: Backstage) -> None:
        transfer = a_transfer()

        with ThreadPoolExecutor(20) as threads:
            references = {answer.bank_reference for answer in threads.map(bank.send, [transfer] * 20)}

        assert len(references) == 1
        assert backstage.sent_to(transfer.account) == [transfer.amount]

    def test_the_same_key_with_another_amount_leaves_the_first_transfer_as_it_is(
        self, bank: Bank, backstage: Backstage
    ) -> None:
        transfer = a_transfer("525.00")
        bank.send(transfer)

        with pytest.raises(BankKeyConflict):
            bank.send(replace(transfer, amount=Money.parse("5250.00")))

        assert backstage.sent_to(transfer.account) == [Money.parse("525.00")]

    def test_a_transfer_whose_answer_was_lost_is_found_by_asking(
        self, bank: Bank, backstage: Backstage
    ) -> None:
        transfer = a_transfer()
        backstage.lose_next_answer()

        with pytest.raises(BankUnanswered):
            bank.send(transfer)

        assert bank.ask(transfer.key, transfer.reference).state in {
            TransferState.ACCEPTED,
            TransferState.SETTLED,
        }
        assert backstage.sent_to(transfer.account) == [transfer.amount]

    def test_an_order_that_never_arrived_is_unknown_and_may_be_sent_again(
        self, bank: Bank, backstage: Backstage
    ) -> None:
        transfer = a_transfer()
        backstage.fall_silent()
        with pytest.raises(BankUnanswered):
            bank.send(transfer)
        backstage.speak_again()

        answer = bank.ask(transfer.key, transfer.reference)

        assert answer.state is TransferState.UNKNOWN_TRANSFER
        assert bank.send(transfer).state is TransferState.ACCEPTED

    def test_an_accepted_transfer_is_settled_with_its_time(self, bank: Bank, backstage: Backstage) -> None:
        transfer = a_transfer()
        bank.send(transfer)

        backstage.settle(bank, transfer)

        answer = bank.ask(transfer.key, transfer.reference)
        assert answer.state is TransferState.SETTLED
        assert answer.settled_at is not None
        assert answer.settled_at.utcoffset() is not None

    def test_a_transfer_is_found_by_its_reference_when_the_key_is_not(self, bank: Bank) -> None:
        transfer = a_transfer()
        sent = bank.send(transfer)

        answer = bank.ask(PayoutId(uuid4()), transfer.reference)

        assert answer.bank_reference == sent.bank_reference

    def test_a_refusal_has_a_code_and_words_and_stays(self, bank: Bank, backstage: Backstage) -> None:
        transfer = a_transfer()
        backstage.refuse_next()

        first, again = bank.send(transfer), bank.send(transfer)

        assert first.state is TransferState.REFUSED
        assert first.reason is not None
        assert first.reason.code
        assert first.reason.text
        assert again == first
        assert backstage.sent_to(transfer.account) == []


class FakeBackstage(FakeBank):
    """The fake is its own backstage."""

    def settle(self, _bank: Bank, _transfer: Transfer) -> None:
        self.settle_all()


class TestTheFake(BankContract):
    @pytest.fixture
    def bank(self) -> FakeBackstage:
        return FakeBackstage()

    @pytest.fixture
    def backstage(self, bank: FakeBackstage) -> FakeBackstage:
        return bank

    def test_nobody_gets_through_to_a_disconnected_bank(self, bank: FakeBackstage) -> None:
        bank.disconnect()

        with pytest.raises(BankUnreachable):
            bank.send(a_transfer())


class SandboxBackstage:
    """The sandbox's switches."""

    def __init__(self, process: BankProcess) -> None:
        self._process = process
        self.sent_to = process.sent_to

    def lose_next_answer(self) -> None:
        self._process.switch(lose_answers=1)

    def refuse_next(self) -> None:
        self._process.switch(refuse=1)

    def fall_silent(self) -> None:
        self._process.switch(down=True)

    def speak_again(self) -> None:
        self._process.switch(down=False)

    def settle(self, bank: Bank, transfer: Transfer) -> None:
        eventually(lambda: bank.ask(transfer.key, transfer.reference).state is TransferState.SETTLED)


@pytest.fixture(scope="module")
def process() -> Iterator[BankProcess]:
    with running_bank("--settle-ms", "150") as process:
        yield process


class TestTheGatewayAgainstTheSandbox(BankContract):
    @pytest.fixture
    def bank(self, process: BankProcess) -> Iterator[HttpBank]:
        with HttpBank(process.url, SECRET) as bank:
            yield bank

    @pytest.fixture
    def backstage(self, process: BankProcess) -> Iterator[SandboxBackstage]:
        yield SandboxBackstage(process)
        process.switch(down=False, refuse=0, lose_answers=0)


def test_a_refused_connection_says_that_nothing_was_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    with HttpBank(f"http://127.0.0.1:{port}", SECRET) as bank, pytest.raises(BankUnreachable):
        bank.send(a_transfer())


def test_a_bank_that_listens_and_says_nothing_leaves_everybody_unsure() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        HttpBank(f"http://127.0.0.1:{listener.getsockname()[1]}", SECRET, answer_timeout_s=0.2) as bank,
        pytest.raises(BankUnanswered),
    ):
        bank.send(a_transfer())


def test_a_transfer_of_nothing_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="more than nothing"):
        a_transfer("0.00")
