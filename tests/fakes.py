"""Hand-written stand-ins for what lies outside. Each passes the contract test of its port."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from threading import Lock

from backend.adapters.bank import (
    BankAnswer,
    BankKeyConflict,
    BankUnanswered,
    BankUnreachable,
    Refusal,
    Transfer,
    TransferState,
)
from backend.adapters.bank_notice import BankNotice, NoticeEvent
from backend.domain.ids import PayoutId
from backend.domain.money import Money

ACCOUNT_CLOSED = Refusal("AC04", "the account is closed")
REFUSED_BY_BANK = Refusal("REFUSED_BY_BANK", "the bank refused the transfer")


@dataclass(frozen=True, slots=True)
class _Booked:
    transfer: Transfer
    answer: BankAnswer


class FakeBank:
    """A ``Bank`` in memory, safe for threads; accepted transfers settle when ``settle_all`` is called."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.orders: list[PayoutId] = []
        """The key of every order that arrived, repeats too."""
        self._clock = clock
        self._lock = Lock()
        self._books: dict[PayoutId, _Booked] = {}
        self._answers_to_lose: list[str | None] = []
        self._refusals: list[tuple[str | None, Refusal]] = []
        self._is_silent = False
        self._is_unreachable = False

    def send(self, transfer: Transfer) -> BankAnswer:
        self._connect()
        with self._lock:
            self.orders.append(transfer.key)
            booked = self._books.get(transfer.key)
            if booked is not None and booked.transfer != transfer:
                raise BankKeyConflict(f"the bank holds another transfer under {transfer.key}")
            if booked is None:
                booked = self._book(transfer)
            if lost := [one for one in self._answers_to_lose if one in {None, transfer.account}]:
                self._answers_to_lose.remove(lost[0])
                raise BankUnanswered("the answer was lost")
            return booked.answer

    def ask(self, key: PayoutId, reference: str) -> BankAnswer:
        self._connect()
        with self._lock:
            if key in self._books:
                return self._books[key].answer
            for booked in self._books.values():
                if booked.transfer.reference == reference:
                    return booked.answer
            return BankAnswer(TransferState.UNKNOWN_TRANSFER)

    def lose_next_answer(self, account: str | None = None) -> None:
        """The next order, or the next to this account, is handled, and its answer lost."""
        self._answers_to_lose.append(account)

    def refuse_next(self, reason: Refusal = REFUSED_BY_BANK, account: str | None = None) -> None:
        """The next new order, or the next to this account, is refused."""
        self._refusals.append((account, reason))

    def fall_silent(self) -> None:
        """From now on nothing is handled and nothing answered."""
        self._is_silent = True

    def speak_again(self) -> None:
        """End the silence."""
        self._is_silent = False

    def disconnect(self) -> None:
        """From now on nobody gets through."""
        self._is_unreachable = True

    def reconnect(self) -> None:
        """Let callers through again."""
        self._is_unreachable = False

    def settle_all(self) -> list[BankNotice]:
        """Settle what is accepted; return the notices that the bank would send."""
        with self._lock:
            at = self._clock()
            settled = {
                key: replace(
                    booked, answer=replace(booked.answer, state=TransferState.SETTLED, settled_at=at)
                )
                for key, booked in self._books.items()
                if booked.answer.state is TransferState.ACCEPTED
            }
            self._books |= settled
            return [
                BankNotice(
                    NoticeEvent.SETTLED,
                    key,
                    booked.answer.bank_reference or "",
                    booked.transfer.amount,
                    None,
                    at,
                )
                for key, booked in settled.items()
            ]

    def return_settled(self, *keys: PayoutId, reason: Refusal = ACCOUNT_CLOSED) -> list[BankNotice]:
        """Bring settled transfers back; return the notices that the bank would send."""
        with self._lock:
            at = self._clock()
            for key in keys:
                booked = self._books[key]
                answer = replace(booked.answer, state=TransferState.RETURNED, reason=reason)
                self._books[key] = replace(booked, answer=answer)
            return [
                BankNotice(
                    NoticeEvent.RETURNED,
                    key,
                    self._books[key].answer.bank_reference or "",
                    self._books[key].transfer.amount,
                    reason,
                    at,
                )
                for key in keys
            ]

    def sent_to(self, account: str) -> list[Money]:
        """The amounts that move to *account*, accepted, settled or returned, in the order of arrival."""
        return [
            booked.transfer.amount
            for booked in self._books.values()
            if booked.transfer.account == account and booked.answer.state is not TransferState.REFUSED
        ]

    def _connect(self) -> None:
        if self._is_unreachable:
            raise BankUnreachable("no connection")
        if self._is_silent:
            raise BankUnanswered("no answer")

    def _book(self, transfer: Transfer) -> _Booked:
        answer = BankAnswer(
            TransferState.ACCEPTED, bank_reference=f"FAKE{len(self._books) + 1:04d}", amount=transfer.amount
        )
        if refusals := [one for one in self._refusals if one[0] in {None, transfer.account}]:
            self._refusals.remove(refusals[0])
            answer = replace(answer, state=TransferState.REFUSED, reason=refusals[0][1])
        self._books[transfer.key] = _Booked(transfer, answer)
        return self._books[transfer.key]
