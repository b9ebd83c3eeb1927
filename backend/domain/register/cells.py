"""One cell of somebody's table as a value, or why it is none. What was rewritten on the way is said in a note.

Spreadsheets leave their marks: full-width digits, day numbers for dates, 1.1E+14 for an ear tag, formulas. Nothing is
guessed from such a mark; it is named, with what to do.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from backend.domain.indemnity.values import MOST
from backend.domain.money import Money

LONGEST_CELL = 4_000
"""Characters of a cell that is no outline; no field of ours takes as many."""

_EXCEL_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"})
_FORMULA = ("=", "+", "-", "@")
_ROUNDED = re.compile(r"[0-9](\.[0-9]+)?[eE]\+[0-9]+")
_DAY = re.compile(r"([0-9]{4})([-/.]?)([0-9]{1,2})\2([0-9]{1,2})(?:[ T]00:00(?::00(?:\.0+)?)?)?")
_CHINESE_DAY = re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日")
_SERIAL = re.compile(r"[0-9]{5}(\.[0-9]+)?")
_WHOLE = re.compile(r"([0-9]{1,12})(?:\.0+)?")
_AMOUNT = re.compile(r"[0-9]{1,13}(\.[0-9]{1,2})?")
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]{1,2})?")
_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,6})?) ?%?")
_METRES = re.compile(r"-?[0-9]{1,12}(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?")


class CellUnusable(ValueError):
    """A cell that is no such value.

    Attributes:
        why: One clause.
        next: What to do, one sentence.
    """

    def __init__(self, why: str, then: str) -> None:
        super().__init__(why)
        self.why, self.next = why, then


@dataclass(frozen=True, slots=True)
class Cell:
    """A value, and what was rewritten to read it; no note for most."""

    value: object
    note: str = ""


Reading = Callable[[str], Cell]


def words(most: int) -> Reading:
    """A name as people write it, of at most so many characters."""

    def read(cell: str) -> Cell:
        text = _printable(cell)
        if text.startswith(_FORMULA):
            raise CellUnusable(
                "begins like a formula", "Write the name itself; take the sign at its front away."
            )
        return Cell(_short(text, most))

    return read


def code(most: int, pattern: str = r"[0-9A-Za-z\u4e00-\u9fff][0-9A-Za-z\u4e00-\u9fff._/()#-]*") -> Reading:
    """A number or id that machines compare: full-width signs become ASCII, spaces fall out."""
    allowed = re.compile(pattern)

    def read(cell: str) -> Cell:
        text, note = _narrow(cell)
        if _ROUNDED.fullmatch(text):
            then = "Format the column as text in the spreadsheet, restore the numbers and export it again."
            raise CellUnusable("a spreadsheet has rounded it", then)
        if not allowed.fullmatch(text):
            raise CellUnusable(
                "is not a number or id of this kind", "Write letters and digits as on the document."
            )
        return Cell(_short(text, most), note)

    return read


def day(cell: str) -> Cell:
    """A date 2026-03-01, 2026/3/1, 20260301 or 2026年3月1日."""
    text, note = _narrow(cell, spaces=False)
    found = _DAY.fullmatch(text)
    if found and not found[2] and len(found[3] + found[4]) < 4:  # noqa: PLR2004 - 2026111 may be two days
        found = None
    parts = (found[1], found[3], found[4]) if found else None
    if parts is None and (chinese := _CHINESE_DAY.fullmatch(text)):
        parts = (chinese[1], chinese[2], chinese[3])
    if parts is None:
        if _SERIAL.fullmatch(text):
            then = "Format the column as a date in the spreadsheet, such as 2026-03-01, and export it again."
            raise CellUnusable("looks like a spreadsheet's day number", then)
        raise CellUnusable("is not a date", "Write it as 2026-03-01.")
    try:
        return Cell(date(*(int(part) for part in parts)), note)
    except ValueError:
        raise CellUnusable("is not in the calendar", "Write the day as on the policy.") from None


def money(cell: str) -> Cell:
    """An amount in CNY, a decimal with at most two places."""
    text, note = _narrow(cell)
    bare = text.removeprefix("¥").removeprefix("￥").removesuffix("元")
    if bare != text:
        note = note or "the sign of the currency was left out"
    if _GROUPED.fullmatch(bare):
        bare, note = bare.replace(",", ""), note or "commas between thousands were left out"
    if not _AMOUNT.fullmatch(bare):
        raise CellUnusable(
            "is not an amount in CNY", "Write a decimal with at most two places, such as 700.00."
        )
    amount = Money.parse(bare)
    if amount.fen <= 0:
        raise CellUnusable("is not above 0.00", "Write the amount per head, or leave the cell empty.")
    return Cell(amount, note)


def count(least: int) -> Reading:
    """A whole number of animals."""

    def read(cell: str) -> Cell:
        text, note = _narrow(cell)
        found = _WHOLE.fullmatch(text.removesuffix("头").removesuffix("只").removesuffix("羽"))
        if not found or not least <= int(found[1]) <= MOST:
            raise CellUnusable(
                f"is not a whole number from {least} to {MOST:,}", "Write the number of heads."
            )
        return Cell(int(found[1]), note)

    return read


def percent(cell: str) -> Cell:
    """A number from 0 to 100."""
    text, note = _narrow(cell)
    found = _PERCENT.fullmatch(text)
    number = Decimal(found[1]) if found else Decimal(-1)
    if not 0 <= number <= 100:  # noqa: PLR2004 - per cent
        raise CellUnusable("is not a number from 0 to 100", "Write per cent, such as 10 or 12.5.")
    return Cell(Decimal(f"{number.normalize():f}"), note)


def metres(cell: str) -> Cell:
    """A number, metres or degrees; what is plausible is judged with the place."""
    text, note = _narrow(cell)
    if not _METRES.fullmatch(text):
        raise CellUnusable("is not a number", "Write digits with a point, such as 112.9905.")
    return Cell(float(text), note)


_YES = frozenset({"1", "yes", "y", "true", "x", "是", "√"})
_NO = frozenset({"0", "no", "n", "false", "否", "-"})


def yes_or_no(cell: str) -> Cell:
    """Whether something is so."""
    text, note = _narrow(cell)
    said = text.lower()
    if said not in _YES | _NO:
        raise CellUnusable("is neither yes nor no", "Write yes or no, 是 or 否.")
    return Cell(said in _YES, note)


def one_of(kind: type[StrEnum]) -> Reading:
    """A word of a closed set."""
    known = {str(one): one for one in kind}

    def read(cell: str) -> Cell:
        text, note = _narrow(cell)
        word = known.get(text) or known.get(text.lower()) or known.get(text.upper())
        if word is None:
            raise CellUnusable("is none of the words for it", f"Write one of {', '.join(known)}.")
        return Cell(word, note)

    return read


def _printable(cell: str) -> str:
    # Spaces of other widths are typed without being seen.
    text = cell.replace("\u3000", " ").replace("\xa0", " ").strip()
    if text in _EXCEL_ERRORS:
        raise CellUnusable("is a spreadsheet's error", "Mend the formula behind it and export the values.")
    if not text.isprintable():
        raise CellUnusable("holds a line break or a sign that cannot be shown", "Write it on one line.")
    return text


def _narrow(cell: str, *, spaces: bool = True) -> tuple[str, str]:
    """The cell with ASCII digits and letters, and a note where that changed it."""
    shown = _printable(cell)
    text = unicodedata.normalize("NFKC", shown).strip()
    note = "full-width characters written as ASCII" if text != shown else ""
    # A spreadsheet keeps a number as text by an apostrophe, and some exports write it out.
    if text.startswith("'"):
        text, note = text[1:], note or "a spreadsheet's apostrophe was left out"
    if spaces and " " in text:
        text, note = text.replace(" ", ""), note or "spaces were left out"
    return text, note


def _short(text: str, most: int) -> str:
    if len(text) > most:
        raise CellUnusable(f"has {len(text)} characters, {most} fit", "Shorten it.")
    return text
