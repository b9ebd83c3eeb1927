"""Typed identities. UUIDs are made by the caller, so that a phone may retry the same report."""

from datetime import date
from typing import NewType
from uuid import UUID, uuid5

ClaimId = NewType("ClaimId", UUID)
PayoutId = NewType("PayoutId", UUID)
EffectId = NewType("EffectId", UUID)
OfficerId = NewType("OfficerId", str)
OrganisationId = NewType("OrganisationId", str)
FarmId = NewType("FarmId", str)
PolicyNumber = NewType("PolicyNumber", str)
ProgrammeId = NewType("ProgrammeId", str)
KeyId = NewType("KeyId", str)
Digest = NewType("Digest", str)
"""A sha-256 as 64 lower-case hexadecimal digits."""

PhotoId = NewType("PhotoId", str)
"""The sha-256 of the photo's original bytes: the content is the identity."""

_PAYOUT_SPACE = UUID("6f2d3c1e-8a55-5d0b-9a54-3f0f4c0d7a11")
_EFFECT_SPACE = UUID("0b6a1f5e-2d4c-5a7e-8b1d-7c2e9f30a4d2")


def payout_id(claim_id: ClaimId, payout_no: int) -> PayoutId:
    """The bank's idempotency key: one per payout of a claim, never per attempt."""
    return PayoutId(uuid5(_PAYOUT_SPACE, f"{claim_id}/{payout_no}"))


def payout_reference(number: str, payout_no: int, key: PayoutId) -> str:
    """What stands on the bank's statement: claim number, payout number, and a piece of the key; at most 35 characters.

    Claim numbers are counted by each installation; two of them at one bank must never find each other's transfers.
    """
    return f"{number}/{payout_no}-{str(key)[:8]}"


def effect_id(claim_id: ClaimId, seq: int, kind: str) -> EffectId:
    """The same event asks for the same effect, however often it is recorded."""
    return EffectId(uuid5(_EFFECT_SPACE, f"{claim_id}/{seq}/{kind}"))


def claim_number(day: date, serial: int) -> str:
    """What people read aloud on the phone, such as ``FC-20261123-0042``; never a key.

    Args:
        day: Day of the report in Asia/Shanghai.
        serial: Counts the day's reports from 1.
    """
    return f"FC-{day:%Y%m%d}-{serial:04d}"
