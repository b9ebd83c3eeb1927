"""``flashclaim stats``: how fast claims are paid."""

import typer

from cli.desk import at_desk
from cli.options import DEFAULT_PROFILE, AsJson, ProfileName, Reading
from cli.render import print_json

app = typer.Typer(name="stats", help="Figures: how fast claims are paid.", no_args_is_help=True)


@app.callback()
def stats() -> None:
    """Figures: how fast claims are paid."""


@app.command()
def speed(language: Reading = None, profile: ProfileName = DEFAULT_PROFILE, as_json: AsJson = False) -> None:
    """Show p50, p90 and p95 by stage; open claims count as observations that last.

    Example: flashclaim stats speed --json
    """
    with at_desk(profile, language, as_json=as_json) as desk:
        told = desk.api.get("speed")
    if as_json:
        print_json(told)
        return
    from cli.screens.lists import speed_table
    from cli.screens.writing import console

    share = told["paid_within_15_min"]
    within = "" if share is None else f"; {share * 100:.0f} % were paid within 15 min"
    typer.echo(f"{told['claims']} claims, {told['open']} of them open{within}")
    console().print(speed_table(told, desk.language))
