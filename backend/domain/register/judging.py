"""What the trade's rules say of a whole row, once what was registered before has filled its gaps."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any  # a row's values have the types of their fields

from backend.domain.findings import Refer
from backend.domain.indemnity.problems import UnknownProduct
from backend.domain.indemnity.product import Product
from backend.domain.policy import Animal
from backend.domain.rules.tags import judge_tag
from backend.domain.words import Cause, ReasonCode

Values = Mapping[str, Any]

_LONGEST_PERIOD_DAYS = 366


@dataclass(frozen=True, slots=True)
class Wrong:
    """A field of a row that cannot stand, why, and what to do."""

    field: str
    why: str
    next: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What is wrong with a row, and what is odd about it."""

    wrong: tuple[Wrong, ...] = ()
    notes: tuple[str, ...] = ()


def judge_policy(row: Values, product: Product | UnknownProduct) -> Judged:
    """Dates in order, heads that can be, a product that insures the species and has all it computes with."""
    wrong, notes = [], []
    incepted, expires = row["incepted"], row["expires"]
    if expires < incepted:
        wrong.append(
            Wrong("expires", f"is before the first day {incepted}", "Exchange or mend the two dates.")
        )
    elif (expires - incepted).days > _LONGEST_PERIOD_DAYS:
        notes.append(f"covers {(expires - incepted).days + 1} days, more than a year")
    if row["heads_paid_before"] > row["insured_heads"]:
        why = f"are more than the {row['insured_heads']} insured"
        wrong.append(Wrong("heads_paid_before", why, "Heads paid never exceed heads insured."))
    if row["insured_heads"] > row["stock"]:
        notes.append(f"insures {row['insured_heads']} heads of a stock of {row['stock']}")
    wrong += _judge_product(row, product)
    return Judged(tuple(wrong), tuple(notes))


def _judge_product(row: Values, product: Product | UnknownProduct) -> list[Wrong]:
    if isinstance(product, UnknownProduct):
        return [Wrong("product", str(product.detail), "Write a product's name, or name@version.")]
    wrong = []
    if row["species"] not in product.species:
        insured = ", ".join(sorted(product.species))
        why = f"is not insured by {product.label}, which insures {insured}"
        wrong.append(Wrong("species", why, "Mend the species or the product."))
    is_asked = any(product.needs(cause).sum_insured for cause in Cause if cause in product.perils)
    if is_asked and row["sum_insured"] is None and product.sum_insured is None:
        why = f"is missing: {product.label} has no sum of its own"
        wrong.append(Wrong("sum_insured", why, "Write the sum insured per head."))
    return wrong


def judge_policy_change(before: Values, row: Values, *, heads_committed: int, open_claims: int) -> Judged:
    """What a changed policy means for the claims on it."""
    wrong, notes = [], []
    taken = row["heads_paid_before"] + heads_committed
    if heads_committed and row["insured_heads"] < taken:
        why = f"are fewer than the {taken} heads paid or about to be"
        wrong.append(Wrong("insured_heads", why, "Look at the policy's claims first."))
    if open_claims and before != row:
        claims = f"{open_claims} claim{'s' if open_claims > 1 else ''}"
        notes.append(
            f"changes while {claims} on it are open: they keep the terms and payee they were reported under"
        )
    return Judged(tuple(wrong), tuple(notes))


def judge_animal(row: Values) -> Judged:
    """An ear tag is well-formed and of its species."""
    found = judge_tag(Animal(row["tag"], row["species"], row["tag"]), ())
    if not isinstance(found, Refer):
        return Judged()
    if found.code is ReasonCode.TAG_SPECIES_MISMATCH:
        why, then = (
            f"is no tag of {row['species']}",
            "The first digit is 1 for pigs, 2 for cattle, 3 for sheep and goats.",
        )
    else:
        why = "is no ear tag"
        then = "A tag has 15 digits: kind (1 pig, 2 cattle, 3 sheep or goat), county (6), serial (8)."
    return Judged((Wrong("tag", why, then),))
