"""``flashclaim product``: what is paid for which loss, as dated versions of data."""

from typing import Annotated

import typer

from cli.exits import Exit
from cli.options import DEFAULT_PROFILE, AsJson, DryRun, ProfileName
from cli.product_price import app as price
from cli.render import print_json, say

app = typer.Typer(name="product", help="Products 保险产品: tariffs as dated versions.", no_args_is_help=True)
app.add_typer(price)

Shipped = Annotated[
    bool, typer.Option("--shipped", help="Only what ships with flashclaim; needs no server and no sign-in.")
]
ProductFile = Annotated[str, typer.Argument(metavar="FILE", help="A product in TOML (docs/products.md).")]
ProductName = Annotated[
    str, typer.Argument(metavar="NAME[@VERSION]", help="Without a version the one in force today.")
]


@app.callback()
def product() -> None:
    """Products 保险产品: tariffs as dated versions."""


@app.command("check")
def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Products in TOML.")],
    as_json: AsJson = False,
) -> None:
    """Look for faults in product files, each with its line; needs no server.

    Bands that overlap or leave a gap, dates, amounts, fields that nobody
    knows, two versions that begin on one day. Exit code 2 where one is found.

    Example: flashclaim product check docs/examples/products/pig-bands-2.toml
    """
    from backend.products.check import check_files
    from backend.products.load import products
    from cli.product_files import content_of

    checked = check_files({name: content_of(name, as_json=as_json) for name in files}, products())
    if as_json:
        print_json(
            {
                "files": [
                    {
                        "file": one.name,
                        "product": one.product and one.product.label,
                        "faults": [fault.as_json() for fault in one.faults],
                    }
                    for one in checked
                ]
            }
        )
    for one in checked:
        for fault in one.faults:
            say(f"{one.name}:{fault.line}: {fault.pointer or '/'} {fault.rule}")
        if one.product and not one.faults and not as_json:
            typer.echo(f"{one.name}: {one.product.label} is sound")
    if any(one.faults for one in checked):
        say("Next: mend these lines and check again; nothing was imported.")
        raise typer.Exit(Exit.USAGE)


@app.command("import")
def import_product(
    file: ProductFile,
    dry_run: DryRun = False,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Propose a product's version; it counts for good once a second officer agrees.

    A version that was imported never changes; the same content again changes
    nothing. Policies that name no version stand under it from its first day;
    claims that were reported keep theirs.

    Example: flashclaim product import docs/examples/products/pig-bands-2.toml --dry-run
    """
    from cli.desk import at_desk
    from cli.product_files import refuse_faults, tell_import

    content = refuse_faults(file, as_json=as_json)
    with at_desk(profile, as_json=as_json) as desk:
        done = desk.api.post_content("products", content=content, dry_run=dry_run)
    if as_json:
        print_json(done)
    else:
        tell_import(done)


@app.command("simulate")
def simulate(
    file: ProductFile,
    since: Annotated[
        str | None, typer.Option(metavar="DAY", help="Only claims reported from this day on (Asia/Shanghai).")
    ] = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Compute your county's past claims again under a draft: who gets more, who less, in total.

    Claims of the product that the draft names, whatever its dates; nothing is
    written. --json lists the claims that change, the largest change first.

    Example: flashclaim product simulate docs/examples/products/pig-bands-2.toml --since 2026-01-01
    """
    from cli.desk import at_desk
    from cli.product_files import refuse_faults
    from cli.screens.products import simulation_screen
    from cli.screens.writing import console

    content = refuse_faults(file, as_json=as_json)
    day = {"since": since} if since else {}
    with at_desk(profile, as_json=as_json) as desk:
        found = desk.api.post_content("products", "simulations", content=content, **day)
    if as_json:
        print_json(found)
    else:
        console().print(simulation_screen(found))


@app.command("list")
def list_products(
    shipped: Shipped = False,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """List every version of every product.

    Example: flashclaim product list --shipped
    """
    from cli.product_files import listed
    from cli.screens.products import products_table
    from cli.screens.writing import console

    rows = listed(shipped=shipped, profile=profile, as_json=as_json)
    if as_json:
        print_json({"products": rows})
    else:
        console().print(products_table(rows))


@app.command("show")
def show(
    name: ProductName,
    shipped: Shipped = False,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Show a product in words; --json gives what its file says.

    Example: flashclaim product show pig-bands@1 --shipped
    """
    from cli.product_files import found
    from cli.screens.products import product_screen
    from cli.screens.writing import console

    row = found(name, shipped=shipped, profile=profile, as_json=as_json)
    if as_json:
        print_json(row)
    else:
        console().print(product_screen(row))


@app.command("diff")
def diff(
    one: Annotated[str, typer.Argument(metavar="A", help="A product's name or file.")],
    other: Annotated[str, typer.Argument(metavar="B", help="What it is compared with.")],
    shipped: Shipped = False,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Say what differs between two products: bands, sums, dates.

    Two files, or --shipped, need no server.

    Example: flashclaim product diff pig-bands@1 docs/examples/products/pig-bands-2.toml --shipped
    """
    from backend.products.words import differences
    from cli.product_files import product_from

    before, after = (
        product_from(name, shipped=shipped, profile=profile, as_json=as_json) for name in (one, other)
    )
    found = differences(before, after)
    if as_json:
        rows = [{"what": each.what, "before": each.before, "after": each.after} for each in found]
        print_json({"from": before.label, "to": after.label, "differences": rows})
        return
    typer.echo(f"{before.label} → {after.label}")
    for each in found:
        typer.echo(f"  {each.words}")
    if not found:
        say("They say the same.")
