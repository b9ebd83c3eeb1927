"""Bodies about personal data: a look at it in clear, an export, an erasure."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from backend.api.schemas.notices import Phone
from backend.api.schemas.report import Name
from backend.domain.notices.phone import phone_number
from backend.domain.problems import FieldError, InvalidInput

Why = Annotated[str, Meta(min_length=3, max_length=2000)]


class LookBody(msgspec.Struct, frozen=True):
    """Why somebody has to see it in clear; kept with who looked."""

    reason: Why
    field: Literal["payee", "phone", "id-number"] = "payee"


class PersonBody(msgspec.Struct, frozen=True):
    """Who is meant, by a policy or by the phone that their farm is told over, and why."""

    reason: Why
    policy_number: Name | None = None
    phone: Phone | None = None


def meant(body: PersonBody) -> tuple[str | None, str | None]:
    """The policy's number, or the phone in the international form.

    Raises:
        InvalidInput: Neither, both, or no phone.
    """
    if (body.policy_number is None) == (body.phone is None):
        errors = [FieldError("/policy_number", "say this or the phone, and not both")]
        raise InvalidInput("it is not said who is meant", errors=errors)
    if body.phone is None:
        return body.policy_number, None
    try:
        return None, phone_number(body.phone)
    except ValueError as wrong:
        raise InvalidInput("the phone cannot be used", errors=[FieldError("/phone", str(wrong))]) from wrong
