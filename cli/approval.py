"""``flashclaim approval``: what waits for a second person 四眼原则."""

from typing import Annotated, Any  # JSON from the server

import typer

from cli.desk import at_desk
from cli.exits import Exit
from cli.options import DEFAULT_PROFILE, AsJson, FailEmpty, Limit, ProfileName, Why
from cli.render import print_json, say

app = typer.Typer(name="approval", help="What waits for a second person.", no_args_is_help=True)

ProposalName = Annotated[str, typer.Argument(metavar="PROPOSAL", help="Its id: flashclaim approval list.")]


@app.callback()
def approval() -> None:
    """What waits for a second person."""


@app.command("list")
def list_proposals(
    everything: Annotated[bool, typer.Option("--all", help="Also what has ended.")] = False,
    limit: Limit = 50,
    fail_empty: FailEmpty = False,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """List what officers of your office proposed.

    Example: flashclaim approval list --all
    """
    with at_desk(profile, as_json=as_json) as desk:
        found = desk.api.get("proposals", all=str(everything).lower(), limit=limit)
    if as_json:
        print_json(found)
    else:
        for one in found["proposals"]:
            typer.echo(_line(one))
    if fail_empty and not found["proposals"]:
        raise typer.Exit(Exit.EMPTY)


@app.command("show")
def show_proposal(
    proposal: ProposalName, profile: ProfileName = DEFAULT_PROFILE, as_json: AsJson = False
) -> None:
    """Show one proposal, with all that it would do.

    Example: flashclaim approval show 3f0a8c1e-5b7d-4e2a-9c6f-1d2e3f4a5b6c
    """
    with at_desk(profile, as_json=as_json) as desk:
        found = desk.api.get("proposals", proposal)
    if as_json:
        print_json(found)
        return
    typer.echo(_line(found))
    typer.echo(f"why: {found['reason']}")
    for name, value in found["document"].items():
        typer.echo(f"{name}: {value}")


@app.command("approve")
def approve_proposal(
    proposal: ProposalName, profile: ProfileName = DEFAULT_PROFILE, as_json: AsJson = False
) -> None:
    """Agree to what a colleague proposed: it is done at once.

    Example: flashclaim approval approve 3f0a8c1e-5b7d-4e2a-9c6f-1d2e3f4a5b6c
    """
    with at_desk(profile, as_json=as_json) as desk:
        answer = desk.api.post("proposals", proposal, "approval", body={})
    if as_json:
        print_json(answer)
        return
    typer.echo(_line(answer["proposal"]))
    if answer["proposal"]["ending"] is None:
        say("Taken up: a farmer asked for it, so one more officer has to agree.")


@app.command("refuse")
def refuse_proposal(
    proposal: ProposalName, reason: Why = "", profile: ProfileName = DEFAULT_PROFILE, as_json: AsJson = False
) -> None:
    """Refuse what a colleague proposed, or take your own proposal back: nothing is done.

    Example: flashclaim approval refuse 3f0a8c1e-5b7d-4e2a-9c6f-1d2e3f4a5b6c --reason "not what the farmer says"
    """
    with at_desk(profile, as_json=as_json) as desk:
        answer = desk.api.post("proposals", proposal, "refusal", body={"reason": reason})
    if as_json:
        print_json(answer)
    else:
        typer.echo(_line(answer["proposal"]))


def tell_proposed(answer: dict[str, Any], *, as_json: bool) -> None:
    """Say that something waits for a second person, and how they agree."""
    if as_json:
        print_json(answer)
        return
    typer.echo(answer["proposal"]["id"])
    say(
        f"Proposed: nothing is done before a colleague agrees, until {answer['proposal']['expires_at'][:16]} UTC."
    )
    say(f"Next: they run flashclaim approval approve {answer['proposal']['id']}")


def _line(one: dict[str, Any]) -> str:
    stands = f"{one['ending']} by {one['decided_by']}" if one["decided_by"] else one["ending"] or "waits"
    return f"{one['id']}  {one['kind']}  {one['subject']}  by {one['first'] or one['asked_by']}  {stands}"
