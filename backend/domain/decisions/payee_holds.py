"""The hold PAYEE_CHANGED: set where the payee 收款人 is not settled, at triage and again before the money leaves."""

from datetime import datetime

from backend.domain.claim import Claim
from backend.domain.decisions.facts import Facts
from backend.domain.events import HoldPlaced
from backend.domain.rules.payee import unsettled_payee
from backend.domain.rules.versions import CURRENT
from backend.domain.words import HoldKind


def held_for_payee(claim: Claim, facts: Facts, at: datetime) -> list[HoldPlaced]:
    """One hold for what nobody has looked at yet; a change that a person has released holds no more."""
    if claim.hold(HoldKind.PAYEE_CHANGED):
        return []
    doubts = [
        doubt
        for doubt in unsettled_payee(facts.elsewhere, at, CURRENT.thresholds)
        if doubt.key not in claim.cleared
    ]
    if not doubts:
        return []
    reason = ", ".join(doubt.code for doubt in doubts)
    return [
        HoldPlaced(kind=HoldKind.PAYEE_CHANGED, reason=reason, because=tuple(doubt.key for doubt in doubts))
    ]
