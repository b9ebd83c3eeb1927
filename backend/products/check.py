"""Looks at product files as a whole before anybody imports them: every fault with its line."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backend.domain.indemnity.problems import UnusableProduct
from backend.domain.indemnity.product import Product
from backend.domain.problems import FieldError
from backend.products.catalogue import Catalogue, clash
from backend.products.lines import line_at, lines_of
from backend.products.load import read_text

LARGEST_FILE = 64 * 1024
"""Bytes of a product file; a tariff has a hundred lines."""

_TOLD_LINE = re.compile(r"at line ([0-9]+)")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at one key of a file; ``rule`` says what it must be, or what it collides with."""

    line: int
    pointer: str
    rule: str

    def as_json(self) -> dict[str, object]:
        """With the key as a JSON pointer."""
        return {"line": self.line, "pointer": self.pointer, "rule": self.rule}


@dataclass(frozen=True, slots=True)
class Checked:
    """One file: its product, or None where it has faults of its own; faults towards other versions count too."""

    name: str
    product: Product | None
    faults: tuple[Fault, ...]


def check_file(name: str, content: bytes) -> Checked:
    """Look at one file by itself."""
    if len(content) > LARGEST_FILE:
        return Checked(name, None, (Fault(1, "", f"has more than {LARGEST_FILE} bytes"),))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        return Checked(name, None, (Fault(line, "", "is not written in UTF-8"),))
    try:
        return Checked(name, read_text(text, name), ())
    except UnusableProduct as wrong:
        return Checked(name, None, _placed(text, wrong.errors))


def check_files(files: Mapping[str, bytes], known: Catalogue) -> list[Checked]:
    """Look at files by themselves and at how they stand beside each other and the *known* products.

    A version that is known already and says the same is no fault.
    """
    checked: list[Checked] = []
    standing = [(product.label, product) for product in known]
    for name, content in files.items():
        one = check_file(name, content)
        if one.product:
            errors = [
                FieldError(
                    fault.pointer, f"{fault.detail} ({where})" if where != product.label else fault.detail
                )
                for where, product in standing
                if product != one.product and (fault := clash(product, one.product))
            ]
            one = Checked(name, one.product, _placed(content.decode("utf-8-sig"), errors))
            standing += [(name, one.product)] if one.product else []
        checked.append(one)
    return checked


def _placed(text: str, errors: Sequence[FieldError]) -> tuple[Fault, ...]:
    try:
        tomllib.loads(text)
        lines = lines_of(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return tuple(Fault(_told_line(text, error.detail), "", error.detail) for error in errors)
    faults = (Fault(line_at(lines, error.pointer), error.pointer, error.detail) for error in errors)
    return tuple(sorted(faults, key=lambda fault: fault.line))


def _told_line(text: str, detail: str) -> int:
    """The line that the reader of TOML names; without one it is the last, where the text broke off."""
    told = _TOLD_LINE.search(detail)
    return int(told[1]) if told else max(1, text.rstrip("\n").count("\n") + 1)
