"""Does the counted scene agree with the heads claimed: domain.md §2, count. Never a denial."""

from collections.abc import Iterable, Sequence
from typing import assert_never

from backend.domain.claim import Claim
from backend.domain.events import SceneFound
from backend.domain.findings import Finding, Pass, Refer, Unknown
from backend.domain.ids import PhotoId
from backend.domain.photos import BoxFound, Photo
from backend.domain.words import ReasonCode, Verdict

_SPECIES = "species"
"""What a doubt about the animals' kind is about, as findings say."""


def compare_heads(scene: SceneFound, claimed: int) -> Verdict:
    """Agree where a sure count is what was claimed; disagree where a sure count cannot be; unsure between."""
    if scene.count is None or scene.unsure:
        return Verdict.UNSURE
    if scene.count == claimed:
        return Verdict.AGREE
    may_agree = (scene.low or 0) <= claimed <= (scene.high or 0)
    return Verdict.UNSURE if may_agree else Verdict.DISAGREE


def verdict_on(claim: Claim, scene: SceneFound) -> Verdict:
    """As ``compare_heads``, but unsure where the number agrees and the triage doubted whose animals they are."""
    verdict = compare_heads(scene, claim.report.heads)
    is_doubted = any(doubt.key == f"{ReasonCode.COUNT_UNSURE}:{_SPECIES}" for doubt in claim.findings)
    return Verdict.UNSURE if is_doubted and verdict is Verdict.AGREE else verdict


def judge_count(claim: Claim, scene: SceneFound) -> Finding:
    """What agrees passes; all else is looked at by people, who are told what was counted and why it is unsure."""
    if scene.count is None:
        return Unknown(ReasonCode.COUNT_UNSURE, "a photo that can be counted", {"claimed": str(claim.heads)})
    facts = {"claimed": str(claim.heads), "counted": str(scene.count)}
    if scene.low != scene.high:
        facts |= {"low": str(scene.low), "high": str(scene.high)}
    if scene.reasons:
        # A text message has room for the first.
        facts |= {"because": ", ".join(scene.reasons), "mainly": scene.reasons[0]}
    match compare_heads(scene, claim.heads):
        case Verdict.AGREE:
            return Pass()
        case Verdict.UNSURE:
            return Refer(ReasonCode.COUNT_UNSURE, facts)
        case Verdict.DISAGREE:
            return Refer(ReasonCode.COUNT_MISMATCH, facts)
        case other:
            assert_never(other)


def judge_named_heads(claim: Claim, scene: SceneFound) -> Finding:
    """Animals of other species were seen, and nowhere as many of the claimed one as heads are claimed.

    Animals of other species beside enough of the claimed one make the count differ, which ``judge_count`` says.
    """
    seen = {box.species for photo in claim.photos for box in _boxes(photo)}
    if seen <= {claim.report.species} or _most_named(claim, scene) >= claim.heads:
        return Pass()
    return _looks_like(claim, seen)


def _most_named(claim: Claim, scene: SceneFound) -> int:
    """The most heads of the claimed species on one ground: nobody knows whether two grounds show the same animals.

    Where no photo shows all heads, photos of one ground add up; an animal on two of them may then count twice.
    """
    of_ground = {photo: ground for ground in scene.overlapping for photo in ground}
    grounds: dict[tuple[PhotoId, ...], list[Photo]] = {}
    for photo in claim.photos:
        grounds.setdefault(of_ground.get(photo.id, (photo.id,)), []).append(photo)
    most = 0
    for photos in grounds.values():
        named = [sum(box.species == claim.report.species for box in _boxes(photo)) for photo in photos]
        shows_all = any(len(_boxes(photo)) >= claim.heads for photo in photos)
        most = max(most, max(named) if shows_all else sum(named))
    return most


def judge_species(claim: Claim) -> Finding:
    """Animals were seen, and none of them is of the claimed species: how claims were judged until 2026-11-26."""
    seen = {box.species for photo in claim.photos for box in _boxes(photo)}
    return Pass() if not seen or claim.report.species in seen else _looks_like(claim, seen)


def _boxes(photo: Photo) -> Sequence[BoxFound]:
    return photo.checks.count.boxes if photo.checks and photo.checks.count else ()


def _looks_like(claim: Claim, seen: Iterable[str]) -> Refer:
    facts = {"claimed": claim.report.species.value, "seen": ", ".join(sorted(seen))}
    return Refer(ReasonCode.COUNT_UNSURE, facts, _SPECIES)
