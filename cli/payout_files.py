"""``flashclaim payout export``: payouts that leave in a file for the bank."""

import os
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from backend.domain.problems import InvalidInput
from cli.desk import at_desk
from cli.exits import Exit
from cli.options import DEFAULT_PROFILE, AsJson, FailEmpty, ProfileName
from cli.render import print_json, refuse, say

_OWNER_ALONE = 0o600


def export(
    pain001: Annotated[
        Path,
        typer.Option(
            "--pain001",
            metavar="FILE",
            help="Where the payment file goes; never overwritten.",
            dir_okay=False,
        ),
    ],
    again: Annotated[
        str | None,
        typer.Option(metavar="MESSAGE", help="Write a file that was made before, and start no payout."),
    ] = None,
    fail_empty: FailEmpty = False,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Put every payable claim into one payment file (ISO 20022 pain.001.001.09). The insurer's to do.

    From then on these payouts are on their way: take the file to the bank, and
    reconcile its statement. FILE holds whole account numbers and is readable
    for its owner alone. Needs FLASHCLAIM_BANK=file on the server.

    Example: flashclaim payout export --pain001 payouts.xml
    """
    _require_free(pain001, as_json=as_json)
    with at_desk(profile, as_json=as_json) as desk:
        made = None if again else desk.api.post("payouts", "files", body={})
        message_id = again or (made["file"]["message_id"] if made and made["file"] else None)
        content = desk.api.content("payouts", "files", message_id) if message_id else None
    if content is not None and message_id:
        _write(pain001, content, message_id)
    if as_json:
        print_json(made or {"file": {"message_id": message_id}, "left_out": [], "has_more": False})
    elif content is None:
        say("No payout waits for a file.")
    else:
        typer.echo(message_id)
    if made:
        _say_what(made, pain001)
    if fail_empty and content is None:
        raise typer.Exit(Exit.EMPTY)


def _say_what(made: dict[str, object], path: Path) -> None:
    file, left_out = made["file"], made["left_out"]
    if isinstance(file, dict):
        say(f"Payouts: {file['payouts']}, {file['amount']} CNY, in {path}.")
        say("Next: take it to the bank, then flashclaim payout reconcile STATEMENT.")
    if isinstance(left_out, list) and left_out:
        say(f"Kept back: {', '.join(left_out)}. flashclaim payout status says why.")
    if made["has_more"]:
        say("More payouts wait: export again, into another file.")


def _require_free(path: Path, *, as_json: bool) -> None:
    """Looked at before anything is started: a payout whose file cannot be written would only wait."""
    if path.exists() or path.is_symlink():
        _cannot_write(path, "it is there already", as_json=as_json)
    if not os.access(path.parent, os.W_OK):
        _cannot_write(path, "its folder cannot be written to", as_json=as_json)


def _cannot_write(path: Path, why: str, *, as_json: bool) -> NoReturn:
    body = InvalidInput(f"{path}: {why}").as_json() | {"next": "Name another file; nothing was started."}
    refuse(body, Exit.USAGE, as_json=as_json)


def _write(path: Path, content: bytes, message_id: str) -> None:
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ALONE), "wb") as file:
            file.write(content)
    except OSError as failure:
        say(f"{path} could not be written: {failure}")
        say(
            f"Next: flashclaim payout export --again {message_id} --pain001 FILE. The payouts are started, once."
        )
        raise typer.Exit(Exit.FAILED) from failure
