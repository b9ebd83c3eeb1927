"""``flashclaim policy card``: the card that a farmer signs in with."""

import secrets
import sys
from typing import Annotated

import typer

from cli.desk import at_desk
from cli.options import DEFAULT_PROFILE, AsJson, ProfileName
from cli.render import print_json, say


def card(
    policy: Annotated[str, typer.Argument(metavar="POLICY", help="The policy's number.")],
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Make a policy's new card: its QR and its text, shown once. For officers of the insurer.

    The former card and every session that it opened end; the farmer is told.

    Example: flashclaim policy card P43012120260001
    """
    with at_desk(profile, as_json=as_json) as desk:
        made = desk.api.post("policies", policy, "card", body={"seed": secrets.token_urlsafe(32)})
    if as_json:
        print_json(made)
        return
    draw_qr(card_address(desk.profile.server, made["card"]))
    typer.echo(made["card"])
    say("Hand it to the farmer; it cannot be shown again. It signs in: flashclaim login --card SECRET")


def card_address(server: str, card: str) -> str:
    """What a card's code holds: the phone's page, and behind the # the secret, which no server is sent with it."""
    return f"{server}/f#card={card}"


def draw_qr(text: str) -> None:
    """Draw a QR with half-cell blocks, on stderr: stdout holds the secret alone."""
    import segno

    segno.make(text, error="m").terminal(out=sys.stderr, compact=True)
