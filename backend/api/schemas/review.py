"""Bodies of what officers, collectors and the farmer say about a claim."""

from decimal import Decimal
from typing import Annotated

import msgspec
from msgspec import Meta

from backend.api.bounds import Within
from backend.api.schemas.report import AnimalBody, Aware, Heads, Kilograms, LongText, Name, Sha256
from backend.domain.words import CodePurpose, Decision, HoldKind, Lane, ReasonCode

Base64 = Annotated[str, Meta(min_length=1, max_length=200)]
KeyName = Annotated[str, Meta(min_length=1, max_length=64)]
Percent = Annotated[Decimal, Within(Decimal(0), Decimal(100))]
Code = Annotated[str, Meta(pattern="^[0-9]{6}$")]


class DecisionBody(msgspec.Struct, frozen=True):
    """A signed decision; the signature is Ed25519 over ``decision_document``, base64.

    ``on_behalf_of`` is the office in whose place one decides, that asked for it or is closed.
    """

    lane: Lane
    decision: Decision
    evidence_hash: Sha256
    offer_hash: Sha256
    key_id: KeyName
    signature: Base64
    reason_code: ReasonCode | None = None
    note: LongText = ""
    on_behalf_of: Name | None = None


class AssessmentBody(msgspec.Struct, frozen=True):
    """Heads and animals as the insurer's officer found them.

    ``from_handover``: the receipt's total is shared out among the animals. The percentages are for flocks.
    """

    heads: Heads
    reason: LongText
    animals: tuple[AnimalBody, ...] = ()
    from_handover: bool = False
    age_percent: Percent | None = None
    normal_mortality_percent: Percent | None = None


class AcceptanceBody(msgspec.Struct, frozen=True):
    """The farmer's one-time code; it is bound to the offer it was sent for."""

    code: Code


class CodeBody(msgspec.Struct, frozen=True):
    """Asks for a new one-time code."""

    purpose: CodePurpose


class HandoverBody(msgspec.Struct, frozen=True):
    """The receipt 移交单: signed by the collector, agreed to by the farmer's handover code."""

    receipt_number: Name
    heads: Heads
    weight_kg: Kilograms
    handed_over_at: Aware
    farmer_code: Code
    key_id: KeyName
    signature: Base64


class CertificateBody(msgspec.Struct, frozen=True):
    """The disposal certificate 无害化处理证明, signed by an inspection officer."""

    certificate_number: Name
    heads: Heads
    key_id: KeyName
    signature: Base64


class HoldBody(msgspec.Struct, frozen=True):
    """Why the claim is stopped, or goes on."""

    reason: LongText
    kind: HoldKind = HoldKind.SIGNALS


class ReasonBody(msgspec.Struct, frozen=True):
    """Why, in words."""

    reason: LongText = ""


class RetryBody(msgspec.Struct, frozen=True):
    """Why a payout is made anew; ``not_on_statement`` for one that the bank left unanswered."""

    reason: LongText = ""
    not_on_statement: bool = False
