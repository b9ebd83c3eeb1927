"""``flashclaim import``: which files were imported, by whom, and what they changed."""

from typing import Annotated
from uuid import UUID

import typer

from cli.desk import at_desk
from cli.exits import Exit
from cli.options import DEFAULT_PROFILE, AsJson, FailEmpty, Limit, ProfileName
from cli.render import print_json, say

app = typer.Typer(
    name="import", help="Imports: which file changed what, and who sent it.", no_args_is_help=True
)


@app.callback()
def imports() -> None:
    """Imports: which file changed what, and who sent it."""


@app.command("list")
def list_imports(
    limit: Limit = 50,
    fail_empty: FailEmpty = False,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """List imports of your county, newest first. The insurer's to see.

    Example: flashclaim import list --limit 20
    """
    with at_desk(profile, as_json=as_json) as desk:
        page = desk.api.get("imports", limit=limit)
    if as_json:
        print_json(page)
    elif page["imports"]:
        from cli.screens.imports import imports_table
        from cli.screens.writing import console

        console().print(imports_table(page["imports"]))
    else:
        say("No imports.")
    if fail_empty and not page["imports"]:
        raise typer.Exit(Exit.EMPTY)


@app.command()
def show(
    import_id: Annotated[UUID, typer.Argument(metavar="ID", help="Of import list.")],
    after: Annotated[int, typer.Option(min=0, help="Begin beyond so many changes.")] = 0,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Show every value that an import changed, before and after.

    Example: flashclaim import show 0d4c6a1e-5f0a-4c7e-9b41-2f6f3c6a9d10
    """
    with at_desk(profile, as_json=as_json) as desk:
        shown = desk.api.get("imports", str(import_id), after=after or None)
    if as_json:
        print_json(shown)
        return
    from cli.screens.imports import changes_table, imports_table
    from cli.screens.writing import console

    screen = console()
    screen.print(imports_table([shown]))
    if shown["changes"]:
        screen.print()
        screen.print(changes_table(shown["changes"]))
        last = shown["changes"][-1]["place"]
        say(f"{len(shown['changes'])} changes; further ones: --after {last}")
    else:
        say("No registered value was changed.")
