"""Who met over a farm's claims: the same officer, the same collector, again and again (domain.md §2, plausibility)."""

from backend.domain.elsewhere import Elsewhere
from backend.domain.findings import Finding, Pass, Unknown
from backend.domain.rules.thresholds import Thresholds
from backend.domain.words import ReasonCode

SECOND_LOOK = "second_look"
"""What is missing, as the finding's facts say it: the named officer approves no claim that carries it."""


def judge_together(elsewhere: Elsewhere, thresholds: Thresholds) -> Finding:
    """A pair that decided and collected most of a farm's claims wants another pair of eyes.

    It accuses nobody: a small office has one officer for every farm, and then meeting often says nothing.
    """
    pair = elsewhere.together
    if pair is None or pair.officers == 1:
        return Pass()
    if pair.claims < thresholds.together_claims or 2 * pair.claims <= pair.of:
        return Pass()
    facts = {
        "what": SECOND_LOOK,
        "officer": pair.officer,
        "collector": pair.collector,
        "times": str(pair.claims),
    }
    return Unknown(ReasonCode.EVIDENCE_MISSING, "a look by another officer", facts, "people")
