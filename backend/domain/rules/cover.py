"""Does the policy 保单 answer for this loss, and is the sum complete?"""

from collections.abc import Iterator

from backend.domain.claim import Claim
from backend.domain.findings import Finding, Refer, Unknown
from backend.domain.indemnity.lines import FLOCK_REF, QuoteLine
from backend.domain.indemnity.market import market_week
from backend.domain.indemnity.quote import Quote
from backend.domain.policy import policy_day
from backend.domain.replacing import replace
from backend.domain.words import ReasonCode

CODES_OF_COVER = (
    ReasonCode.NOT_IN_FORCE,
    ReasonCode.OBSERVATION_PERIOD,
    ReasonCode.PERIL_EXCLUDED,
    ReasonCode.SPECIES_NOT_INSURED,
    ReasonCode.BELOW_MIN_WEIGHT,
    ReasonCode.OVER_INSURED_COUNT,
    ReasonCode.BELOW_LOSS_THRESHOLD,
    ReasonCode.COVERED_BY_SUBSIDY,
    ReasonCode.EVIDENCE_MISSING,
)
"""All that a quote or an unlisted animal can say."""
_FACTS = {
    ReasonCode.SPECIES_NOT_INSURED: ("species",),
    ReasonCode.NOT_IN_FORCE: ("day",),
    ReasonCode.PERIL_EXCLUDED: ("cause",),
}


def judge_cover(claim: Claim, quote: Quote) -> Iterator[Finding]:
    """Every finding of the quote as a doubt for people: the arithmetic decides no claim."""
    whole_claim = dict.fromkeys(finding.code for finding in quote.findings)
    if claim.report.species is not claim.report.policy.species:
        whole_claim[ReasonCode.SPECIES_NOT_INSURED] = None
    facts = {
        "species": claim.report.species.value,
        "day": policy_day(claim.report.occurred_at).isoformat(),
        "cause": claim.report.cause.value,
    }
    for code in whole_claim:
        yield Refer(code, {fact: facts[fact] for fact in _FACTS.get(code, ())})
    for line in quote.lines:
        for code in line.codes:
            if code is ReasonCode.EVIDENCE_MISSING:
                yield from _missing(claim, line)
            elif code not in whole_claim:
                yield Refer(code, {"ref": line.ref}, line.ref)
    # A flock's event is one line: nobody lists thousands of hens.
    if len(claim.animals) < claim.heads and all(line.ref != FLOCK_REF for line in quote.lines):
        facts = {"what": "animal", "heads": str(claim.heads - len(claim.animals))}
        yield Unknown(ReasonCode.EVIDENCE_MISSING, "weight or tag of some animals", facts, "animals")


def judge_cover_in_full(claim: Claim, quote: Quote) -> Iterator[Finding]:
    """``judge_cover``, and in the observation period 观察期 the first day on which disease is covered."""
    first_days = [ground.first_day for ground in quote.findings if ground.first_day]
    for finding in judge_cover(claim, quote):
        if isinstance(finding, Refer) and finding.code is ReasonCode.OBSERVATION_PERIOD and first_days:
            yield replace(finding, facts={"first_day": first_days[0].isoformat()})
        else:
            yield finding


def _missing(claim: Claim, line: QuoteLine) -> Iterator[Finding]:
    """What a line lacks: of the animal by its ref, of the whole loss once, whatever the number of lines."""
    for field in line.unknown or ("category",):
        if field == _MARKET_PRICE:
            week = market_week(claim.report.occurred_at)
            facts = {
                "what": "market_price",
                "county": claim.report.policy.county,
                "week": week.isoformat(),
                "by": "insurer",
            }
            missing = f"the market price in {claim.report.policy.county} of the week from {week}"
            yield Unknown(ReasonCode.EVIDENCE_MISSING, missing, facts, "market price")
        else:
            what, words = _OF_AN_ANIMAL.get(field, (field, field))
            subject = f"{what} {line.ref}"
            yield Unknown(ReasonCode.EVIDENCE_MISSING, words, {"what": what, "ref": line.ref}, subject)


_MARKET_PRICE = "market_price_per_kg"
_OF_AN_ANIMAL = {
    "weight_kg": ("weight", "the weight"),
    "age_months": ("age", "the age in months"),
    "category": ("category", "the category"),
    "age_percent": ("flock", "the flock's age"),
    "normal_mortality_percent": ("flock", "the flock's normal mortality"),
}
