"""``flashclaim claim watch``: a timeline as it grows."""

import json
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any  # what the stream tells, as the API sends it

import typer

from backend.domain.words import State
from cli.desk import Desk, at_desk
from cli.exits import Exit
from cli.options import DEFAULT_PROFILE, AsJson, ClaimName, ProfileName, Reading
from cli.render import print_json, say

if TYPE_CHECKING:
    from cli.screens.watching import Screen

_HAS_PAID = frozenset({State.PAID, State.CLOSED})


class Until(StrEnum):
    """What ends the watch; a claim that has ended otherwise ends it too."""

    PAID = "paid"
    CLOSED = "closed"


def watch(
    claim: ClaimName,
    until: Annotated[
        Until, typer.Option(help="paid: ends when the money has arrived; closed: with the claim.")
    ] = Until.CLOSED,
    patience: Annotated[
        float, typer.Option(metavar="S", min=0, help="Seconds that the server may stay away.")
    ] = 300.0,
    json_lines: Annotated[
        bool, typer.Option("--json-lines", help="Each event at once, as one JSON document a line.")
    ] = False,
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Watch a claim's timeline grow, until the claim has ended.

    A broken line is tried again and goes on where it broke. With --json the
    timeline's document is printed at the end. Exit code 1: --until paid, and
    the claim ended unpaid; 7: the server stayed away for longer than
    --patience.

    Example: flashclaim claim watch FC-20261123-0042 --until paid
    """
    with at_desk(profile, language, as_json=as_json) as desk:
        known = desk.show(claim)
        state = _watched(desk, known, until, patience, _screen(desk, known, as_json, json_lines))
        if as_json:
            print_json(desk.api.get("claims", known["id"], "timeline"))
    say(f"{known['number']}: {state}")
    if until is Until.PAID and state not in _HAS_PAID:
        say("It ended without a payout.")
        raise typer.Exit(Exit.FAILED)


def _screen(desk: Desk, known: dict[str, Any], as_json: bool, json_lines: bool) -> "Screen":
    from cli.screens.watching import Lines, LiveScreen, Silence

    if as_json and not json_lines:
        return Silence(known["reported_at"], as_json=True)
    if json_lines or not sys.stdout.isatty():
        return Lines(known["reported_at"], as_json=json_lines)
    return LiveScreen(known["reported_at"], desk.language)


def _watched(desk: Desk, known: dict[str, Any], until: Until, patience_s: float, screen: "Screen") -> str:
    """Show what happens until there is nothing more to wait for; returns the state that the claim is in then."""
    from cli.following import Broken, follow

    state = str(known["state"])
    stream = follow(desk.api, "claims", known["id"], "timeline", "stream", patience_s=patience_s)
    with screen:
        for heard in stream:
            if isinstance(heard, Broken):
                screen.broke(heard)
                continue
            told = json.loads(heard.data)
            match heard.event:
                case "standing":
                    state = told["state"]
                    screen.stands(told)
                    if until is Until.PAID and state in _HAS_PAID:
                        break
                case "end":
                    break
                case _:
                    screen.happened(told)
    return state
