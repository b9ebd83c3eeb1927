"""``flashclaim payout``: money out 支付."""

from typing import Annotated

import typer

from backend.domain.problems import NotFound
from backend.domain.words import PayoutState
from cli.approval import tell_proposed
from cli.claim_reading import print_moved
from cli.desk import at_desk
from cli.exits import Exit
from cli.options import DEFAULT_PROFILE, AsJson, ClaimName, FailEmpty, Limit, ProfileName, Reading, Why
from cli.payout_files import export
from cli.payout_gate import resume, status, stop
from cli.payout_reconcile import reconcile
from cli.render import print_json, say

app = typer.Typer(name="payout", help="Payouts: what left for the bank.", no_args_is_help=True)
for command in (status, stop, resume, reconcile, export):
    app.command()(command)


@app.callback()
def payout() -> None:
    """Payouts: what left for the bank."""


@app.command("list")
def list_payouts(
    state: Annotated[PayoutState | None, typer.Option(help="Only payouts in this state.")] = None,
    limit: Limit = 50,
    fail_empty: FailEmpty = False,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """List payouts, newest first.

    Example: flashclaim payout list --limit 20
    """
    with at_desk(profile, as_json=as_json) as desk:
        page = desk.api.get("payouts", state=state, limit=limit)
    if as_json:
        print_json(page)
    elif page["payouts"]:
        from cli.screens.lists import payouts_table
        from cli.screens.writing import console

        console().print(payouts_table(page["payouts"]))
    else:
        say("No payouts.")
    if fail_empty and not page["payouts"]:
        raise typer.Exit(Exit.EMPTY)


@app.command()
def show(claim: ClaimName, profile: ProfileName = DEFAULT_PROFILE, as_json: AsJson = False) -> None:
    """Show every payout of a claim: a second one exists only after a failed first.

    Example: flashclaim payout show FC-20261123-0042
    """
    with at_desk(profile, as_json=as_json) as desk:
        page = desk.api.get("payouts", claim=claim)
        if not page["payouts"]:
            raise NotFound("payout of claim", claim)
    if as_json:
        print_json(page)
        return
    for paid in page["payouts"]:
        for name, value in paid.items():
            typer.echo(f"{name:<15} {'-' if value is None else value}")


@app.command()
def retry(
    claim: ClaimName,
    reason: Why = "",
    not_on_statement: Annotated[
        bool, typer.Option(help="The bank never answered, and the account's statement does not show it.")
    ] = False,
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Pay again after the bank refused, returned, or never answered and its statement is bare. The insurer's to do.

    With --not-on-statement a second officer agrees before anything is sent.

    Example: flashclaim payout retry FC-20261123-0042 --reason "account name mended"
    """
    with at_desk(profile, language, as_json=as_json) as desk:
        moved = desk.api.post(
            "claims", claim, "payout-retries", body={"reason": reason, "not_on_statement": not_on_statement}
        )
        if "proposal" in moved:
            tell_proposed(moved, as_json=as_json)
        else:
            print_moved(desk, moved, as_json=as_json)
