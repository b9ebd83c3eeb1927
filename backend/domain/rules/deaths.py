"""Can so many have died: deaths against the stock 存栏, and against the policy's last weeks (domain.md §2)."""

from backend.domain.claim import Claim
from backend.domain.elsewhere import Elsewhere
from backend.domain.findings import Finding, Pass, Refer
from backend.domain.rules.thresholds import Thresholds
from backend.domain.words import ReasonCode, Species

MORE_THAN_STOCK, MANY_LATELY = "stock", "lately"
"""What the doubt is about: more dead than there were, or a rate that few herds have."""


def judge_deaths(claim: Claim, elsewhere: Elsewhere, thresholds: Thresholds) -> Finding:
    """More dead than the stock, or a large share of it within weeks, is looked at by people.

    An epidemic kills whole herds: then too, people have to look, and soon. Flocks are not judged by a rate, since their
    products pay for mass deaths alone.
    """
    stock = claim.report.policy.terms.stock
    before = elsewhere.deaths_before or 0
    deaths = claim.heads + before
    facts = {"claimed": str(claim.heads), "stock": str(stock)}
    if before:
        facts |= {"before": str(before), "days": str(thresholds.deaths_within.days)}
    if deaths > stock:
        return Refer(ReasonCode.COUNT_MISMATCH, facts, MORE_THAN_STOCK)
    is_many = deaths > thresholds.deaths_floor and deaths > thresholds.deaths_share * stock
    if is_many and claim.report.species is not Species.POULTRY:
        return Refer(ReasonCode.COUNT_MISMATCH, facts, MANY_LATELY)
    return Pass()
