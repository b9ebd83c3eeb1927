"""``flashclaim person``: what a person may ask for (PIPL art. 45, 47): everything known of them, and its erasure."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from cli.desk import at_desk
from cli.exits import Exit
from cli.options import DEFAULT_PROFILE, AsJson, ProfileName
from cli.render import print_json, say

app = typer.Typer(name="person", help="What a person may ask for: export, erasure.", no_args_is_help=True)

Who = Annotated[
    str, typer.Argument(metavar="POLICY|PHONE", help="A policy's number, or +86… of the farm's phone.")
]
Asked = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Who asked, and how; it is kept.")]


@app.callback()
def person() -> None:
    """What a person may ask for: export, erasure."""


@app.command()
def export(
    who: Who,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Written anew, mode 0600.")],
    reason: Asked,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Write everything that is known of a person into a file, for them.

    That it was read is kept, as every look at personal data is.

    Example: flashclaim person export P-2026-0001 -o person.json --reason "asked at the counter, identity checked"
    """
    with at_desk(profile, as_json=as_json) as desk:
        document = desk.api.post_once("persons", "export", body=_named(who) | {"reason": reason})
    # Anew, for the mode of a file that is there already would stay.
    output.unlink(missing_ok=True)
    output.touch(mode=0o600)
    output.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    numbers = [one["number"] for one in document["policies"]]
    if as_json:
        print_json({"file": str(output), "policies": numbers})
    else:
        typer.echo(str(output))
        say(f"Holds accounts in clear, of {', '.join(numbers)}: hand it over, then delete it.")


@app.command()
def erase(
    who: Who,
    reason: Asked,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask: it cannot be taken back.")] = False,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Erase a person's data for good; events, proofs and figures stay.

    Refused, with every reason, while a claim is open or the law has the data
    kept. Backups of before hold it until they are gone.

    Example: flashclaim person erase P-2026-0001 --reason "asked in writing" --yes
    """
    if not yes:
        if not sys.stdin.isatty():
            say("Say --yes: erased data cannot be brought back.")
            raise typer.Exit(Exit.USAGE)
        typer.confirm(f"Erase the holder of {who} for good?", abort=True, err=True)
    with at_desk(profile, as_json=as_json) as desk:
        done = desk.api.post("persons", "erasure", body=_named(who) | {"reason": reason})
    if as_json:
        print_json(done)
    else:
        typer.echo(f"Erased: {', '.join(done['policies'])} ({done['erased']} values).")
        say("Backups of before hold it until they are gone.")


def _named(who: str) -> dict[str, str]:
    is_phone = who.startswith("+") or (who.isdigit() and len(who) == len("13912345678") and who[0] == "1")
    return {"phone": who} if is_phone else {"policy_number": who}
