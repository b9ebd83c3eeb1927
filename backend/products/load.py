"""The one loader of tariffs: from the package's own TOML files, or from a folder."""

import tomllib
from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import combinations

from backend.domain.indemnity.problems import UnusableProduct
from backend.domain.indemnity.product import Product
from backend.domain.problems import FieldError
from backend.products.catalogue import Catalogue
from backend.products.tariff import read_tariff


@cache
def products() -> Catalogue:
    """The products that ship with flashclaim, read once.

    Raises:
        UnusableProduct: A shipped file was changed and is wrong; file and keys are named.
    """
    return read_folder(files("backend.products"))


def read_folder(folder: Traversable) -> Catalogue:
    """Return the products of every ``*.toml`` in *folder*.

    Raises:
        UnusableProduct: A file is no TOML or has wrong keys, or two claim the same version or the same day.
    """
    read: dict[str, Product] = {}
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            read[file.name] = read_tariff(_parse(file), file.name)
    for (one, first), (other, second) in combinations(read.items(), 2):
        _refuse_clash(one, first, other, second)
    return Catalogue(read.values())


def _parse(file: Traversable) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise UnusableProduct(f"{file.name}: {fault}", errors=[FieldError("", str(fault))]) from fault


def _refuse_clash(file: str, product: Product, other_file: str, other: Product) -> None:
    if product.name != other.name:
        return
    if product.version == other.version:
        fault = FieldError("/version", f"{product.label} is also in {file}")
    elif _overlap((product, other)):
        fault = FieldError(
            "/effective_from", f"{other.label} is in force on days of {product.label} ({file})"
        )
    else:
        return
    raise UnusableProduct(f"{other_file}: {fault.pointer} {fault.detail}", errors=[fault])


def _overlap(products: Sequence[Product]) -> bool:
    starts = max(product.effective_from for product in products)
    ends = min(product.effective_to or date.max for product in products)
    return starts <= ends
