"""Ear tags 耳标: species digit, county and serial, and one claim per tag (domain.md §2)."""

import re
from collections.abc import Sequence

from backend.domain.elsewhere import Elsewhere
from backend.domain.findings import Finding, Pass, Refer
from backend.domain.parties import Policy
from backend.domain.policy import Animal
from backend.domain.words import ReasonCode, Species

_TAG = re.compile(r"[123][0-9]{6}[0-9]{8}")
_COUNTY = slice(1, 7)
OTHER_FARM, NOT_IN_HERD_BOOK, OTHER_COUNTY = "OTHER_FARM", "NOT_IN_HERD_BOOK", "OTHER_COUNTY"
"""Why a well-formed tag does not fit the farm."""
_SPECIES_OF_FIRST_DIGIT = {
    "1": frozenset({Species.PIG}),
    "2": frozenset({Species.CATTLE}),
    "3": frozenset({Species.SHEEP, Species.GOAT}),
}


def judge_tag(animal: Animal, claims: Sequence[str]) -> Finding:
    """No tag is neutral; a malformed one or one of another species is a doubt; one claimed before holds.

    Args:
        animal: One animal as declared.
        claims: Numbers of earlier claims for the same tag.
    """
    if animal.tag is None:
        return Pass()
    if not _TAG.fullmatch(animal.tag):
        return Refer(ReasonCode.TAG_INVALID, {"tag": animal.tag}, animal.ref)
    if claims:
        facts = {"tag": animal.tag, "claims": ", ".join(claims)}
        return Refer(ReasonCode.DUPLICATE_TAG, facts, animal.tag, holds=True)
    if animal.species not in _SPECIES_OF_FIRST_DIGIT[animal.tag[0]]:
        return Refer(ReasonCode.TAG_SPECIES_MISMATCH, {"tag": animal.tag}, animal.ref)
    return Pass()


def judge_herd(animal: Animal, policy: Policy, elsewhere: Elsewhere) -> Finding:
    """Does a well-formed tag belong to this farm: by its herd book 存栏台账, else by the county in the tag.

    An animal that moved keeps the tag of the county where it was born, and a herd book may be behind: a tag that fits
    neither is a doubt about that animal and holds nothing. What the farm's own herd book lists passes, whatever county
    its tag names. A fitting tag clears no other doubt: of cattle, 7 % of tags are read wrongly (domain.md §2).
    """
    tag = animal.tag
    if tag is None or not _TAG.fullmatch(tag):
        return Pass()
    listed_on = elsewhere.herds.get(tag)
    if listed_on == policy.farm_id:
        return Pass()
    subject = f"herd {animal.ref}"
    if listed_on is not None:
        return Refer(ReasonCode.TAG_INVALID, {"tag": tag, "why": OTHER_FARM, "farm": listed_on}, subject)
    why = []
    if elsewhere.has_herd_book:
        why.append(NOT_IN_HERD_BOOK)
    if tag[_COUNTY] != policy.county[:6]:
        why.append(OTHER_COUNTY)
    return Refer(ReasonCode.TAG_INVALID, {"tag": tag, "why": ", ".join(why)}, subject) if why else Pass()
