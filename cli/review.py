"""``flashclaim review``: what waits for a lane, one claim at a time."""

import sys
from typing import Annotated

import typer

from backend.domain.problems import NotAllowed
from cli.desk import at_desk
from cli.exits import Exit
from cli.options import DEFAULT_PROFILE, AsJson, FailEmpty, InLane, Limit, ProfileName, Reading
from cli.render import print_json, say


def review(
    lane: InLane = None,
    plain: Annotated[bool, typer.Option("--plain", help="List the queue and end.")] = False,
    limit: Limit = 50,
    fail_empty: FailEmpty = False,
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Review what waits for your lane, one key a move.

    a approve, e assess, q ask, r reject, s skip, o open photo, ? help, x quit.
    A claim with doubts is approved after its photos were opened and a note was
    typed. Without a terminal, or with --plain, the queue is listed.

    Example: flashclaim review --plain
    """
    with at_desk(profile, language, as_json=as_json) as desk:
        if lane is None and desk.profile.own_lane is None:
            raise NotAllowed("a collector or farmer has no lane; name one with --lane to look at its queue")
        if not (plain or as_json) and sys.stdin.isatty() and sys.stdout.isatty():
            from cli.review_table import Table

            found = Table(desk, lane).work_through()
        else:
            page = desk.api.get("reviews", lane=lane, limit=limit)
            found = len(page["claims"])
            if as_json:
                print_json(page)
            elif found:
                from cli.screens.lists import claims_table
                from cli.screens.writing import console

                console().print(claims_table(page["claims"]))
                say(f"{page['waiting']} waiting for the {page['lane']} lane.")
    if not found and not as_json:
        say("Nothing waits for this lane.")
    if fail_empty and not found:
        raise typer.Exit(Exit.EMPTY)
