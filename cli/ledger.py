"""``flashclaim ledger``: double entry 台账 over every payout, made from the events."""

from enum import StrEnum
from typing import Annotated

import typer

from cli.desk import at_desk
from cli.exits import Exit
from cli.options import DEFAULT_PROFILE, AsJson, ClaimName, ProfileName, Reading
from cli.render import print_json, say

app = typer.Typer(name="ledger", help="The ledger: reserve, payable, paid, returned.", no_args_is_help=True)


class By(StrEnum):
    """What a balance is broken down by."""

    ACCOUNT = "account"
    COUNTY = "county"
    DAY = "day"


@app.callback()
def ledger() -> None:
    """The ledger: reserve, payable, paid, returned."""


@app.command()
def show(
    claim: ClaimName,
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Show a claim's journal, a line for what each event moved; a debit is positive. The insurer's to see.

    Example: flashclaim ledger show FC-20261123-0042
    """
    with at_desk(profile, language, as_json=as_json) as desk:
        shown = desk.api.get("ledger", "claims", claim)
    if as_json:
        print_json(shown)
        return
    from cli.screens.money import journal_screen
    from cli.screens.writing import console

    console().print(journal_screen(shown, desk.language))


@app.command()
def balance(
    by: Annotated[By, typer.Option(help="Broken down by.")] = By.ACCOUNT,
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Show what stands on each account; all of them add up to 0.00, or the exit code is 1. The insurer's to see.

    Example: flashclaim ledger balance --by county
    """
    with at_desk(profile, language, as_json=as_json) as desk:
        shown = desk.api.get("ledger", "balance", by=by)
    if as_json:
        print_json(shown)
    else:
        from cli.screens.money import balance_screen
        from cli.screens.writing import console

        console().print(balance_screen(shown, desk.language))
    if not shown["balanced"]:
        say(f"The ledger does not balance: its lines add up to {shown['sum']} CNY.")
        raise typer.Exit(Exit.FAILED)
