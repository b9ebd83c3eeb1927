"""All rules run, so that every reason is known at once; the path follows from what they found."""

from backend.domain.findings import Finding, Pass, Refer, Unknown
from backend.domain.replacing import replace
from backend.domain.rules.rule import Case, Rules
from backend.domain.words import Path


def judge(case: Case, rules: Rules) -> tuple[Refer, ...]:
    """Every doubt about the claim, each once; a doubt that a person has cleared no longer holds the claim."""
    found = {}
    for finding in rules.findings(case):
        referred = _as_doubt(finding)
        if referred:
            cleared = referred.key in case.claim.cleared
            found[referred.key] = replace(referred, holds=referred.holds and not cleared)
    return tuple(found.values())


def path_for(doubts: tuple[Refer, ...]) -> Path:
    """HOLD if any doubt holds, ASSISTED if there is any, FAST otherwise."""
    if any(doubt.holds for doubt in doubts):
        return Path.HOLD
    return Path.ASSISTED if doubts else Path.FAST


def _as_doubt(finding: Finding) -> Refer | None:
    match finding:
        case Pass():
            return None
        case Unknown(code, missing, facts, subject):
            return Refer(code, {**facts, "missing": missing}, subject)
        case Refer():
            return finding
