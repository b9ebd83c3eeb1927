"""``flashclaim indemnity``: what a loss comes to. Needs no server and no extra."""

from typing import Annotated

import typer

from backend.texts.load import Language
from cli.exits import Exit
from cli.render import print_json, refuse

app = typer.Typer(help="Indemnity 赔款: what a loss comes to.", no_args_is_help=True)


@app.callback()
def indemnity() -> None:
    """Indemnity 赔款: what a loss comes to."""


@app.command("quote")
def quote_loss(
    losses: Annotated[
        list[str], typer.Argument(metavar="LOSS.json...", help="Loss documents, or - for stdin.")
    ],
    products: Annotated[
        str,
        typer.Option(
            metavar="FOLDER", help="Product files beside the shipped ones; a version of both is the folder's."
        ),
    ] = "",
    language: Annotated[
        Language | None,
        typer.Option("--language", "--lang", help="Of the working; as the terminal's where left out."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Compute the indemnity of losses, with the working of every line.

    Arithmetic only, a person decides the claim. Of several files the JSON is
    {"quotes": [...]}, each with its file; one that cannot be used has an error
    instead, and the exit code is 2.

    Example: flashclaim indemnity quote docs/examples/*.json --lang zh
    """
    from backend.domain.problems import Problem
    from cli.desk import terminal_language
    from cli.quotes import catalogue, quoted, quoted_one_of_many, table

    reads = language or terminal_language()
    try:
        known = catalogue(products)
        answers = {}
        if len(losses) == 1:
            answers = {losses[0]: quoted(losses[0], known)}
    except Problem as problem:
        refuse(problem, Exit.USAGE, as_json=as_json)
    if answers:
        (answer,) = answers.values()
        if as_json:
            print_json(answer.as_json())
        else:
            typer.echo(table(answer.quote, reads))
        return
    many = [quoted_one_of_many(name, known) for name in losses]
    if as_json:
        print_json({"quotes": [one.as_json() for one in many]})
    else:
        for one in many:
            one.tell(reads)
    if any(one.problem for one in many):
        raise typer.Exit(Exit.USAGE)
