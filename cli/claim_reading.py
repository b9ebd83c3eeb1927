"""``flashclaim claim list``, ``show`` and ``timeline``."""

from typing import Annotated, Any  # the claim's document, as the API sends it

import typer

from backend.domain.words import Path, Species, State
from cli.desk import Desk, at_desk
from cli.exits import Exit
from cli.options import DEFAULT_PROFILE, AsJson, ClaimName, FailEmpty, Limit, ProfileName, Reading
from cli.render import print_json, say


def list_claims(  # noqa: PLR0917 - options, each named by its user
    state: Annotated[State | None, typer.Option(help="Only claims in this state.")] = None,
    policy: Annotated[str | None, typer.Option(help="Only this policy's.", metavar="P")] = None,
    open_only: Annotated[bool, typer.Option("--open", help="Only claims that have not ended.")] = False,
    at_risk: Annotated[
        bool, typer.Option("--at-risk", help="Whose time runs short or is up; what breaks first, first.")
    ] = False,
    search: Annotated[
        str | None, typer.Option(help="Begins a number; or a policy, farm or ear tag.", metavar="TEXT")
    ] = None,
    species: Annotated[Species | None, typer.Option(help="Only of these animals.")] = None,
    path: Annotated[Path | None, typer.Option(help="Only on this path.")] = None,
    county: Annotated[str | None, typer.Option(help="Only of this county's farms.", metavar="CODE")] = None,
    first: Annotated[
        str | None, typer.Option("--from", help="First day of reports, Asia/Shanghai.", metavar="DAY")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", help="Last day of reports.", metavar="DAY")] = None,
    after: Annotated[
        str | None, typer.Option(help="Go on after this claim number: the page's next.", metavar="N")
    ] = None,
    limit: Limit = 50,
    fail_empty: FailEmpty = False,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """List claims, newest first.

    Lanes in the order insurer, veterinary, inspection: · open, ✓ approved,
    ✗ rejected, ? asked, ○ void.

    Example: flashclaim claim list --open --limit 20
    """
    with at_desk(profile, as_json=as_json) as desk:
        page = desk.api.get(
            "claims",
            state=state,
            policy_number=policy,
            open_only=open_only,
            at_risk=at_risk,
            q=search,
            species=species,
            path=path,
            county=county,
            after=after,
            limit=limit,
            **{"from": first, "to": last},
        )
    if as_json:
        print_json(page)
    elif page["claims"]:
        from cli.screens.clocks import at_risk_table
        from cli.screens.lists import claims_table
        from cli.screens.writing import console

        shown = at_risk_table if at_risk else claims_table
        console().print(shown(page["claims"]))
        if page["next"]:
            say(f"There may be more: --after {page['next']}")
    else:
        say("No claims.")
    if fail_empty and not page["claims"]:
        raise typer.Exit(Exit.EMPTY)


def show(
    claim: ClaimName,
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Show a claim: doubts, sum with its working, lanes, and what is missing next.

    Example: flashclaim claim show FC-20261123-0042 --language en
    """
    with at_desk(profile, language, as_json=as_json) as desk:
        shown = desk.show(claim)
    print_claim(desk, shown, as_json=as_json)


def timeline(
    claim: ClaimName,
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Show what happened to a claim, and where the seconds went.

    Example: flashclaim claim timeline FC-20261123-0042 --json
    """
    with at_desk(profile, language, as_json=as_json) as desk:
        told = desk.api.get("claims", claim, "timeline")
    if as_json:
        print_json(told)
        return
    from cli.screens.timeline import timeline_screen
    from cli.screens.writing import console

    console().print(timeline_screen(told, desk.language))


def print_claim(desk: Desk, shown: dict[str, Any], *, as_json: bool) -> None:
    """The claim's document, or its screen."""
    if as_json:
        print_json(shown)
        return
    from cli.screens.claim import claim_screen
    from cli.screens.writing import console

    console().print(claim_screen(shown, desk.language))


def print_moved(desk: Desk, shown: dict[str, Any], *, as_json: bool) -> None:
    """What became of a claim that was just acted upon: its document, or its state and what is missing."""
    if as_json:
        print_json(shown)
        return
    from cli.screens.labels import next_step

    typer.echo(f"{shown['number']}: {shown['state']}")
    say(f"Next: {next_step(shown, desk.language)}")
