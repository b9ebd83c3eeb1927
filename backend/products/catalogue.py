"""Every product version known to this installation."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from backend.domain.indemnity.problems import UnknownProduct
from backend.domain.indemnity.product import Product
from backend.domain.problems import FieldError

_LABEL = re.compile(r"([a-z][a-z0-9-]*)(?:@([1-9][0-9]{0,8}))?")


class Catalogue:
    """Finds the version of a product that a policy stands under."""

    def __init__(self, products: Iterable[Product]) -> None:
        self._products = sorted(products, key=lambda product: (product.name, product.version))

    def __iter__(self) -> Iterator[Product]:
        """Products by name, then version."""
        return iter(self._products)

    def find(self, label: str, on: date) -> Product:
        """Return the product that *label* names.

        Args:
            label: ``name`` for the version in force on *on*, or ``name@version`` for that version whatever
                the day, so that a decision can be replayed.
            on: The day the policy incepts, a date in Asia/Shanghai.

        Raises:
            UnknownProduct: Naming the ones there are.
        """
        parts = _LABEL.fullmatch(label)
        name, version = parts.groups() if parts else (label, None)
        versions = [product for product in self if product.name == name]
        if not versions:
            names = dict.fromkeys(product.name for product in self)
            raise UnknownProduct(f"no product {label!r}; known are {', '.join(names)}")
        if version is not None:
            found = [product for product in versions if product.version == int(version)]
            fault = f"no version {version} of {name}"
        else:
            found = [product for product in versions if product.in_force(on)]
            fault = f"no version of {name} in force on {on}"
        if not found:
            raise UnknownProduct(f"{fault}; known are {', '.join(_period(product) for product in versions)}")
        # Until further notice ends where a later version begins.
        return max(found, key=lambda product: product.effective_from)


def clash(product: Product, other: Product) -> FieldError | None:
    """Why two versions cannot stand in one catalogue, as a fault of *other*; None where they can.

    A version without a last day is in force until further notice: a later version may begin at any time after it. One
    that names its last day keeps its days.
    """
    if product.name != other.name:
        return None
    if product.version == other.version:
        return FieldError("/version", f"{product.label} is there already")
    first, second = sorted((product, other), key=lambda one: one.effective_from)
    if first.effective_from == second.effective_from:
        detail = f"{other.label} begins on the same day as {product.label}"
    elif first.effective_to is not None and second.effective_from <= first.effective_to:
        detail = f"{other.label} is in force on days of {_period(product)}"
    else:
        return None
    return FieldError("/effective_from", detail)


def _period(product: Product) -> str:
    until = f" to {product.effective_to}" if product.effective_to else ""
    return f"{product.label} (from {product.effective_from}{until})"
