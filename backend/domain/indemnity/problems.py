"""Refusals of figures that no indemnity can be computed from.

Problem
├── InvalidInput
│   └── MissingForMethod   the product's method needs fields that were left out
├── UnknownProduct         no tariff of this name, version or day
└── UnusableProduct        a tariff file that contradicts itself
"""

from http import HTTPStatus

from backend.domain.problems import InvalidInput, Problem


class MissingForMethod(InvalidInput):
    """The product's method needs fields that are not there; ``errors`` names all of them."""

    type = "/problems/missing-for-method"
    title = "The product needs more to compute the indemnity"
    next = "Add every field named in errors and ask again."


class UnknownProduct(Problem):
    """No tariff has this name, or this version, or was in force on this day."""

    type = "/problems/unknown-product"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    title = "No such product"
    next = "Use one of the products named in the detail, as name or name@version."


class UnusableProduct(Problem):
    """A tariff file is wrong; ``errors`` points at every key and the detail names the file."""

    type = "/problems/unusable-product"
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    title = "A product file cannot be used"
    next = "Mend the keys named in errors in that file."
