"""Which fields a quote needs, as JSON pointers into a loss document, and which of them are missing."""

from collections.abc import Sequence

from backend.domain.indemnity.flock import FlockEvent
from backend.domain.indemnity.product import Product
from backend.domain.policy import Animal, Loss, Terms
from backend.domain.problems import FieldError
from backend.domain.words import Cause, Species


def needed(product: Product, cause: Cause, species: Sequence[Species | None]) -> list[str]:
    """Return the pointers that *product* needs for a loss by *cause*.

    Args:
        product: Its default stands in for the policy's sum insured.
        cause: Culling needs other fields than the product's method.
        species: Of each animal in order; None where it could not be read. An animal that is not insured needs
            nothing.
    """
    needs = product.needs(cause)
    pointers = [f"/loss/{field}" for field in needs.loss]
    if needs.sum_insured and product.sum_insured is None:
        pointers.append("/policy/sum_insured")
    if isinstance(product.method, FlockEvent):
        return pointers
    if not species:
        pointers.append("/animals")
    for position, kind in enumerate(species):
        if kind is None or kind in product.species:
            pointers += [f"/animals/{position}/{field}" for field in needs.animal]
    return pointers


def missing(product: Product, terms: Terms, loss: Loss, animals: Sequence[Animal]) -> list[FieldError]:
    """Name every field that the product's method needs and that is None."""
    present = {"/animals"} if animals else set[str]()
    present |= {f"/policy/{field}" for field in _known(terms)} | {f"/loss/{field}" for field in _known(loss)}
    for position, animal in enumerate(animals):
        present |= {f"/animals/{position}/{field}" for field in _known(animal)}
    wanted = needed(product, loss.cause, [animal.species for animal in animals])
    return [is_needed(pointer, product) for pointer in wanted if pointer not in present]


def is_needed(pointer: str, product: Product) -> FieldError:
    """The error for a field that is not there."""
    return FieldError(pointer, f"{product.label} needs it")


def unknown_for_all(product: Product, terms: Terms, loss: Loss) -> list[str]:
    """The needed fields of policy and loss that are unknown: without them no head has an amount."""
    needs = product.needs(loss.cause)
    unknown = [field for field in needs.loss if getattr(loss, field) is None]
    if needs.sum_insured and product.sum_insured_under(terms) is None:
        unknown.append("sum_insured")
    return unknown


def unknown_for_one(product: Product, cause: Cause, animal: Animal) -> list[str]:
    """The needed fields of one insured animal that are unknown."""
    return [field for field in product.needs(cause).animal if getattr(animal, field) is None]


def _known(record: Terms | Loss | Animal) -> list[str]:
    return [field for field in record.__slots__ if getattr(record, field) is not None]
