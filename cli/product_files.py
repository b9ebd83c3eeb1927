"""Products by name or file: from this machine where that is enough, else from the server."""

from datetime import date
from pathlib import Path
from typing import Any  # products as the API sends them

import typer

from backend.domain.indemnity.problems import UnknownProduct
from backend.domain.indemnity.product import Product
from backend.domain.policy import policy_day
from backend.products.catalogue import Catalogue
from backend.products.check import check_file
from backend.products.load import products
from backend.products.tariff import read_tariff
from backend.products.writing import document_of
from cli.desk import at_desk
from cli.exits import Exit
from cli.refusals import told
from cli.render import print_json, refuse, say, unusable

Row = dict[str, Any]


def content_of(file: str, *, as_json: bool) -> bytes:
    """The bytes of a file; one that cannot be read ends the command."""
    try:
        return Path(file).read_bytes()
    except OSError as fault:
        detail = f"{file} cannot be read: {fault.strerror}"
        unusable(detail, as_json=as_json, next="Check the file's name and rights.")


def refuse_faults(file: str, *, as_json: bool) -> bytes:
    """The bytes of a product file that has no fault of its own; else the command ends, naming lines."""
    content = content_of(file, as_json=as_json)
    checked = check_file(file, content)
    if checked.faults:
        if as_json:
            faults = [fault.as_json() for fault in checked.faults]
            print_json({"files": [{"file": file, "product": None, "faults": faults}]})
        for fault in checked.faults:
            say(f"{file}:{fault.line}: {fault.pointer or '/'} {fault.rule}")
        say("Next: mend these lines; nothing was sent.")
        raise typer.Exit(Exit.USAGE)
    return content


def listed(*, shipped: bool, profile: str, as_json: bool) -> list[Row]:
    """Every version, as the server knows them or as they ship."""
    if shipped:
        return [shipped_row(product) for product in products()]
    with at_desk(profile, as_json=as_json) as desk:
        return list(desk.api.get("products")["products"])


def shipped_row(product: Product) -> Row:
    """A shipped product as the server would list it."""
    return {
        "label": product.label,
        "origin": "shipped",
        "imported_by": None,
        "imported_at": None,
        "product": document_of(product),
    }


def found(name: str, *, shipped: bool, profile: str, as_json: bool) -> Row:
    """The product of this name, or the version in force today where the name has none."""
    rows = {row["label"]: row for row in listed(shipped=shipped, profile=profile, as_json=as_json)}
    catalogue = Catalogue(read_tariff(row["product"], row["label"]) for row in rows.values())
    try:
        return rows[catalogue.find(name, _today()).label]
    except UnknownProduct as unknown:
        refuse(unknown, Exit.NOT_FOUND, as_json=as_json)


def product_from(name: str, *, shipped: bool, profile: str, as_json: bool) -> Product:
    """The product in a file, or by its name."""
    if Path(name).is_file():
        with told(as_json=as_json):
            product = check_file(name, refuse_faults(name, as_json=as_json)).product
            if product:
                return product
    row = found(name, shipped=shipped, profile=profile, as_json=as_json)
    return read_tariff(row["product"], row["label"])


def tell_import(done: Row) -> None:
    """What an import did, or would do."""
    label = done["label"]
    if done["outcome"] == "same":
        typer.echo(f"{label} is known already and says the same: nothing to do.")
        return
    typer.echo(f"{label} {'would be proposed' if done['dry_run'] else 'is proposed'}.")
    for difference in done["differences"]:
        typer.echo(f"  {difference}")
    if done["policies"]:
        say(f"{done['policies']} policies that name no version stand under it from its first day on.")
    if done["dry_run"]:
        say("Next: run it again without --dry-run to propose it.")
    elif done["proposal"]:
        say(
            f"Next: a colleague runs flashclaim approval approve {done['proposal']['id']}; then it counts for good."
        )


def _today() -> date:
    from datetime import UTC, datetime

    return policy_day(datetime.now(UTC))
