"""Is this loss in cover 保险责任? Looked at before any sum; every ground is named at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, Literal

from backend.domain.indemnity.product import Product
from backend.domain.policy import Animal, Loss, Terms, policy_day
from backend.domain.words import Cause, ReasonCode


@dataclass(frozen=True, slots=True)
class OutOfCover:
    """A ground on which the quote is 0.00. A person decides the claim: the quote is arithmetic.

    ``first_day`` is the first covered policy day, where only the observation period 观察期 stands against it.
    """

    result: ClassVar[Literal["refer"]] = "refer"

    code: ReasonCode
    text: str
    first_day: date | None = None


def grounds_out_of_cover(
    product: Product, terms: Terms, loss: Loss, animals: Sequence[Animal]
) -> tuple[OutOfCover, ...]:
    """Return every ground on which nothing of this loss is in cover; none means covered.

    Days are policy days (Asia/Shanghai). A single animal of another species has its code in its own line; it
    is a ground here only if no animal is of an insured species.
    """
    day = policy_day(loss.occurred_at)
    grounds = []
    if not terms.incepted <= day <= terms.expires:
        text = f"the loss of {day} is outside the cover from {terms.incepted} to {terms.expires}"
        grounds.append(OutOfCover(ReasonCode.NOT_IN_FORCE, text))
    elif loss.cause is Cause.DISEASE and day < first_day_for_disease(product, terms):
        first = first_day_for_disease(product, terms)
        text = f"disease on {day} is in the observation period; it is covered from {first}"
        grounds.append(OutOfCover(ReasonCode.OBSERVATION_PERIOD, text, first))
    if loss.cause not in product.perils:
        grounds.append(OutOfCover(ReasonCode.PERIL_EXCLUDED, f"{product.label} does not insure {loss.cause}"))
    if animals and not any(animal.species in product.species for animal in animals):
        text = f"{product.label} insures {', '.join(sorted(product.species))}"
        grounds.append(OutOfCover(ReasonCode.SPECIES_NOT_INSURED, text))
    return tuple(grounds)


def first_day_for_disease(product: Product, terms: Terms) -> date:
    """The first policy day on which disease is covered.

    The inception day is day 1 of the observation period 观察期. Accidents and natural events
    are covered at once (domain.md §3).
    """
    try:
        return terms.incepted + timedelta(days=product.observation_days)
    except OverflowError:
        return date.max
