"""``flashclaim product price``: market prices 市场价 by county and week."""

from typing import Annotated

import typer

from cli.options import DEFAULT_PROFILE, AsJson, DryRun, FailEmpty, ImportFile, Limit, ProfileName
from cli.render import print_json, say

app = typer.Typer(name="price", help="Market prices by county and week.", no_args_is_help=True)


@app.callback()
def price() -> None:
    """Market prices by county and week."""


@app.command("import")
def import_prices(
    file: ImportFile,
    dry_run: DryRun = False,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Import market prices from CSV: county, species, week, price_per_kg, source, published_on.

    Nothing is written while a row is refused. A week's price that changes is
    taken by claims triaged or assessed from then on; sums offered before stay.

    Example: flashclaim product price import docs/examples/prices/market-prices.csv --dry-run
    """
    from cli.desk import at_desk
    from cli.product_files import content_of
    from cli.screens.products import prices_told

    content = content_of(file, as_json=as_json)
    with at_desk(profile, as_json=as_json) as desk:
        done = desk.api.post_content("market-prices", content=content, dry_run=dry_run)
    if as_json:
        print_json(done)
    else:
        typer.echo(prices_told(done))
        if done["dry_run"]:
            say("Next: run it again without --dry-run to write it.")


@app.command("list")
def list_prices(
    county: Annotated[str | None, typer.Option(metavar="CODE", help="Only this county's.")] = None,
    species: Annotated[str | None, typer.Option(metavar="SPECIES", help="Only of this species.")] = None,
    limit: Limit = 50,
    fail_empty: FailEmpty = False,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """List market prices, newest week first.

    Example: flashclaim product price list --county 370800
    """
    from cli.desk import at_desk
    from cli.exits import Exit
    from cli.screens.products import prices_table
    from cli.screens.writing import console

    with at_desk(profile, as_json=as_json) as desk:
        page = desk.api.get("market-prices", county=county, species=species, limit=limit)
    if as_json:
        print_json(page)
    elif page["prices"]:
        console().print(prices_table(page["prices"]))
    else:
        say("No market prices.")
    if fail_empty and not page["prices"]:
        raise typer.Exit(Exit.EMPTY)
