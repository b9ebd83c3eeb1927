"""Bodies of assisted reports, and of phones that somebody reports for farmers from."""

from uuid import UUID

import msgspec

from backend.api.schemas.farmers import Code, Device, Secret
from backend.api.schemas.report import Name
from backend.domain.problems import FieldError, InvalidInput


class AssistanceCodeBody(msgspec.Struct, frozen=True):
    """Which policy's farmer is asked, and for which claim: `claim_id` is the id that the report will have.

    ``request`` is a fresh id of the caller's own: the same one again is the same request.
    """

    request: UUID
    claim_id: UUID
    policy_number: Name
    accept_in_advance: bool = False


class AssistanceBody(msgspec.Struct, frozen=True):
    """The farmer's code with what it was asked for, or the secret of a policy card."""

    request: UUID | None = None
    policy_number: Name | None = None
    code: Code | None = None
    card: Secret | None = None
    accept_in_advance: bool = False


class AgentSessionBody(msgspec.Struct, frozen=True):
    """The one-time login token of an invitation; ``device`` is what the phone is called."""

    token: Secret
    device: Device = ""


def by_code_or_card(body: AssistanceBody) -> tuple[UUID, str, str] | str:
    """Request, policy and code; or the card's secret.

    Raises:
        InvalidInput: Neither of them is whole, or both are there; or a card is to agree to a sum.
    """
    given = {"request": body.request, "policy_number": body.policy_number, "code": body.code}
    if body.card is not None:
        errors = [
            FieldError(f"/{name}", "goes with no card") for name, one in given.items() if one is not None
        ]
        if body.accept_in_advance:
            errors.append(
                FieldError("/accept_in_advance", "takes a code that says so: a card agrees to no sum")
            )
        if errors:
            raise InvalidInput("a farmer agrees by a code or with the card", errors=errors)
        return body.card
    if body.request is None or body.policy_number is None or body.code is None:
        errors = [FieldError(f"/{name}", "is missing") for name, one in given.items() if one is None]
        raise InvalidInput("a farmer agrees with the card, or by request, policy and code", errors=errors)
    return body.request, body.policy_number, body.code
