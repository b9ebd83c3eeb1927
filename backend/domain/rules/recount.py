"""Which path a claim would have taken had its photos been counted otherwise: compares counters, decides nothing."""

from backend.domain.claim import Claim
from backend.domain.events import SceneFound
from backend.domain.findings import Pass
from backend.domain.replacing import replace
from backend.domain.rules.count import judge_count, judge_named_heads
from backend.domain.words import Path, ReasonCode

# Doubts about the herd's deaths have the same code, and are none of the counter's.
_ABOUT_THE_COUNT = frozenset(
    f"{code}:{subject}"
    for code in (ReasonCode.COUNT_MISMATCH, ReasonCode.COUNT_UNSURE)
    for subject in ("", "species")
)


def path_if_counted(claim: Claim, scene: SceneFound) -> Path:
    """The path that the triage would have chosen.

    Args:
        claim: Triaged; each photo's checks hold the other counter's count.
        scene: What the other counter made of all of them.
    """
    # As the triage saw it: an assessment may have changed the heads since.
    declared = replace(claim, heads=claim.report.heads)
    others = [doubt for doubt in claim.findings if doubt.key not in _ABOUT_THE_COUNT]
    if any(doubt.holds for doubt in others):
        return Path.HOLD
    found = (judge_count(declared, scene), judge_named_heads(declared, scene))
    is_clean = not others and all(isinstance(finding, Pass) for finding in found)
    return Path.FAST if is_clean else Path.ASSISTED
