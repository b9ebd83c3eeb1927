"""``flashclaim ticket``: bad ratings, who answers them, and what was done."""

from typing import Annotated, Any  # JSON from the server

import typer

from backend.domain.tickets.ticket import claim_and_no
from backend.domain.tickets.words import ClosingReason
from cli.desk import at_desk
from cli.exits import Exit
from cli.options import DEFAULT_PROFILE, AsJson, FailEmpty, Limit, OfficerName, ProfileName, Reading
from cli.render import print_json, say

app = typer.Typer(
    name="ticket", help="Service tickets: bad ratings that have to be answered.", no_args_is_help=True
)

TicketName = Annotated[
    str, typer.Argument(metavar="TICKET", help="Such as FC-20261123-0042-T1: flashclaim ticket list.")
]


@app.callback()
def ticket() -> None:
    """Service tickets: bad ratings that have to be answered."""


@app.command(name="list")
def list_tickets(
    mine: Annotated[bool, typer.Option("--mine", help="Only your own.")] = False,
    owner: Annotated[str | None, typer.Option("--owner", metavar="ID", help="Only this officer's.")] = None,
    closed: Annotated[bool, typer.Option("--closed", help="Closed ones in place of open ones.")] = False,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only open ones that are late.")] = False,
    after: Annotated[
        str | None, typer.Option(help="Go on behind this place: the page's next.", metavar="PLACE")
    ] = None,
    limit: Limit = 100,
    fail_empty: FailEmpty = False,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """List tickets of your county, what is due soonest first.

    Example: flashclaim ticket list --overdue --json
    """
    with at_desk(profile, as_json=as_json) as desk:
        whose = desk.profile.officer if mine else owner
        told = desk.api.get(
            "tickets",
            owner=whose,
            closed="true" if closed else None,
            overdue="true" if overdue else None,
            after=after,
            limit=limit,
        )
    if as_json:
        print_json(told)
    elif told["tickets"]:
        from cli.screens.tickets import tickets_table
        from cli.screens.writing import console

        console().print(tickets_table(told["tickets"]))
        if told["next"]:
            say(f"There may be more: --after {told['next']}")
    else:
        say("There are no such tickets.")
    if fail_empty and not told["tickets"]:
        raise typer.Exit(Exit.EMPTY)


@app.command()
def show(
    ticket: TicketName,
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Show what a ticket is about, whose it is, by when, and how it ended.

    Example: flashclaim ticket show FC-20261123-0042-T1
    """
    with at_desk(profile, language, as_json=as_json) as desk:
        claim, no = claim_and_no(ticket)
        _print(desk.api.get("claims", claim, "tickets", str(no)), as_json=as_json)


@app.command()
def take(
    ticket: TicketName,
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Make an open ticket yours.

    Example: flashclaim ticket take FC-20261123-0042-T1
    """
    _change(ticket, "taking", {}, profile, language, as_json=as_json)


@app.command()
def assign(
    ticket: TicketName,
    officer: OfficerName,
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Give an open ticket to a colleague of your office.

    Example: flashclaim ticket assign FC-20261123-0042-T1 picc-changsha-2
    """
    _change(ticket, "assignment", {"officer": officer}, profile, language, as_json=as_json)


@app.command()
def close(
    ticket: TicketName,
    reason: Annotated[ClosingReason, typer.Option("--reason", help="What was done, in a word.")],
    words: Annotated[str, typer.Option("--words", metavar="TEXT", help="In words that the farmer reads.")],
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Close a ticket of yours; the farmer is told who did what.

    Example: flashclaim ticket close FC-20261123-0042-T1 --reason explained --words "called, sum explained"
    """
    body = {"reason": reason.value, "words": words}
    _change(ticket, "closing", body, profile, language, as_json=as_json)


def _change(
    ticket: str, what: str, body: dict[str, Any], profile: str, language: Reading, *, as_json: bool
) -> None:
    with at_desk(profile, language, as_json=as_json) as desk:
        claim, no = claim_and_no(ticket)
        _print(desk.api.post("claims", claim, "tickets", str(no), what, body=body), as_json=as_json)


def _print(told: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(told)
        return
    from cli.screens.tickets import ticket_lines

    for line in ticket_lines(told):
        typer.echo(line)
