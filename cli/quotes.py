"""Loss documents from files, quoted one by one: what ``indemnity quote`` answers."""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import typer

from backend.domain.indemnity.document import read_loss
from backend.domain.indemnity.quote import Quote, quote
from backend.domain.problems import FieldError, InvalidInput, Problem
from backend.products.catalogue import Catalogue
from backend.products.load import products, read_folder
from backend.texts.load import Language, Table, sentence
from backend.texts.working import working_in
from cli.render import explain

STDIN = "-"


class LossUnreadable(InvalidInput):
    """A file that is not there or no JSON."""

    def __init__(self, detail: str, then: str) -> None:
        super().__init__(detail)
        self.then = then

    def as_json(self) -> dict[str, object]:
        """With the advice that fits this file."""
        return super().as_json() | {"next": self.then}


@dataclass(frozen=True, slots=True)
class Quoted:
    """One file's quote."""

    quote: Quote

    def as_json(self) -> dict[str, object]:
        """As formats.md says, and beside each working the same in Chinese."""
        answer = self.quote.as_json()
        lines = [
            line.as_json() | {"working_zh": working_in(Language.ZH, line.steps, line.working)}
            for line in self.quote.lines
        ]
        return answer | {"lines": lines}


@dataclass(frozen=True, slots=True)
class OneOfMany:
    """One of several files: its quote, or why there is none."""

    file: str
    quoted: Quoted | None = None
    problem: Problem | None = None

    def as_json(self) -> Mapping[str, object]:
        """The quote with its file, or the file with its error."""
        if self.quoted:
            return {"file": self.file} | self.quoted.as_json()
        return {"file": self.file, "error": self.problem and self.problem.as_json()}

    def tell(self, language: Language) -> None:
        """The quote on stdout, a refusal on stderr."""
        typer.echo(f"{self.file}:")
        if self.quoted:
            typer.echo(table(self.quoted.quote, language) + "\n")
        if self.problem:
            explain(self.problem.as_json())


def catalogue(folder: str) -> Catalogue:
    """The shipped products, and those of *folder* if one is named; a version in both is the folder's.

    Raises:
        UnusableProduct: A file of the folder cannot be used.
        InvalidInput: There is no such folder.
    """
    if not folder:
        return products()
    if not Path(folder).is_dir():
        error = FieldError("/products", f"{folder} is no folder")
        raise InvalidInput("there are no products to read", errors=[error])
    own = read_folder(Path(folder))
    labels = {product.label for product in own}
    return Catalogue([*own, *(one for one in products() if one.label not in labels)])


def quoted(name: str, known: Catalogue) -> Quoted:
    """The quote of a file, or of stdin.

    Raises:
        Problem: It cannot be read, or lacks what the product needs; every field is named.
    """
    read = read_loss(_document(name), known.find)
    return Quoted(quote(read.product, read.terms, read.loss, read.animals))


def quoted_one_of_many(name: str, known: Catalogue) -> OneOfMany:
    """The quote of a file, or its problem."""
    try:
        return OneOfMany(name, quoted(name, known))
    except Problem as problem:
        return OneOfMany(name, problem=problem)


def table(answer: Quote, language: Language) -> str:
    """The quote for people: a line a head, then the sum, then what an officer looks at."""
    amounts = [line.amount.grouped() for line in answer.lines] + [answer.payable.grouped()]
    refs = [line.ref for line in answer.lines] + ["sum"]
    wide, wider = max(map(len, refs)), max(map(len, amounts))
    rows = [f"{answer.product}  {'in cover' if answer.covered else 'OUT OF COVER'}"]
    for line, amount in zip(answer.lines, amounts, strict=False):
        codes = f"  [{' '.join(line.codes)}]" if line.codes else ""
        working = working_in(language, line.steps, line.working)
        rows.append(f"{line.ref:<{wide}}  {amount:>{wider}}  {working}{codes}")
    heads = "1 head" if answer.heads_payable == 1 else f"{answer.heads_payable} heads"
    rows.append(f"{'sum':<{wide}}  {amounts[-1]:>{wider}}  CNY for {heads}")
    rows += [f"{finding.code}: {finding.text}" for finding in answer.findings]
    said = {finding.code for finding in answer.findings}
    to_say = dict.fromkeys(code for line in answer.lines for code in line.codes if code not in said)
    rows += [f"{code}: {sentence(language, Table.OFFICER, code)}" for code in to_say]
    return "\n".join(rows)


def _document(name: str) -> object:
    try:
        content = sys.stdin.buffer.read() if name == STDIN else Path(name).read_bytes()
    except OSError as fault:
        raise LossUnreadable(
            f"{name} cannot be read: {fault.strerror}", "Check the file's name and rights."
        ) from fault
    try:
        document: object = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_without_repeats)
        # Half a surrogate pair is legal in JSON and cannot be printed.
        json.dumps(document, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as fault:
        detail = f"{'stdin' if name == STDIN else name} is no usable JSON: {fault}"
        raise LossUnreadable(detail, "Write one JSON object in UTF-8, see docs/examples.") from fault
    return document


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object whose keys stand once: of two sums nobody could say which was meant."""
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {key!r} stands twice in one object")
        found[key] = value
    return found
