"""The rules of version 2026-11 as they judged: kept for the replay of its claims, told of no new claim.

They looked photo by photo, knew other claims' photos and tags, and nothing of herd books, clocks, payees and history.
"""

from collections.abc import Iterator

from backend.domain.findings import Finding
from backend.domain.rules.count import judge_count, judge_species
from backend.domain.rules.cover import CODES_OF_COVER, judge_cover
from backend.domain.rules.photos import judge_arrival, judge_reuse
from backend.domain.rules.place import judge_camera, judge_place
from backend.domain.rules.rule import Case, Rule
from backend.domain.rules.tags import judge_tag
from backend.domain.rules.thresholds import Thresholds
from backend.domain.words import ReasonCode as R


def _each_photo(case: Case, _: Thresholds) -> Iterator[Finding]:
    for photo in case.claim.photos:
        yield judge_arrival(photo)
        yield judge_reuse(photo, case.elsewhere.by_photo.get(photo.id, ()))
        yield judge_place(photo)
        yield judge_camera(photo)


def _each_tag(case: Case, _: Thresholds) -> Iterator[Finding]:
    for animal in case.claim.animals:
        yield judge_tag(animal, case.elsewhere.by_tag.get(animal.tag or "", ()))


CHECKS = (
    Rule(
        name="cover",
        asks="Does the policy answer for this loss, and is the sum complete?",
        raises=CODES_OF_COVER,
        find=lambda case, _: judge_cover(case.claim, case.quote),
    ),
    Rule(
        name="photos",
        asks="Are the photos there, new, and taken on the premises?",
        raises=(R.EVIDENCE_MISSING, R.DUPLICATE_PHOTO, R.OUTSIDE_PREMISES, R.LOCATION_UNKNOWN),
        find=_each_photo,
    ),
    Rule(
        name="count",
        asks="Does the counted scene agree with the heads claimed?",
        raises=(R.COUNT_MISMATCH, R.COUNT_UNSURE),
        find=lambda case, _: (judge_count(case.claim, case.scene), judge_species(case.claim)),
    ),
    Rule(
        name="tags",
        asks="Is each ear tag well-formed, of its species, and claimed once?",
        raises=(R.TAG_INVALID, R.TAG_SPECIES_MISMATCH, R.DUPLICATE_TAG),
        find=_each_tag,
    ),
)
