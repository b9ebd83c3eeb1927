"""``flashclaim sessions``: where you are signed in."""

from typing import Annotated

import typer

from cli.desk import at_desk
from cli.options import DEFAULT_PROFILE, AsJson, ProfileName, WhichOfficer
from cli.render import print_json, say

app = typer.Typer(name="sessions", help="Where you are signed in.", no_args_is_help=True)


@app.callback()
def sessions() -> None:
    """Where you are signed in."""


@app.command("list")
def list_sessions(
    officer: WhichOfficer = None, profile: ProfileName = DEFAULT_PROFILE, as_json: AsJson = False
) -> None:
    """List open sessions: on which machine, since when, last used when.

    Example: flashclaim sessions list --json
    """
    with at_desk(profile, as_json=as_json) as desk:
        found = desk.api.get("sessions", of=officer)
    if as_json:
        print_json(found)
        return
    for one in found["sessions"]:
        mark = "  this one" if one["here"] else "  pages" if one["page"] else ""
        typer.echo(
            f"{one['id']}  {one['device'] or '–'}  since {one['opened_at'][:16]}  used {one['seen_at'][:16]}{mark}"
        )


@app.command("end")
def end_session(
    session: Annotated[str, typer.Argument(metavar="SESSION", help="Its id: flashclaim sessions list.")],
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """End a session of yours, or of a colleague as an administrator.

    Example: flashclaim sessions end 3f0a8c1e-5b7d-4e2a-9c6f-1d2e3f4a5b6c
    """
    with at_desk(profile, as_json=as_json) as desk:
        ended = desk.api.delete("sessions", session)
    if as_json:
        print_json(ended)
    else:
        say("Ended: whoever bears its token is signed out.")
