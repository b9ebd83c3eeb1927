"""``flashclaim flag``: doubts of the kind that fraud has 警示, and what a person says of each."""

from typing import Annotated

import typer

from backend.domain.flags.words import FlagKind, FlagState
from cli.claim_reading import print_moved
from cli.desk import at_desk
from cli.exits import Exit
from cli.options import DEFAULT_PROFILE, AsJson, ClaimName, FailEmpty, Limit, ProfileName, Reading, Why
from cli.render import print_json, say

app = typer.Typer(
    name="flag",
    help="Flags: reused photos and tags, pairs of people, heads that differ, payees.",
    no_args_is_help=True,
)

FlagName = Annotated[str, typer.Argument(metavar="FLAG", help="Its key, as flag show prints it.")]


@app.callback()
def flag() -> None:
    """Flags: reused photos and tags, pairs of people, heads that differ, payees."""


@app.command("list")
def list_flags(
    kind: Annotated[FlagKind | None, typer.Option(help="Only flags of this kind.")] = None,
    state: Annotated[FlagState | None, typer.Option(help="Only flags in this state.")] = None,
    county: Annotated[str | None, typer.Option(help="Only of this county's farms.", metavar="CODE")] = None,
    after: Annotated[str | None, typer.Option(help="Go on after this: the page's next.", metavar="N")] = None,
    limit: Limit = 20,
    fail_empty: FailEmpty = False,
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """List flags, those of the newest claims first.

    Example: flashclaim flag list --state open --kind photo
    """
    with at_desk(profile, language, as_json=as_json) as desk:
        page = desk.api.get(
            "flags", kind=kind, state=state, county=county, after=after, limit=min(limit, 100)
        )
    if as_json:
        print_json(page)
    elif page["flags"]:
        from cli.screens.flags import flags_table
        from cli.screens.writing import console

        console().print(flags_table(page["flags"], desk.language))
        if page["next"]:
            say(f'There may be more: --after "{page["next"]}"')
    else:
        say("No flags.")
    if fail_empty and not page["flags"]:
        raise typer.Exit(Exit.EMPTY)


@app.command()
def show(
    claim: ClaimName,
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Show a claim's flags with their keys, and what was said of each.

    Example: flashclaim flag show FC-20261123-0042
    """
    with at_desk(profile, language, as_json=as_json) as desk:
        told = desk.api.get("claims", claim, "flags")
    if as_json:
        print_json(told)
        return
    if not told["flags"]:
        say("No flags.")
        return
    from cli.screens.flags import flag_lines

    for one in told["flags"]:
        for line in flag_lines(one, desk.language):
            typer.echo(line)


@app.command()
def clear(
    claim: ClaimName,
    flag: FlagName,
    reason: Why = "",
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Say that a flag is in order. The last one behind a hold releases it. The insurer's to do.

    Example: flashclaim flag clear FC-20261123-0042 COUNT_MISMATCH: --reason "two lie behind the shed"
    """
    _judge(claim, flag, FlagState.CLEARED, reason, language, profile, as_json=as_json)


@app.command()
def confirm(
    claim: ClaimName,
    flag: FlagName,
    reason: Why = "",
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Say that a flag is as bad as it seemed; stops a claim that is not paid. The insurer's to do.

    Example: flashclaim flag confirm FC-20261123-0042 COUNT_MISMATCH: --reason "one animal, counted twice"
    """
    _judge(claim, flag, FlagState.CONFIRMED, reason, language, profile, as_json=as_json)


def _judge(
    claim: str, flag: str, state: FlagState, reason: str, language: Reading, profile: str, *, as_json: bool
) -> None:
    with at_desk(profile, language, as_json=as_json) as desk:
        body = {"flag": flag, "state": state, "reason": reason}
        moved = desk.api.post("claims", claim, "flags", body=body)
        print_moved(desk, moved, as_json=as_json)
