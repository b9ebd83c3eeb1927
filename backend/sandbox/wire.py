"""The bank's JSON: orders come in, bookings go out. Amounts are decimal strings, times RFC 3339 in UTC."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import msgspec

from backend.domain.money import ZERO, Money
from backend.sandbox.ledger import Booking, Order, Reason, State

_Words = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class UnusableError(ValueError):
    """A request's body or key cannot be read; the words say why."""


class WireOrder(msgspec.Struct, forbid_unknown_fields=True):
    """The body of POST /transfers; the key travels as the header Idempotency-Key."""

    amount: str
    payee_name: _Words
    account: _Words
    reference: _Words


class WireAccount(msgspec.Struct, forbid_unknown_fields=True):
    """The body of POST /accounts: whose account it is."""

    account: _Words
    holder: _Words


class WireReason(msgspec.Struct):
    """Why a transfer was refused or returned."""

    code: str
    text: str


class WireTransfer(msgspec.Struct):
    """A transfer as GET and POST /transfers answer it."""

    key: str
    state: State
    bank_reference: str
    amount: str
    payee_name: str
    account: str
    reference: str
    reason: WireReason | None
    accepted_at: str
    settled_at: str | None


def read_order(key: str, body: bytes) -> Order:
    """Read an order.

    Raises:
        UnusableError: The key is no UUID, or the body is no order.
    """
    try:
        wire = msgspec.json.decode(body, type=WireOrder)
        amount = Money.parse(wire.amount)
        known_as = str(UUID(key))
    except (ValueError, msgspec.DecodeError) as wrong:
        raise UnusableError(str(wrong)) from wrong
    if amount <= ZERO:
        raise UnusableError("a transfer moves more than 0.00")
    return Order(known_as, amount, wire.payee_name, wire.account, wire.reference)


def read_account(body: bytes) -> WireAccount:
    """Read an account and its holder.

    Raises:
        UnusableError: The body is no account.
    """
    try:
        return msgspec.json.decode(body, type=WireAccount)
    except (ValueError, msgspec.DecodeError) as wrong:
        raise UnusableError(str(wrong)) from wrong


def wire_transfer(booking: Booking) -> WireTransfer:
    """A booking as the payer sees it."""
    order = booking.order
    settled_ms = None if booking.state is State.REFUSED else booking.ended_ms
    return WireTransfer(
        key=order.key,
        state=booking.state,
        bank_reference=booking.bank_reference,
        amount=str(order.amount),
        payee_name=order.payee_name,
        account=order.account,
        reference=order.reference,
        reason=wire_reason(booking.reason),
        accepted_at=rfc3339(booking.accepted_ms),
        settled_at=None if settled_ms is None else rfc3339(settled_ms),
    )


def wire_reason(reason: Reason | None) -> WireReason | None:
    """Why it was refused or returned, or null."""
    return None if reason is None else WireReason(reason.code, reason.text)


def rfc3339(at_ms: int) -> str:
    """Unix milliseconds as ``2026-04-02T02:00:00.123+00:00``."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="milliseconds")
