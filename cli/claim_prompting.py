"""``flashclaim claim nudge`` and ``reassign``: what the insurer does about a claim that is stuck."""

from typing import Annotated

import typer

from cli.claim_reading import print_moved
from cli.desk import at_desk
from cli.options import DEFAULT_PROFILE, AsJson, ClaimName, ProfileName, Reading, Why


def nudge(
    claim: ClaimName,
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="In words, told with it.")] = "",
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Ask whoever holds a claim to go on; at most once an hour.

    Officers are told by name, a farmer by message. What is said stays with the
    claim.

    Example: flashclaim claim nudge FC-20261123-0042 --note "the truck is booked"
    """
    with at_desk(profile, language, as_json=as_json) as desk:
        moved = desk.api.post("claims", claim, "nudges", body={"note": note})
        print_moved(desk, moved, as_json=as_json)


def reassign(
    claim: ClaimName,
    to: Annotated[str, typer.Option("--to", metavar="OFFICER", help="An officer of your office.")],
    reason: Why = "",
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Give the insurer's part of a claim to one officer, who is told.

    A colleague who is first may still decide.

    Example: flashclaim claim reassign FC-20261123-0042 --to picc-changsha-2 --reason "on leave"
    """
    with at_desk(profile, language, as_json=as_json) as desk:
        moved = desk.api.post("claims", claim, "assignments", body={"to": to, "reason": reason})
        print_moved(desk, moved, as_json=as_json)
