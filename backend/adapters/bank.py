"""The bank as we speak of it: what we send, what it may answer, and how it may fail to.

The rule behind every name here: **one key per payout, never per attempt.** A transfer whose answer was lost
is asked about under its key, and may be sent again under the same key; it is never sent under another one.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import ClassVar, Protocol

from backend.domain.ids import PayoutId
from backend.domain.money import ZERO, Money
from backend.domain.problems import Problem


@dataclass(frozen=True, slots=True)
class Transfer:
    """One payout 支付 as the bank is asked to make it.

    ``key`` is the idempotency key; ``reference`` is for people and statements (claim number and payout
    number) and finds the transfer after the bank has forgotten its key.

    Raises:
        ValueError: The amount is not above 0.00.
    """

    key: PayoutId
    amount: Money
    payee_name: str
    account: str
    reference: str

    def __post_init__(self) -> None:
        if self.amount <= ZERO:
            raise ValueError(f"a transfer moves more than nothing, not {self.amount}")


class TransferState(StrEnum):
    """What the bank says of a transfer."""

    ACCEPTED = "ACCEPTED"
    """Taken in charge: a callback will say how it ended."""
    SETTLED = "SETTLED"
    REFUSED = "REFUSED"
    """Final: no money moves under this key, now or later."""
    RETURNED = "RETURNED"
    """Final: it was settled, and the money came back."""
    UNKNOWN_TRANSFER = "UNKNOWN_TRANSFER"
    """The bank has never seen this key nor this reference."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the bank refused or returned it: a stable code, such as ``PAYEE_MISMATCH``, and its words."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class BankAnswer:
    """What the bank says; everything but the state is None for an unknown transfer.

    ``reason`` is there when refused or returned, ``settled_at`` (aware UTC) when settled.
    """

    state: TransferState
    bank_reference: str | None = None
    amount: Money | None = None
    reason: Refusal | None = None
    settled_at: datetime | None = None


class Bank(Protocol):
    """The two verbs we have towards a bank; both block, and are called from worker threads."""

    def send(self, transfer: Transfer) -> BankAnswer:
        """Ask for *transfer*; asking again with the same key and content moves nothing twice.

        Returns:
            ACCEPTED, SETTLED, REFUSED or, for a key that was sent before, RETURNED.

        Raises:
            BankUnreachable: Certainly nothing was sent.
            BankUnanswered: Nobody knows; ask.
            BankKeyConflict: The key already stands for another transfer, which is left as it is.
            BankAnswerUnusable: The answer is outside the agreed format; nothing may be concluded from it.
        """
        ...

    def ask(self, key: PayoutId, reference: str) -> BankAnswer:
        """Ask how the transfer under *key* stands, or under *reference* where the bank forgot the key.

        Raises:
            BankUnreachable, BankUnanswered, BankAnswerUnusable: As for ``send``.
        """
        ...


class BankTrouble(Problem):
    """The bank gave no answer that says how a transfer stands."""

    type: ClassVar[str] = "/problems/bank-trouble"
    status: ClassVar[HTTPStatus] = HTTPStatus.BAD_GATEWAY
    title: ClassVar[str] = "The bank gave no usable answer"
    next: ClassVar[str] = "Nothing to do: the bank is asked again. Look at the payout if it stays this way."


class BankUnreachable(BankTrouble):
    """No connection came about, so certainly nothing was sent."""

    type: ClassVar[str] = "/problems/bank-unreachable"
    status: ClassVar[HTTPStatus] = HTTPStatus.SERVICE_UNAVAILABLE
    title: ClassVar[str] = "The bank cannot be reached"
    next: ClassVar[str] = "Nothing was sent, and it is tried again. Check the bank's address and the network."


class BankUnanswered(BankTrouble):
    """The request may have arrived and its answer did not: nobody knows whether money moves."""

    type: ClassVar[str] = "/problems/bank-unanswered"
    status: ClassVar[HTTPStatus] = HTTPStatus.GATEWAY_TIMEOUT
    title: ClassVar[str] = "The bank did not answer"
    next: ClassVar[str] = (
        "Nothing to do: the bank is asked how the transfer stands before anything is sent again."
    )


class BankAnswerUnusable(BankTrouble):
    """The bank answered something outside the agreed format: nothing may be concluded from it."""

    type: ClassVar[str] = "/problems/bank-answer-unusable"
    title: ClassVar[str] = "The bank's answer cannot be used"
    next: ClassVar[str] = "Check the bank's address and secret, then retry the payout."


class BankKeyConflict(BankAnswerUnusable):
    """The key already stands for another transfer.

    Never to be read as a refusal: the first transfer stands, and a new payout beside it would pay twice.
    """

    type: ClassVar[str] = "/problems/bank-key-conflict"
    status: ClassVar[HTTPStatus] = HTTPStatus.CONFLICT
    title: ClassVar[str] = "The bank holds another transfer under this payout's key"
    next: ClassVar[str] = "Compare the payout with the bank's transfer; do not start another payout before."
