"""Does the counted scene agree with the heads claimed: domain.md §2, count. Never a denial."""

from backend.domain.claim import Claim
from backend.domain.events import SceneFound
from backend.domain.findings import Finding, Pass, Refer, Unknown
from backend.domain.words import ReasonCode


def judge_count(claim: Claim, scene: SceneFound) -> Finding:
    """A sure and equal count passes; an unsure one, or one that merely may agree, is looked at by people."""
    if scene.count is None:
        return Unknown(ReasonCode.COUNT_UNSURE, "a photo that can be counted", {"claimed": str(claim.heads)})
    facts = {
        "claimed": str(claim.heads),
        "counted": str(scene.count),
        "low": str(scene.low),
        "high": str(scene.high),
        "doubts": _doubts(claim),
    }
    if scene.count == claim.heads and not scene.unsure:
        return Pass()
    may_agree = (scene.low or 0) <= claim.heads <= (scene.high or 0)
    return Refer(ReasonCode.COUNT_UNSURE if scene.unsure or may_agree else ReasonCode.COUNT_MISMATCH, facts)


def _doubts(claim: Claim) -> str:
    """Codes of why photos could not be counted for sure, each once, in the alphabet's order; empty without any."""
    counts = [photo.checks.count for photo in claim.photos if photo.checks and photo.checks.count]
    return ", ".join(sorted({reason for count in counts for reason in count.reasons}))


def judge_species(claim: Claim) -> Finding:
    """Animals were seen, and none of them is of the claimed species."""
    seen = {
        box.species
        for photo in claim.photos
        if photo.checks and photo.checks.count
        for box in photo.checks.count.boxes
    }
    if not seen or claim.report.species in seen:
        return Pass()
    facts = {"claimed": claim.report.species.value, "seen": ", ".join(sorted(seen))}
    return Refer(ReasonCode.COUNT_UNSURE, facts, "species")
