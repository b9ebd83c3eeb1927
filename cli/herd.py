"""``flashclaim herd``: herd books 存栏台账."""

from typing import Annotated

import typer

from backend.domain.register.fields import Register
from cli.exits import Exit
from cli.options import (
    DEFAULT_PROFILE,
    AsJson,
    ColumnMap,
    DryRun,
    Encoding,
    FailEmpty,
    ImportFile,
    Layer,
    ProfileName,
    SkipRefused,
)
from cli.render import print_json, say

app = typer.Typer(name="herd", help="Herd books: the animals of farms, by ear tag.", no_args_is_help=True)


@app.callback()
def herd() -> None:
    """Herd books: the animals of farms, by ear tag."""


@app.command("import")
def import_herds(
    file: ImportFile,
    dry_run: DryRun = False,
    skip_refused: SkipRefused = False,
    column_map: ColumnMap = None,
    encoding: Encoding = "",
    layer: Layer = "",
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Import animals by ear tag; one that is registered elsewhere moves to the farm of its row.

    Example: flashclaim herd import docs/examples/import/herds.csv --dry-run
    """
    from cli.importing import Wanted, bring

    wanted = Wanted(
        dry_run=dry_run,
        skip_refused=skip_refused,
        encoding=encoding,
        layer=layer,
        columns=column_map or (),
    )
    bring(Register.HERDS, file, wanted, profile=profile, as_json=as_json)


@app.command("list")
def list_herd(
    policy: Annotated[str, typer.Option("--policy", metavar="NUMBER", help="Of the farm's policy.")],
    fail_empty: FailEmpty = False,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """List the ear tags of a policy's farm, and the claims that name each.

    Example: flashclaim herd list --policy P43012120260001
    """
    from cli.desk import at_desk

    with at_desk(profile, as_json=as_json) as desk:
        book = desk.api.get("policies", policy, "herd")
    if as_json:
        print_json(book)
    elif book["animals"]:
        from cli.screens.herd import herd_table
        from cli.screens.writing import console

        console().print(herd_table(book["animals"]))
    else:
        say(f"No {book['species']} in the herd book of {book['farm_id']}. Next: flashclaim herd import FILE")
    if fail_empty and not book["animals"]:
        raise typer.Exit(Exit.EMPTY)
