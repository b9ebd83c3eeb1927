"""What an assessment 定损 changed: per head and in the sum, and whose approvals it made void. Computed from events."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from backend.domain.ids import OfficerId
from backend.domain.money import Money
from backend.domain.offer import Offer
from backend.domain.parties import Actor
from backend.domain.policy import Animal, FlockFigures
from backend.domain.words import Lane


@dataclass(frozen=True, slots=True)
class Change:
    """One value of one head before and after; ``ref`` is empty for what holds for the whole claim.

    ``field`` is one of ``Animal``, or ``listed`` (a head that came or went), ``amount``, ``heads``, ``age_percent``,
    ``normal_mortality_percent``.
    """

    ref: str
    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class VoidedApproval:
    """An approval of another sum that has to be given again."""

    lane: Lane
    by: OfficerId
    amount: Money | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """One assessment against what stood before it; ``receipt_number`` where the docket's weights were taken."""

    at: datetime
    by: Actor
    reason: str
    amount_before: Money | None
    amount_after: Money
    changes: tuple[Change, ...]
    voided: tuple[VoidedApproval, ...] = ()
    receipt_number: str | None = None


@dataclass(frozen=True, slots=True)
class Assessed:
    """What an assessment may change."""

    heads: int
    animals: tuple[Animal, ...]
    flock: FlockFigures | None
    offer: Offer | None


def changes(before: Assessed, after: Assessed) -> tuple[Change, ...]:
    """Every value that differs, claim first, then head by head in list order."""
    return (*_of_claim(before, after), *_of_heads(before.animals, after.animals), *_of_sums(before, after))


def _of_claim(before: Assessed, after: Assessed) -> Iterator[Change]:
    if before.heads != after.heads:
        yield Change("", "heads", str(before.heads), str(after.heads))
    for one in fields(FlockFigures):
        was, now = (_text(getattr(side.flock, one.name, None)) for side in (before, after))
        if was != now:
            yield Change("", one.name, was, now)


def _of_heads(before: Sequence[Animal], after: Sequence[Animal]) -> Iterator[Change]:
    had, has = ({animal.ref: animal for animal in side} for side in (before, after))
    for ref in dict.fromkeys((*had, *has)):
        was, now = had.get(ref), has.get(ref)
        if was is None or now is None:
            yield Change(ref, "listed", *(str(one is not None).lower() for one in (was, now)))
        for one in fields(Animal):
            values = tuple(_text(getattr(side, one.name, None)) for side in (was, now))
            if values[0] != values[1] and one.name != "ref":
                yield Change(ref, one.name, *values)


def _of_sums(before: Assessed, after: Assessed) -> Iterator[Change]:
    had, has = (_amounts(side.offer) for side in (before, after))
    for ref in dict.fromkeys((*had, *has)):
        if had.get(ref) != has.get(ref):
            yield Change(ref, "amount", had.get(ref), has.get(ref))


def _amounts(offer: Offer | None) -> Mapping[str, str]:
    return {} if offer is None else {line.ref: str(line.amount) for line in offer.lines}


def _text(value: object) -> str | None:
    """A value as people read it; a size band by its code."""
    if value is None:
        return None
    return str(getattr(value, "code", value))
