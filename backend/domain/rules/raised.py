"""Which rule raises which code, and what a code does to a claim: read off the rules that judge now."""

from collections.abc import Mapping
from enum import StrEnum

from backend.domain.rules.rule import Rule, Rules
from backend.domain.words import ReasonCode


class Effect(StrEnum):
    """What a code does to a claim. None of them denies it."""

    DOUBT = "doubt"
    """Path ASSISTED: people look, the lanes are open."""
    HOLD = "hold"
    """Path HOLD: no lane opens before a named person has looked."""
    PAYMENT = "payment"
    """Hold PAYEE_CHANGED: the lanes go on, the money waits."""
    PERSON = "person"
    """No rule raises it: a person gives it, or another step of the claim does."""


RAISED_BESIDE: Mapping[ReasonCode, str] = {
    ReasonCode.DUPLICATE_ANIMAL: "a person: another photo, the same animal; a copy of a photo is DUPLICATE_PHOTO",
    ReasonCode.WEIGHT_MISMATCH: "Claim.receipt_gaps, once the handover has been weighed",
    ReasonCode.DISPOSAL_MISSING: "Claim.carcass_gaps, until the carcasses are handed over",
}
"""Codes that no rule of the triage raises, and what does."""


def rules_raising(code: ReasonCode, rules: Rules) -> tuple[Rule, ...]:
    """The rules that may find this code, in the order in which doubts are told."""
    return tuple(rule for rule in rules.checks if code in rule.raises)


def effect_of(code: ReasonCode, rules: Rules) -> Effect:
    """The most that this code does."""
    raising = rules_raising(code, rules)
    if any(code in rule.holds for rule in raising):
        return Effect.HOLD
    if any(code in rule.stops_payment for rule in raising):
        return Effect.PAYMENT
    return Effect.DOUBT if raising else Effect.PERSON
