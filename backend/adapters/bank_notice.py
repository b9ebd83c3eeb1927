"""What the bank's signed callback says, read strictly: all wrong fields at once."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from backend.adapters.bank import Refusal
from backend.domain.ids import PayoutId
from backend.domain.money import ZERO, Money
from backend.domain.problems import FieldError, InvalidInput

_T = TypeVar("_T")


class NoticeEvent(StrEnum):
    """How a transfer ended."""

    SETTLED = "transfer.settled"
    REFUSED = "transfer.refused"
    RETURNED = "transfer.returned"
    """退汇: after it was settled, also where that notice never came."""


@dataclass(frozen=True, slots=True)
class BankNotice:
    """One callback: the transfer under ``key`` ended as ``event`` says, ``at`` (aware UTC).

    ``reason`` is there exactly when refused or returned. The same notice may come several times, late, out of order.
    """

    event: NoticeEvent
    key: PayoutId
    bank_reference: str
    amount: Money
    reason: Refusal | None
    at: datetime


def read_notice(body: bytes) -> BankNotice:
    """Read a callback's body; fields beyond the agreed ones are passed over.

    Raises:
        InvalidInput: Not one JSON object, or fields missing or wrong; ``errors`` names all of them.
    """
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as failure:
        raise InvalidInput("the body is not JSON", errors=[FieldError("", "is not JSON")]) from failure
    if not isinstance(document, dict):
        raise InvalidInput("the body is not an object", errors=[FieldError("", "is not an object")])

    errors: list[FieldError] = []

    def field(name: str, read: Callable[[object], _T]) -> _T | None:
        try:
            return read(document.get(name))
        except ValueError as wrong:
            errors.append(FieldError(f"/{name}", str(wrong)))
            return None

    event = field("event", lambda value: NoticeEvent(_text(value)))
    key = field("key", lambda value: PayoutId(UUID(_text(value))))
    bank_reference = field("bank_reference", _text)
    amount = field("amount", _amount)
    at = field("at", _moment)
    reason = field("reason", _reason)
    if event is not None and (event is NoticeEvent.SETTLED) == (document.get("reason") is not None):
        errors.append(
            FieldError("/reason", "goes with transfer.refused and transfer.returned, and only with them")
        )
    if errors or event is None or key is None or bank_reference is None or amount is None or at is None:
        raise InvalidInput("the bank's notice has missing or wrong fields", errors=errors)
    return BankNotice(event, key, bank_reference, amount, reason, at)


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("is missing" if value is None else "is not a text")
    return value


def _amount(value: object) -> Money:
    amount = Money.parse(_text(value))
    if amount <= ZERO:
        raise ValueError("is not above 0.00")
    return amount


def _moment(value: object) -> datetime:
    moment = datetime.fromisoformat(_text(value))
    if moment.utcoffset() is None:
        raise ValueError("has no UTC offset")
    return moment.astimezone(UTC)


def _reason(value: object) -> Refusal | None:
    if value is None:
        return None
    if not isinstance(value, dict):
        raise ValueError("is not an object of code and text")  # noqa: TRY004 - collected as a wrong field
    return Refusal(_text(value.get("code")), _text(value.get("text")))
