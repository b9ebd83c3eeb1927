"""Text tables as spreadsheets write them: any separator, UTF-8, UTF-16 or GB18030, rows told from rubbish."""

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any  # a row maps headings to cells

from backend.domain.register.problems import ImportUnreadable
from geo.packed import MOST_ROWS
from geo.rows import Table

_SEPARATORS = (",", ";", "\t", "|")
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_CHUNK = 1 << 20
_LONGEST_OUTLINE = 20_000_000  # characters of one cell: an outline of half a million corners
_MOST_COLUMNS = 500


def read_delimited(path: Path, encoding: str | None = None) -> Table:
    """Return the rows of a text table by its headings.

    A row with more or fewer cells than there are headings is a fault of its own; rows without any content are left
    out, and a note counts them.

    Args:
        path: The file.
        encoding: UTF-8 where it fits, else GB18030, where left out; a byte order mark counts before either.

    Raises:
        ImportUnreadable: Its encoding cannot be told, or it has no headings, or it is no text table.
    """
    encoding, note = (encoding, "") if encoding else _encoding(path)
    csv.field_size_limit(_LONGEST_OUTLINE)
    try:
        with path.open(encoding=encoding, newline="") as text:
            return _table(text, [note] if note else [])
    except LookupError as unknown:
        raise ImportUnreadable(
            f"there is no encoding {encoding}", "Name another, such as gb18030."
        ) from unknown
    except UnicodeError as wrong:
        then = "Name the encoding that it was saved in, such as --encoding gb18030, or save it as UTF-8."
        raise ImportUnreadable(f"its text is not {encoding}", then) from wrong
    except csv.Error as wrong:
        raise ImportUnreadable(f"it is no text table ({wrong})", "Export it as CSV, UTF-8.") from wrong


def _encoding(path: Path) -> tuple[str, str]:
    """The encoding of a file, and a note where it was guessed."""
    with path.open("rb") as file:
        head = file.read(4)
    for mark, name in _MARKS.items():
        if head.startswith(mark):
            return name, ""
    for name, note in (("utf-8", ""), ("gb18030", "texts read as GB18030: they are not UTF-8")):
        if _fits(path, name):
            return name, note
    then = "Name the encoding that it was saved in with --encoding, or save it as UTF-8."
    raise ImportUnreadable("its text is neither UTF-8 nor GB18030", then)


def _fits(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _table(text: Iterator[str], notes: list[str]) -> Table:
    first = next(text, "")
    if "\0" in first:
        raise ImportUnreadable("it is no text table (it holds NUL)", "Export it as CSV, UTF-8.")
    separator = max(_SEPARATORS, key=first.count)
    headings = [heading.strip() for heading in next(csv.reader([first], delimiter=separator), [])]
    if not any(headings):
        raise ImportUnreadable(
            "its first line has no headings", "Write the names of the columns into the first line."
        )
    if len(headings) > _MOST_COLUMNS:
        raise ImportUnreadable(f"it has {len(headings)} columns", "Export the columns that are needed only.")
    rows: list[dict[str, Any]] = []
    faults: dict[int, str] = {}
    empty = 0
    for cells in csv.reader(text, delimiter=separator, strict=True):
        if not any(cell.strip() for cell in cells):
            empty += 1
            continue
        if len(cells) != len(headings):
            faults[len(rows)] = f"has {len(cells)} cells under {len(headings)} headings"
            cells = [*cells[: len(headings)], *[""] * (len(headings) - len(cells))]  # noqa: PLW2901 - to find its key
        rows.append({name: cell for name, cell in zip(headings, cells, strict=True) if name})
        if len(rows) > MOST_ROWS:
            raise ImportUnreadable(f"it has more than {MOST_ROWS:,} rows", "Split the file.")
    if empty:
        notes.append(f"{empty} empty row{'s' if empty > 1 else ''} left out")
    return Table([None] * len(rows), rows, None, faults, {}, notes)
