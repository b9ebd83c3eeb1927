"""Is a declared weight sure enough for the band that it pays: domain.md §2, weight. Never a denial."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from backend.domain.claim import Claim
from backend.domain.findings import Finding, Pass, Refer, Unknown
from backend.domain.indemnity.bands import WeightBands
from backend.domain.indemnity.product import Product
from backend.domain.policy import Animal
from backend.domain.words import ReasonCode, WeightSource

NEAR_EDGE_PERCENT = 5
"""A declared weight so near to a band's edge, inclusive, asks for the scale photo (domain.md §2, weight)."""

MEASURED = frozenset({WeightSource.SCALE_PHOTO, WeightSource.OFFICER, WeightSource.DOCKET})
"""Sources that someone has read from a scale, or stands for with a name."""

SCALE_PHOTO = "scale_photo"
"""The word for what is asked for, as the sentences know it."""

_SUBJECT = "scale"
_WEIGHT = "weight"


def judge_weights(claim: Claim, product: Product) -> Iterator[Finding]:
    """Each animal whose weight decides what is paid and rests on a farmer's guess alone."""
    if "weight_kg" not in product.needs(claim.report.cause).animal:
        return
    for animal in claim.animals:
        yield judge_weight(animal, product)


def judge_weight(animal: Animal, product: Product) -> Finding:
    """Ask for the scale photo where a few kilograms that nobody weighed change the sum.

    A weight in kg is doubtful within 5 % of a band's edge. A picture is not: its weight stands for the whole picture,
    so that only an edge inside the picture's own range is a doubt, or a product that pays by the kilogram.
    """
    if animal.weight_kg is None or animal.weight_source in MEASURED:
        return Pass()
    method, band = product.method, animal.size_band
    if not isinstance(method, WeightBands):
        return Pass() if band is None else _ask(animal, f"{_span(animal)}, {product.label}")
    for edge in _edges(method):
        if band is not None:
            if band.straddles(edge):
                return _ask(animal, f"{_span(animal)}, {edge} kg")
        elif abs(animal.weight_kg - edge) * 100 <= edge * NEAR_EDGE_PERCENT:
            return _ask(animal, f"{animal.weight_kg} kg, {edge} kg ± {NEAR_EDGE_PERCENT} %")
    return Pass()


def asks_for_scale(doubts: Iterable[Refer]) -> bool:
    """Whether the farmer is asked for a photo of the scale."""
    return any(doubt.facts.get("what") == SCALE_PHOTO for doubt in doubts)


def is_answered(subject: str, claim: Claim) -> bool:
    """Whether a doubt about a weight was settled by an officer's assessment since.

    Args:
        subject: Of the doubt (``Refer.subject``).
        claim: As it stands.
    """
    what, _, ref = subject.partition(" ")
    animal = next((one for one in claim.animals if one.ref == ref), None)
    if what not in {_SUBJECT, _WEIGHT} or not claim.assessments:
        return False
    return animal is None or (animal.weight_kg is not None and animal.weight_source in MEASURED)


def _edges(method: WeightBands) -> tuple[Decimal, ...]:
    ends = {band.from_kg for band in method.bands} | {band.to_kg for band in method.bands if band.to_kg}
    return tuple(sorted(ends))


def _span(animal: Animal) -> str:
    band = animal.size_band
    if band is None:
        return f"{animal.weight_kg} kg"
    return f"{band.from_kg}–{band.to_kg or ''} kg"


def _ask(animal: Animal, why: str) -> Unknown:
    facts = {"what": SCALE_PHOTO, "ref": animal.ref}
    return Unknown(ReasonCode.EVIDENCE_MISSING, why, facts, f"{_SUBJECT} {animal.ref}")
