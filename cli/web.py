"""``flashclaim web``: the insurer's pages in this machine's browser."""

import webbrowser
from typing import Annotated

import typer

from cli.desk import at_desk
from cli.options import DEFAULT_PROFILE, AsJson, ProfileName
from cli.render import print_json, say


def web(
    no_open: Annotated[
        bool, typer.Option("--no-open", help="Print the link; whoever opens it first is signed in.")
    ] = False,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Open the insurer's pages in a browser, signed in as you.

    The link works once, within a minute. The browser's session ends with the
    one of this machine: flashclaim logout.

    Example: flashclaim web --no-open
    """
    with at_desk(profile, as_json=as_json) as desk:
        made = desk.api.post_once("sessions", "page-links", body={})
        link = f"{desk.profile.server}{made['path']}"
    if as_json:
        print_json({"link": link, "expires_at": made["expires_at"]})
        return
    if no_open or not webbrowser.open(link):
        typer.echo(link)
        say("Open it within a minute; it works once.")
