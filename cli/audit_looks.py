"""``flashclaim audit looks``: who looked at personal data in clear."""

from typing import Annotated

import typer

from cli.desk import at_desk
from cli.exits import Exit
from cli.options import DEFAULT_PROFILE, AsJson, FailEmpty, Limit, ProfileName
from cli.render import print_json, say


def looks(
    after: Annotated[str, typer.Option(metavar="ID", help="Begin beyond this look: the page after.")] = "",
    limit: Limit = 50,
    fail_empty: FailEmpty = False,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """List who of your organisation looked at personal data in clear, newest first.

    Example: flashclaim audit looks --limit 20
    """
    with at_desk(profile, as_json=as_json) as desk:
        page = desk.api.get("looks", after=after or None, limit=limit)
    if as_json:
        print_json(page)
    for one in () if as_json else page["looks"]:
        typer.echo(
            f"{one['at'][:16]}  {one['officer']}  {one['policy_number']}  {one['field']}: {one['reason']}"
        )
    if not page["looks"]:
        say("Nobody looked.")
        if fail_empty:
            raise typer.Exit(Exit.EMPTY)
    elif page["next"] and not as_json:
        say(f"Further ones: --after {page['next']}")
