"""The lines of a quote: one a head in list order, or one for a flock's event."""

from collections.abc import Sequence
from dataclasses import dataclass

from backend.domain.indemnity.amount import MethodAmount, amount_of
from backend.domain.indemnity.cull import cull_amount
from backend.domain.indemnity.flock import FlockEvent, deaths_paid
from backend.domain.indemnity.needs import unknown_for_all, unknown_for_one
from backend.domain.indemnity.order import no_payment, settle
from backend.domain.indemnity.product import PerHead, Product
from backend.domain.indemnity.working import StepKind, Steps, in_words, step
from backend.domain.money import ZERO, Money
from backend.domain.policy import Animal, Loss, Terms
from backend.domain.replacing import replace
from backend.domain.words import Cause, ReasonCode

FLOCK_REF = "event"
"""The ref of a flock's one line."""


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """What one head, or a flock's event, comes to.

    ``codes`` say why nothing or not everything is paid; ``heads`` are the insured heads that it uses up; ``unknown``
    names the fields that are missing for it.
    """

    ref: str
    amount: Money
    steps: Steps
    codes: tuple[ReasonCode, ...] = ()
    heads: int = 0
    unknown: tuple[str, ...] = ()

    @property
    def working(self) -> str:
        """The arithmetic in one line, as formats.md writes it."""
        return in_words(self.steps)

    def as_json(self) -> dict[str, object]:
        """One of ``lines`` in formats.md."""
        return {
            "ref": self.ref,
            "amount": str(self.amount),
            "working": self.working,
            "codes": [str(code) for code in self.codes],
        }


def heads_left(terms: Terms) -> int:
    """Insured heads that this cover period has not paid yet."""
    return max(0, terms.insured_heads - terms.heads_paid)


def lines_per_head(
    product: Product,
    method: PerHead,
    terms: Terms,
    loss: Loss,
    animals: Sequence[Animal],
    out_of_cover: Sequence[ReasonCode],
) -> tuple[QuoteLine, ...]:
    """Pay heads in list order until the insured heads are used up; a head paid 0.00 uses none."""
    left = heads_left(terms)
    lines = []
    for animal in animals:
        line = _line_for_head(product, method, terms, loss, animal, out_of_cover)
        if line.heads > left:
            used_up = no_payment(step(StepKind.USED_UP, insured=terms.insured_heads))
            line = QuoteLine(animal.ref, ZERO, used_up, (ReasonCode.OVER_INSURED_COUNT,))
        left -= line.heads
        lines.append(line)
    return tuple(lines)


def line_for_flock(
    product: Product, method: FlockEvent, terms: Terms, loss: Loss, out_of_cover: Sequence[ReasonCode]
) -> QuoteLine:
    """Return the event's one line; deaths beyond the insured heads are left out of it and named."""
    unpaid = _unpaid(FLOCK_REF, unknown_for_all(product, terms, loss), out_of_cover)
    if unpaid is not None:
        return unpaid
    sum_insured, deaths = product.sum_insured_under(terms), loss.deaths or 0
    heads = min(deaths, heads_left(terms))
    if loss.cause is Cause.CULL:
        (species,) = product.species
        amount = _culled(sum_insured, product.subsidy(species), heads, deaths)
    else:
        amount = method.amount(heads, terms.stock, loss, sum_insured)
    most = None if sum_insured is None else Money(sum_insured.fen * heads)
    line = _settled(FLOCK_REF, amount, terms, most, heads)
    if heads < deaths and amount.code is None:
        return replace(line, codes=(ReasonCode.OVER_INSURED_COUNT,))
    return line


def _culled(sum_insured: Money | None, subsidy: Money, heads: int, deaths: int) -> MethodAmount:
    one = cull_amount(sum_insured, subsidy)
    if one.code:
        return one
    told = step(StepKind.FLOCK_CULL, sum=sum_insured, subsidy=subsidy)
    return amount_of(one.yuan * heads, deaths_paid(heads, deaths), told)


def _line_for_head(
    product: Product,
    method: PerHead,
    terms: Terms,
    loss: Loss,
    animal: Animal,
    out_of_cover: Sequence[ReasonCode],
) -> QuoteLine:
    if animal.species not in product.species:
        codes = tuple(dict.fromkeys((*out_of_cover, ReasonCode.SPECIES_NOT_INSURED)))
        why = step(StepKind.NOT_INSURED, product=product.label, species=animal.species)
        return QuoteLine(animal.ref, ZERO, no_payment(why), codes)
    unknown = unknown_for_all(product, terms, loss) + unknown_for_one(product, loss.cause, animal)
    unpaid = _unpaid(animal.ref, unknown, out_of_cover)
    if unpaid is not None:
        return unpaid
    sum_insured = product.sum_insured_under(terms)
    if loss.cause is Cause.CULL:
        amount = cull_amount(sum_insured, product.subsidy(animal.species, animal.category))
    else:
        amount = method.amount(animal, loss, sum_insured)
    return _settled(animal.ref, amount, terms, sum_insured, heads=1)


def _unpaid(ref: str, unknown: Sequence[str], out_of_cover: Sequence[ReasonCode]) -> QuoteLine | None:
    if out_of_cover:
        return QuoteLine(ref, ZERO, no_payment(step(StepKind.NOT_IN_COVER)), tuple(out_of_cover))
    if unknown:
        named = [
            step(StepKind.ALSO_UNKNOWN if place else StepKind.UNKNOWN, what=field)
            for place, field in enumerate(unknown)
        ]
        working = no_payment(*named, step(StepKind.NOT_KNOWN_YET))
        return QuoteLine(ref, ZERO, working, (ReasonCode.EVIDENCE_MISSING,), unknown=tuple(unknown))
    return None


def _settled(ref: str, amount: MethodAmount, terms: Terms, most: Money | None, heads: int) -> QuoteLine:
    due, steps = settle(amount, terms, most)
    codes = () if amount.code is None else (amount.code,)
    return QuoteLine(ref, due, steps, codes, heads if due else 0)
