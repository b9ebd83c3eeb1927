"""Reads a loss document, the input of ``indemnity quote`` (formats.md); names all wrong fields at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from backend.domain.indemnity.needs import is_needed, needed
from backend.domain.indemnity.problems import UnknownProduct
from backend.domain.indemnity.product import Product
from backend.domain.indemnity.reading import Fields
from backend.domain.indemnity.values import above_zero, count, day, moment, money, percentage, text, word
from backend.domain.policy import Animal, Loss, Terms
from backend.domain.problems import FieldError, InvalidInput
from backend.domain.words import Category, Cause, Species

FindProduct = Callable[[str, date], Product]
"""A name or ``name@version`` and the day of inception to a product; raises UnknownProduct."""


@dataclass(frozen=True, slots=True)
class LossDocument:
    """What a quote is computed from."""

    product: Product
    terms: Terms
    loss: Loss
    animals: tuple[Animal, ...]


def read_loss(document: object, find: FindProduct) -> LossDocument:
    """Return the content of *document*.

    What only the product's method needs may still be missing: ``quote`` names that. Where something else is
    wrong it is named along with it.

    Raises:
        InvalidInput: With an error for every field that is wrong, missing or not known.
    """
    whole = Fields(document, "", [], set())
    label = whole.read("product", text)
    policy, loss, rows = whole.inside("policy"), whole.inside("loss"), whole.items("animals")
    whole.close()
    incepted = policy.read("incepted", day)
    cause = loss.read("cause", word(Cause))
    species = [row.read("species", word(Species)) for row in rows]
    product = _product(whole, label, incepted, find)
    terms = _terms(policy, incepted)
    event = _loss(loss, cause)
    animals = _animals(rows, species)
    if product and terms and event and not whole.errors:
        return LossDocument(product, terms, event, animals)
    errors = whole.errors + _also_missing(product, cause, species, whole)
    raise InvalidInput(f"{len(errors)} field(s) are missing or wrong", errors=errors)


def _product(whole: Fields, label: str | None, incepted: date | None, find: FindProduct) -> Product | None:
    if label is None or incepted is None:
        return None
    try:
        return find(label, incepted)
    except UnknownProduct as unknown:
        whole.wrong("product", unknown.detail)
        return None


def _terms(policy: Fields, incepted: date | None) -> Terms | None:
    expires = policy.read("expires", day)
    insured_heads = policy.read("insured_heads", count(least=1))
    stock = policy.read("stock", count(least=1))
    heads_paid = policy.read("heads_paid", count(least=0), required=False)
    deductible = policy.read("deductible_percent", percentage, required=False)
    sum_insured = policy.read("sum_insured", money, required=False)
    policy.close()
    if incepted and expires and expires < incepted:
        policy.wrong("expires", f"is before the policy incepts on {incepted}")
    if incepted is None or expires is None or insured_heads is None or stock is None:
        return None
    return Terms(
        incepted=incepted,
        expires=expires,
        insured_heads=insured_heads,
        stock=stock,
        sum_insured=sum_insured,
        heads_paid=heads_paid or 0,
        deductible_percent=Decimal(0) if deductible is None else deductible,
    )


def _loss(loss: Fields, cause: Cause | None) -> Loss | None:
    occurred_at = loss.read("occurred_at", moment)
    price = loss.read("market_price_per_kg", above_zero, required=False)
    deaths = loss.read("deaths", count(least=0), required=False)
    age = loss.read("age_percent", percentage, required=False)
    mortality = loss.read("normal_mortality_percent", percentage, required=False)
    loss.close()
    if cause is None or occurred_at is None:
        return None
    return Loss(cause, occurred_at, price, deaths, age, mortality)


def _animals(rows: Sequence[Fields], species: Sequence[Species | None]) -> tuple[Animal, ...]:
    animals: dict[str, Animal] = {}
    for row, kind in zip(rows, species, strict=True):
        ref = row.read("ref", text)
        tag = row.read("tag", text, required=False)
        category = row.read("category", word(Category), required=False)
        weight = row.read("weight_kg", above_zero, required=False)
        months = row.read("age_months", count(least=0), required=False)
        row.close()
        if ref in animals:
            row.wrong("ref", f"{ref} stands twice; a ref names one animal")
        elif ref is not None and kind is not None:
            animals[ref] = Animal(ref, kind, tag, category, weight, age_months=months)
    return tuple(animals.values())


def _also_missing(
    product: Product | None, cause: Cause | None, species: Sequence[Species | None], whole: Fields
) -> list[FieldError]:
    """What the method needs besides, as far as product and cause could be read.

    Nothing is missing from an object or a list that is itself wrong.
    """
    if product is None or cause is None:
        return []
    wrong = tuple(error.pointer for error in whole.errors)
    return [
        is_needed(pointer, product)
        for pointer in needed(product, cause, species)
        if pointer not in whole.given and not any(f"{pointer}/".startswith(f"{one}/") for one in wrong)
    ]
