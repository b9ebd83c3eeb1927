"""``flashclaim reason``: reason codes with what farmers and officers read. Needs no server."""

import typer

from backend.domain.words import ReasonCode
from cli.desk import terminal_language
from cli.options import AsJson, Reading
from cli.render import print_json

app = typer.Typer(name="reason", help="Reason codes and their sentences.", no_args_is_help=True)


@app.callback()
def reason() -> None:
    """Reason codes and their sentences."""


@app.command("list")
def list_reasons(language: Reading = None, as_json: AsJson = False) -> None:
    """List every reason code: the officer's sentence, then the farmer's.

    Example: flashclaim reason list --language en
    """
    from backend.texts.load import Table, sentence

    reads = language or terminal_language()
    told = [
        {
            "code": code.value,
            "name": sentence(reads, Table.REASON, code),
            "officer": sentence(reads, Table.OFFICER, code),
            "farmer": sentence(reads, Table.FARMER, code),
        }
        for code in ReasonCode
    ]
    if as_json:
        print_json({"language": reads, "reasons": told})
        return
    from cli.screens.lists import reasons_table
    from cli.screens.writing import console

    console().print(reasons_table(told))
