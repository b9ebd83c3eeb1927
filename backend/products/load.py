"""The one loader of tariffs: from the package's own TOML files, or from a folder."""

import tomllib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from backend.domain.indemnity.problems import UnusableProduct
from backend.domain.indemnity.product import Product
from backend.domain.problems import FieldError
from backend.products.catalogue import Catalogue, clash
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
            product = read_text(_text(file), file.name)
            for other, found in read.items():
                if fault := clash(found, product):
                    detail = f"{file.name}: {fault.pointer} {fault.detail} ({other})"
                    raise UnusableProduct(
                        detail, errors=[FieldError(fault.pointer, f"{fault.detail} ({other})")]
                    )
            read[file.name] = product
    return Catalogue(read.values())


def read_text(text: str, name: str) -> Product:
    """Return the product of one TOML file, *name*, by its content.

    Raises:
        UnusableProduct: It is no TOML or has wrong keys.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise _no_toml(name, fault) from fault
    return read_tariff(document, name)


def _text(file: Traversable) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as fault:
        raise _no_toml(file.name, fault) from fault


def _no_toml(name: str, fault: ValueError) -> UnusableProduct:
    return UnusableProduct(f"{name}: {fault}", errors=[FieldError("", str(fault))])
