"""``flashclaim indemnity``: what a loss comes to. Needs no server and no extra."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.exits import Exit
from cli.render import print_json, refuse, unusable

if TYPE_CHECKING:
    from backend.domain.indemnity.quote import Quote

app = typer.Typer(help="Indemnity 赔款: what a loss comes to.", no_args_is_help=True)

STDIN = "-"


@app.callback()
def indemnity() -> None:
    """Indemnity 赔款: what a loss comes to."""


@app.command("quote")
def quote_loss(
    loss: Annotated[str, typer.Argument(metavar="LOSS.json", help="Loss document, or - for stdin.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Compute the indemnity of a loss, with the working of every line.

    Arithmetic only, a person decides the claim. Example: flashclaim indemnity quote docs/examples/pig-bands.json
    """
    from backend.domain.indemnity.document import read_loss
    from backend.domain.indemnity.quote import quote
    from backend.domain.problems import Problem
    from backend.products.load import products

    document = _document(loss, as_json=as_json)
    try:
        read = read_loss(document, products().find)
        answer = quote(read.product, read.terms, read.loss, read.animals)
    except Problem as problem:
        refuse(problem, Exit.USAGE, as_json=as_json)
    if as_json:
        print_json(answer.as_json())
    else:
        typer.echo(_table(answer))


def _document(name: str, *, as_json: bool) -> object:
    """What the file or stdin holds; a file that is no JSON ends the command."""
    try:
        content = sys.stdin.buffer.read() if name == STDIN else Path(name).read_bytes()
    except OSError as fault:
        unusable(
            f"{name} cannot be read: {fault.strerror}",
            as_json=as_json,
            next="Check the file's name and rights.",
        )
    try:
        document = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_without_repeats)
        # Half a surrogate pair is legal in JSON and cannot be printed.
        json.dumps(document, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as fault:
        detail = f"{'stdin' if name == STDIN else name} is no usable JSON: {fault}"
        unusable(detail, as_json=as_json, next="Write one JSON object in UTF-8, see docs/examples.")
    return document


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object whose keys stand once: of two sums nobody could say which was meant."""
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {key!r} stands twice in one object")
        found[key] = value
    return found


def _table(answer: "Quote") -> str:
    """The quote for people: a line a head, then the sum, then what an officer looks at."""
    from backend.texts.load import Language, Table, sentence

    amounts = [line.amount.grouped() for line in answer.lines] + [answer.payable.grouped()]
    refs = [line.ref for line in answer.lines] + ["sum"]
    wide, wider = max(map(len, refs)), max(map(len, amounts))
    rows = [f"{answer.product}  {'in cover' if answer.covered else 'OUT OF COVER'}"]
    for line, amount in zip(answer.lines, amounts, strict=False):
        codes = f"  [{' '.join(line.codes)}]" if line.codes else ""
        rows.append(f"{line.ref:<{wide}}  {amount:>{wider}}  {line.working}{codes}")
    heads = "1 head" if answer.heads_payable == 1 else f"{answer.heads_payable} heads"
    rows.append(f"{'sum':<{wide}}  {amounts[-1]:>{wider}}  CNY for {heads}")
    rows += [f"{finding.code}: {finding.text}" for finding in answer.findings]
    said = {finding.code for finding in answer.findings}
    to_say = dict.fromkeys(code for line in answer.lines for code in line.codes if code not in said)
    rows += [f"{code}: {sentence(Language.EN, Table.OFFICER, code)}" for code in to_say]
    return "\n".join(rows)
