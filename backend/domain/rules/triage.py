"""All rules run, so that every reason is known at once; the path follows from what they found."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from backend.domain.claim import Claim
from backend.domain.events import SceneFound
from backend.domain.findings import Finding, Pass, Refer, Unknown
from backend.domain.ids import PhotoId
from backend.domain.indemnity.quote import Quote
from backend.domain.programme import ProgrammeLimit
from backend.domain.rules.count import judge_count, judge_species
from backend.domain.rules.cover import judge_cover
from backend.domain.rules.photos import judge_arrival, judge_reuse
from backend.domain.rules.place import judge_camera, judge_place
from backend.domain.rules.programme import judge_programme
from backend.domain.rules.tags import judge_tag
from backend.domain.words import Path

RULE_VERSION = "2026-11"
"""Recorded with every triage: a claim is replayed under the rules it was judged by."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What other claims hold: numbers of earlier claims by photo and by ear tag, and the programme's money."""

    by_photo: Mapping[PhotoId, tuple[str, ...]]
    by_tag: Mapping[str, tuple[str, ...]]
    programme: ProgrammeLimit | None = None


def judge(claim: Claim, scene: SceneFound, quote: Quote, elsewhere: Elsewhere) -> tuple[Refer, ...]:
    """Every doubt about the claim, each once; a doubt that a person has cleared no longer holds the claim."""
    found = {}
    for finding in _findings(claim, scene, quote, elsewhere):
        referred = _as_doubt(finding)
        if referred:
            cleared = referred.key in claim.cleared
            found[referred.key] = replace(referred, holds=referred.holds and not cleared)
    return tuple(found.values())


def path_for(doubts: tuple[Refer, ...]) -> Path:
    """HOLD if any doubt holds, ASSISTED if there is any, FAST otherwise."""
    if any(doubt.holds for doubt in doubts):
        return Path.HOLD
    return Path.ASSISTED if doubts else Path.FAST


def _findings(claim: Claim, scene: SceneFound, quote: Quote, elsewhere: Elsewhere) -> Iterator[Finding]:
    yield from judge_cover(claim, quote)
    yield judge_programme(quote.payable, elsewhere.programme)
    for photo in claim.photos:
        yield judge_arrival(photo)
        yield judge_reuse(photo, elsewhere.by_photo.get(photo.id, ()))
        yield judge_place(photo)
        yield judge_camera(photo)
    yield judge_count(claim, scene)
    yield judge_species(claim)
    for animal in claim.animals:
        yield judge_tag(animal, elsewhere.by_tag.get(animal.tag or "", ()))


def _as_doubt(finding: Finding) -> Refer | None:
    match finding:
        case Pass():
            return None
        case Unknown(code, missing, facts, subject):
            return Refer(code, {**facts, "missing": missing}, subject)
        case Refer():
            return finding
