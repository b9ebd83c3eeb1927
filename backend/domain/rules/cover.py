"""Does the policy 保单 answer for this loss, and is the sum complete?"""

from collections.abc import Iterator

from backend.domain.claim import Claim
from backend.domain.findings import Finding, Refer, Unknown
from backend.domain.indemnity.quote import Quote
from backend.domain.words import ReasonCode


def judge_cover(claim: Claim, quote: Quote) -> Iterator[Finding]:
    """Every finding of the quote as a doubt for people: the arithmetic decides no claim."""
    whole_claim = dict.fromkeys(finding.code for finding in quote.findings)
    if claim.report.species is not claim.report.policy.species:
        whole_claim[ReasonCode.SPECIES_NOT_INSURED] = None
    for code in whole_claim:
        is_species = code is ReasonCode.SPECIES_NOT_INSURED
        yield Refer(code, {"species": claim.report.species.value} if is_species else {})
    for line in quote.lines:
        for code in line.codes:
            if code is ReasonCode.EVIDENCE_MISSING:
                yield Unknown(code, "the weight", {"what": "weight", "ref": line.ref}, f"weight {line.ref}")
            elif code not in whole_claim:
                yield Refer(code, {"ref": line.ref}, line.ref)
    if len(claim.animals) < claim.heads:
        facts = {"what": "animal", "heads": str(claim.heads - len(claim.animals))}
        yield Unknown(ReasonCode.EVIDENCE_MISSING, "weight or tag of some animals", facts, "animals")
