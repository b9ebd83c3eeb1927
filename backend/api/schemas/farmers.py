"""Bodies of farmers' sign-in, phones and quotes, policy cards, claim links and payee requests."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from backend.api.schemas.notices import Phone
from backend.api.schemas.report import AnimalBody, Aware, Heads
from backend.domain.notices.phone import phone_number
from backend.domain.problems import FieldError, InvalidInput
from backend.domain.words import Cause

Secret = Annotated[str, Meta(min_length=1, max_length=200)]
Code = Annotated[str, Meta(min_length=1, max_length=20)]
Device = Annotated[str, Meta(max_length=60)]
Seed = Annotated[str, Meta(pattern="^[0-9A-Za-z_-]{43,200}$")]
"""Random letters and digits of the caller's own: a secret follows from them, so that a retry gives the same one and the
server keeps none."""
PayeeName = Annotated[str, Meta(min_length=1, max_length=100)]
Account = Annotated[str, Meta(min_length=6, max_length=40, pattern="^[0-9A-Za-z-]+$")]
Days = Annotated[int, Meta(ge=1, le=365)]


class CodeAskedBody(msgspec.Struct, frozen=True):
    """A number, and a fresh id of the caller's own: the same one again is the same request."""

    request: UUID
    phone: Phone


class FarmerSessionBody(msgspec.Struct, frozen=True):
    """A code with its request and number, or the secret of a policy card; ``device`` is what the farmer calls it."""

    request: UUID | None = None
    phone: Phone | None = None
    code: Code | None = None
    card: Secret | None = None
    device: Device = ""


class RefreshBody(msgspec.Struct, frozen=True):
    """The refresh token of the newest pair."""

    refresh_token: Secret


class CardBody(msgspec.Struct, frozen=True):
    """What the card's secret is made of."""

    seed: Seed


class LinkBody(msgspec.Struct, frozen=True):
    """What the link's token is made of, and how long it reads; None: as the installation says."""

    seed: Seed
    days: Days | None = None


class PayeeRequestBody(msgspec.Struct, frozen=True):
    """Whom the policy is to pay."""

    name: PayeeName
    account: Account


class PayeeCodeBody(msgspec.Struct, frozen=True):
    """The code that was sent to the contact phone."""

    code: Code


class DeviceBody(msgspec.Struct, frozen=True):
    """The phone's public key: the uncompressed point of P-256, 65 bytes, base64."""

    public_key: Annotated[str, Meta(min_length=88, max_length=88)]


class QuoteBody(msgspec.Struct, frozen=True):
    """A loss as a report would declare it."""

    heads: Heads
    cause: Cause
    occurred_at: Aware
    animals: tuple[AnimalBody, ...] = ()


def number_of(phone: str) -> str:
    """The number in the international form.

    Raises:
        InvalidInput: It is none.
    """
    try:
        return phone_number(phone)
    except ValueError as wrong:
        raise InvalidInput("the phone cannot be used", errors=[FieldError("/phone", str(wrong))]) from wrong


def by_phone(body: FarmerSessionBody) -> tuple[UUID, str, str] | None:
    """Request, number and code; None where the card is there instead.

    Raises:
        InvalidInput: Neither of them is whole, or both are there.
    """
    given = {"request": body.request, "phone": body.phone, "code": body.code}
    if body.card is not None:
        errors = [
            FieldError(f"/{name}", "goes with no card") for name, one in given.items() if one is not None
        ]
        if errors:
            raise InvalidInput("a session is opened by card or by phone", errors=errors)
        return None
    if body.request is None or body.phone is None or body.code is None:
        errors = [FieldError(f"/{name}", "is missing") for name, one in given.items() if one is None]
        raise InvalidInput("a session is opened by card, or by request, phone and code", errors=errors)
    return body.request, number_of(body.phone), body.code
