"""``flashclaim payout reconcile``: the bank's statement 对账单 against our payouts."""

from pathlib import Path
from typing import Annotated

import typer

from cli.desk import at_desk
from cli.exits import Exit
from cli.options import DEFAULT_PROFILE, AsJson, ProfileName, Reading
from cli.render import print_json, unusable


def reconcile(
    statement: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="CSV (UTF-8 or GBK) or camt.053 XML."),
    ],
    apply: Annotated[
        bool,
        typer.Option(
            help="Record in your name what the statement proves: payouts found paid, transfers found returned."
        ),
    ] = False,
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Compare a bank statement with the payouts and name every difference. The insurer's to do.

    Exit code 0: nothing differs, or all that did is recorded now; 6: differences
    stand. The same statement again changes nothing.

    Example: flashclaim payout reconcile statement.csv
    """
    try:
        content = statement.read_bytes()
    except OSError as failure:
        unusable(f"{statement}: {failure}", as_json=as_json)
    with at_desk(profile, language, as_json=as_json) as desk:
        found = desk.api.post_content("payouts", "reconciliations", content=content, apply=apply)
    if as_json:
        print_json(found)
    else:
        from cli.screens.money import reconciliation_screen
        from cli.screens.writing import console

        console().print(reconciliation_screen(found, desk.language))
    if found["open"]:
        raise typer.Exit(Exit.REFUSED)
