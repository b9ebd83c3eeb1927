"""Reads one tariff file into a product and names every key that is wrong."""

from collections.abc import Mapping

from backend.domain.indemnity.amount import known
from backend.domain.indemnity.flock import FlockEvent
from backend.domain.indemnity.problems import UnusableProduct
from backend.domain.indemnity.product import Product
from backend.domain.indemnity.reading import Fields
from backend.domain.indemnity.values import count, day, money, product_name, some_of, text
from backend.domain.money import Money
from backend.domain.words import Category, Cause, Species
from backend.products.methods import read_method


def read_tariff(document: Mapping[str, object], file: str) -> Product:
    """Return the product that *document*, the content of *file*, describes.

    Raises:
        UnusableProduct: Naming the file, and in ``errors`` every key that is wrong or not known.
    """
    return read_fields(Fields(document, "", [], set()), file)


def read_fields(tariff: Fields, file: str) -> Product:
    """``read_tariff`` from fields that somebody else made; ``schema.py`` notes what is asked of them.

    Raises:
        UnusableProduct: As ``read_tariff``.
    """
    errors = tariff.errors
    name = tariff.read("name", product_name)
    version = tariff.read("version", count(least=1))
    effective_from = tariff.read("effective_from", day)
    effective_to = tariff.read("effective_to", day, required=False)
    source = tariff.read("source", text)
    species = tariff.read("species", some_of(Species))
    perils = tariff.read("perils", some_of(Cause))
    observation_days = tariff.read("observation_days", count(least=0))
    sum_insured = tariff.read("sum_insured", money, required=False)
    method = read_method(tariff.inside("method"))
    table = tariff.inside("subsidies")
    subsidies = _subsidies(table)
    tariff.close()
    if effective_from and effective_to and effective_to < effective_from:
        tariff.wrong("effective_to", f"is before effective_from {effective_from}")
    for kind in sorted((species or frozenset()) - set(table.names())):
        if Cause.CULL in (perils or ()):
            tariff.wrong("subsidies", f"names no subsidy for {kind}")
    if isinstance(method, FlockEvent) and species and len(species) > 1:
        tariff.wrong("species", "a flock is of one species")
    if errors or method is None:
        faults = "; ".join(f"{error.pointer} {error.detail}" for error in errors)
        raise UnusableProduct(f"{file}: {faults}", errors=errors)
    # Without an error nothing that is required is None.
    return Product(
        name=known(name),
        version=known(version),
        effective_from=known(effective_from),
        effective_to=effective_to,
        source=known(source),
        species=known(species),
        perils=known(perils),
        observation_days=known(observation_days),
        method=method,
        subsidies=subsidies,
        sum_insured=sum_insured,
    )


def _subsidies(table: Fields) -> dict[Species | Category, Money]:
    words: dict[str, Species | Category] = {str(one): one for one in (*Species, *Category)}
    subsidies = {}
    for name in table.names():
        amount = table.read(name, money, required=False)
        if name not in words:
            table.wrong(name, "is neither a species nor a category")
        elif amount is not None:
            subsidies[words[name]] = amount
    return subsidies
