"""Ear tags 耳标: species digit, county and serial, and one claim per tag (domain.md §2)."""

import re
from collections.abc import Sequence

from backend.domain.findings import Finding, Pass, Refer
from backend.domain.policy import Animal
from backend.domain.words import ReasonCode, Species

_TAG = re.compile(r"[123][0-9]{6}[0-9]{8}")
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
