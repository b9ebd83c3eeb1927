"""Imports of products 保险产品: a version is looked at whole, kept for good, and known to every process at once."""

from datetime import datetime
from typing import Literal

from backend.domain.indemnity.import_problems import ProductFileWrong, ProductVersionFixed
from backend.domain.indemnity.problems import UnknownProduct
from backend.domain.indemnity.product import Product
from backend.domain.parties import Officer
from backend.domain.problems import FieldError
from backend.products.catalogue import Catalogue
from backend.products.check import Checked, check_file, check_files
from backend.products.words import differences
from backend.store import products, registers
from backend.store.engine import Transaction
from backend.store.products import Shelf

Outcome = Literal["new", "same"]
Document = dict[str, object]


def read_product(content: bytes, known: Catalogue | None = None) -> Product:
    """The product of a file; where the *known* are given it must fit beside them.

    Raises:
        ProductFileWrong: Naming every fault with its line.
        ProductVersionFixed: The version is known with another content.
    """
    checked = check_file("file", content)
    if checked.product and known is not None:
        label = checked.product.label
        if known.holds(label) and _of(known, label) != checked.product:
            raise ProductVersionFixed(label)
        (checked,) = check_files({"file": content}, known)
    return _sound(checked)


def import_product(
    connection: Transaction, shelf: Shelf, content: bytes, by: Officer, at: datetime, *, dry_run: bool
) -> Document:
    """Keep a version, in the transaction that the caller has; say what it changes.

    Raises:
        ProductFileWrong, ProductVersionFixed: As ``read_product``; nothing was written.
    """
    if not dry_run:
        # Locked before looking: two files of one product may come at once, each sound by itself.
        registers.count_up(connection, products.COUNTER)
    known = shelf.catalogue(connection)
    product = read_product(content, known)
    outcome: Outcome = "same" if known.holds(product.label) else "new"
    if outcome == "new" and not dry_run:
        products.put(connection, product, content.decode("utf-8-sig"), by.id, at)
    return {
        "label": product.label,
        "outcome": outcome,
        "dry_run": dry_run,
        "differences": [one.words for one in differences(_before(known, product), product)]
        if outcome == "new"
        else [],
        "policies": products.policies_under(connection, product, product.effective_from),
    }


def _before(known: Catalogue, product: Product) -> Product:
    """The version that is in force on the new one's first day; the new one where there is none."""
    try:
        return known.find(product.name, product.effective_from)
    except UnknownProduct:
        return product


def _of(known: Catalogue, label: str) -> Product:
    return next(product for product in known if product.label == label)


def _sound(checked: Checked) -> Product:
    if checked.faults or checked.product is None:
        errors = [FieldError(fault.pointer, f"line {fault.line}: {fault.rule}") for fault in checked.faults]
        told = "; ".join(f"line {fault.line}: {fault.pointer} {fault.rule}" for fault in checked.faults)
        raise ProductFileWrong(told, errors=errors)
    return checked.product
