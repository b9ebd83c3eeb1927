"""``flashclaim sandbox``: the outside world to try things against."""

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from cli.exits import Exit
from cli.render import needs_extra, say, unusable

app = typer.Typer(name="sandbox", help="A bank to try payouts against.", no_args_is_help=True)


@app.callback()
def sandbox() -> None:
    """Try payouts against a bank that can fail."""


@app.command()
def bank(
    secret: Annotated[
        str,
        typer.Option(
            envvar="FLASHCLAIM_BANK_SECRET",
            help="Shared with the payer; 16 or more characters.",
            show_default=False,
        ),
    ],
    callback_url: Annotated[str | None, typer.Option(help="Where the payer hears how transfers end.")] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="On loopback; 0 takes a free one.")] = 0,
    database: Annotated[
        Path | None, typer.Option(help="Keeps the books past the process.", dir_okay=False)
    ] = None,
    settle_ms: Annotated[int, typer.Option(min=0, help="From accepting a transfer to settling it.")] = 50,
    ready_file: Annotated[
        Path | None, typer.Option(help="Written once the bank answers.", dir_okay=False)
    ] = None,
) -> None:
    """Run a bank that can be slow, refuse, answer twice or never, until it is stopped.

    One JSON line with the bank's url is printed when it answers. Its switches are at /switches:
    curl -d '{"lose_answers": 1}' URL/switches

    Example: flashclaim sandbox bank --secret 0123456789abcdef --port 8099 --database bank.sqlite
    """
    with needs_extra("server"):
        import sqlite3

        from backend.sandbox.bank import BankSettings
        from backend.sandbox.serve import serve
        from backend.sandbox.switches import Switches

    def announce(url: str) -> None:
        line = json.dumps({"url": url, "pid": os.getpid()}) + "\n"
        say(f"listening on {url}")
        if ready_file is not None:
            # Renamed into place: whoever waits for the file never reads half a line.
            part = ready_file.with_name(ready_file.name + ".part")
            part.write_text(line, encoding="utf-8")
            part.replace(ready_file)
        sys.stdout.write(line)
        sys.stdout.flush()

    try:
        settings = BankSettings(
            secret,
            callback_url=callback_url,
            database=":memory:" if database is None else str(database),
            switches=Switches(settle_ms=settle_ms),
        )
    except ValueError as wrong:
        unusable(str(wrong), as_json=False)
    try:
        serve(settings, port=port, when_ready=announce)
    except (OSError, sqlite3.Error) as failure:
        say(f"The bank cannot start: {failure}")
        say("Next: choose a free --port, and for --database a bank's file that no other bank has open.")
        raise typer.Exit(Exit.FAILED) from failure
