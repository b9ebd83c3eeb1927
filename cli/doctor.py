"""``flashclaim doctor``: what is wrong on this machine, and what to do about it."""

import os
import textwrap
from typing import Annotated

import typer

from cli.checks.check import Check, Grade
from cli.exits import Exit
from cli.options import DEFAULT_PROFILE, AsJson, ProfileName
from cli.render import print_json

_WIDTH = 79
_INDENT = 18


def doctor(
    server: Annotated[
        str,
        typer.Option(envvar="FLASHCLAIM_SERVER", help="Another server than the profile's.", metavar="URL"),
    ] = "",
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Check this machine, and say what to do.

    Packages, extras, time zone; the installation in FLASHCLAIM_DATA_FOLDER:
    database, disk, photos, weights, bank, worker; the server of the profile:
    readiness, clock, sign-in, key. Exit code 1 if something does not work.

    Example: flashclaim doctor --json
    """
    from cli.checks.installation import installation, is_here
    from cli.checks.machine import machine
    from cli.checks.server import online

    checks = [*machine(), *installation(os.environ)]
    # Nobody need be signed in where the server runs.
    checks += online(server, profile, is_needed=not is_here(os.environ))
    is_well = all(check.grade is not Grade.FAIL for check in checks)
    if as_json:
        print_json({"ok": is_well, "checks": [check.as_json() for check in checks]})
    else:
        for check in checks:
            _show(check)
    if not is_well:
        raise typer.Exit(Exit.FAILED)


def _show(check: Check) -> None:
    typer.echo(_wrapped(f"{check.grade:<4}  {check.check:<10}  {check.detail}"))
    if check.advice:
        typer.echo(_wrapped(" " * _INDENT + f"→ {check.advice}"))


def _wrapped(line: str) -> str:
    """Within a terminal of 80; paths and commands stay whole."""
    return textwrap.fill(
        line,
        _WIDTH,
        subsequent_indent=" " * _INDENT,
        drop_whitespace=True,
        break_long_words=False,
        break_on_hyphens=False,
    )
