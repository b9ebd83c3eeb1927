"""``flashclaim programme``: public money for a county's policies 政策性保险项目."""

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
    Limit,
    ProfileName,
    SkipRefused,
)
from cli.render import print_json, say

app = typer.Typer(
    name="programme", help="Programmes: the most that policies may be paid together.", no_args_is_help=True
)


@app.callback()
def programme() -> None:
    """Programmes: the most that policies may be paid together."""


@app.command("import")
def import_programmes(
    file: ImportFile,
    dry_run: DryRun = False,
    skip_refused: SkipRefused = False,
    column_map: ColumnMap = None,
    encoding: Encoding = "",
    layer: Layer = "",
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Import programmes: id, name, county, first and last day, and the most that they pay.

    A limit is raised by importing its row again; claims that waited for it are
    tried at once. It cannot fall below what was paid or is leaving. Policies
    name their programme in their own file.

    Example: flashclaim programme import docs/examples/import/programmes.csv --dry-run
    """
    from cli.importing import Wanted, bring

    wanted = Wanted(
        dry_run=dry_run, skip_refused=skip_refused, encoding=encoding, layer=layer, columns=column_map or ()
    )
    bring(Register.PROGRAMMES, file, wanted, profile=profile, as_json=as_json)


@app.command("list")
def list_programmes(
    fail_empty: FailEmpty = False, profile: ProfileName = DEFAULT_PROFILE, as_json: AsJson = False
) -> None:
    """List your county's programmes with what is used and what is left. The insurer's to see.

    Example: flashclaim programme list --json
    """
    from cli.desk import at_desk

    with at_desk(profile, as_json=as_json) as desk:
        page = desk.api.get("programmes")
    if as_json:
        print_json(page)
    elif page["programmes"]:
        from cli.screens.programmes import programmes_table
        from cli.screens.writing import console

        console().print(programmes_table(page["programmes"]))
    else:
        say("No programmes. Next: flashclaim programme import FILE")
    if fail_empty and not page["programmes"]:
        raise typer.Exit(Exit.EMPTY)


@app.command()
def show(
    programme_id: Annotated[str, typer.Argument(metavar="ID", help="Of programme list.")],
    limit: Limit = 50,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Show a programme's money, and the claims whose payout waits. The insurer's to see.

    Example: flashclaim programme show XY-2026-PIG
    """
    from cli.desk import at_desk

    with at_desk(profile, as_json=as_json) as desk:
        shown = desk.api.get("programmes", programme_id, limit=limit)
    if as_json:
        print_json(shown)
        return
    from cli.screens.programmes import programme_screen
    from cli.screens.writing import console

    console().print(programme_screen(shown))
    if any(not claim["fits"] for claim in shown["waiting"]):
        say("Next: raise the limit (programme import), or assess a claim anew (claim assess).")
