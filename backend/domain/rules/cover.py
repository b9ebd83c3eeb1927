"""Does the policy 保单 answer for this loss, and is the sum complete?"""

from collections.abc import Iterator

from backend.domain.claim import Claim
from backend.domain.findings import Finding, Refer, Unknown
from backend.domain.indemnity.lines import FLOCK_REF, QuoteLine
from backend.domain.indemnity.quote import Quote
from backend.domain.policy import policy_day
from backend.domain.words import ReasonCode

_FACTS = {
    ReasonCode.SPECIES_NOT_INSURED: ("species",),
    ReasonCode.NOT_IN_FORCE: ("day",),
    ReasonCode.PERIL_EXCLUDED: ("cause",),
}

_WHAT = {
    "weight_kg": "weight",
    "age_months": "age",
    "category": "size",
    "age_percent": "flock",
    "normal_mortality_percent": "flock",
}
"""The word for what a quote misses, as the sentences know it."""


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
                yield _missing(line)
            elif code not in whole_claim:
                yield Refer(code, {"ref": line.ref}, line.ref)
    # A flock's event is one line: nobody lists thousands of hens.
    if len(claim.animals) < claim.heads and all(line.ref != FLOCK_REF for line in quote.lines):
        facts = {"what": "animal", "heads": str(claim.heads - len(claim.animals))}
        yield Unknown(ReasonCode.EVIDENCE_MISSING, "weight or tag of some animals", facts, "animals")


def _missing(line: QuoteLine) -> Finding:
    what = ", ".join(dict.fromkeys(_WHAT.get(field, field) for field in line.unknown)) or "weight"
    return Unknown(
        ReasonCode.EVIDENCE_MISSING,
        " and ".join(line.unknown),
        {"what": what, "ref": line.ref},
        f"weight {line.ref}",
    )
