"""``flashclaim claim link``, ``links`` and ``unlink``: read-only links to one claim."""

import secrets
from typing import Annotated

import typer

from cli.desk import at_desk
from cli.options import DEFAULT_PROFILE, AsJson, ClaimName, ProfileName
from cli.render import print_json, say


def link(
    claim: ClaimName,
    days: Annotated[
        int | None, typer.Option(min=1, max=365, help="How long it reads; 7 where the server says no other.")
    ] = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Make a link that reads this claim, with people masked, and nothing else.

    It is shown once: whoever has it may read until it ends.

    Example: flashclaim claim link FC-20261123-0042 --days 3
    """
    with at_desk(profile, as_json=as_json) as desk:
        body = {"seed": secrets.token_urlsafe(32), "days": days}
        made = desk.api.post("claims", claim, "links", body=body)
    if as_json:
        print_json(made)
        return
    typer.echo(made["url"])
    say(f"It reads until {made['ends_at']}. End it: flashclaim claim unlink {claim} {made['link']}")


def links(claim: ClaimName, profile: ProfileName = DEFAULT_PROFILE, as_json: AsJson = False) -> None:
    """Show a claim's links, those that have ended too.

    Example: flashclaim claim links FC-20261123-0042
    """
    with at_desk(profile, as_json=as_json) as desk:
        found = desk.api.get("claims", claim, "links")
    if as_json:
        print_json(found)
        return
    for one in found["links"]:
        stands = f"reads until {one['ends_at']}" if one["reads"] else "ended"
        typer.echo(f"{one['link']}  {stands}  made by {one['made_by']}")


def unlink(
    claim: ClaimName,
    link: Annotated[str, typer.Argument(metavar="LINK", help="The link's id.")],
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """End a link now.

    Example: flashclaim claim unlink FC-20261123-0042 0d3f6f0e-6f0a-4d6e-9a53-2f1f3f3a8c11
    """
    with at_desk(profile, as_json=as_json) as desk:
        ended = desk.api.delete("claims", claim, "links", link)
    if as_json:
        print_json(ended)
    else:
        say("The link reads nothing any more.")
