"""Which column of a file means which field."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from math import isnan
from typing import Any  # a cell holds whatever its format can

from backend.domain.register.fields import BOUNDARY, FIELDS, Register, key_of
from backend.domain.register.problems import ImportUnreadable
from backend.texts.columns import field_of, heading_key, known_headings

_MANY = 12
_EXACT_BELOW = 2.0**53


@dataclass(frozen=True, slots=True)
class Columns:
    """By field the heading it is read from; the headings that are not read; why one of several was taken."""

    taken: Mapping[str, str]
    not_taken: tuple[str, ...]
    notes: tuple[str, ...]


def match_columns(register: Register, headings: Sequence[str], mapping: Mapping[str, str]) -> Columns:
    """Find the field of every heading.

    Args:
        register: What the rows are.
        headings: Of columns that hold anything.
        mapping: Declared fields by the file's own headings; a heading that is declared for one field may still be
            found for another.

    Raises:
        ImportUnreadable: A declared heading or field is not there, or no column holds the rows' key.
    """
    fields = [field.name for field in FIELDS[register]]
    if register is Register.FARMS:
        fields.append(BOUNDARY)
    taken = _declared(fields, headings, mapping)
    notes = []
    for heading in _most_telling_first(register, headings):
        field = field_of(register, heading)
        if field is None:
            continue
        if field in taken:
            if taken[field] != heading:
                notes.append(f"column {heading} is not taken: {taken[field]} is taken for {field}")
        else:
            taken[field] = heading
    key = key_of(register).name
    if key not in taken:
        known = ", ".join(known_headings(register)[key][:_MANY])
        has = ", ".join(headings[:_MANY]) or "no columns"
        then = f"Name the column of {key}: --map THEIRS={key}."
        raise ImportUnreadable(f"no column is called one of {known}; the file has {has}", then)
    used = set(taken.values())
    said = {heading for heading in headings if any(f"column {heading} is" in note for note in notes)}
    return Columns(taken, tuple(one for one in headings if one not in used | said), tuple(notes))


def headings_of(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Headings under which any row holds anything, in order."""
    found: dict[str, None] = {}
    for row in rows:
        for heading, cell in row.items():
            if heading not in found and text_of(cell):
                found[heading] = None
    return list(found)


def text_of(cell: Any) -> str:
    """A cell as text: whole numbers without a point, days without a time, gaps as nothing."""
    if isinstance(cell, str):
        return cell.strip()
    if cell is None or type(cell).__name__ in {"NAType", "NaTType"}:
        return ""
    if hasattr(cell, "item"):  # numpy's own numbers
        cell = cell.item()
    if isinstance(cell, float):
        # A column of whole numbers with gaps arrives as floats; NaN is a gap.
        if isnan(cell):
            return ""
        return str(int(cell)) if cell.is_integer() and abs(cell) < _EXACT_BELOW else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def _declared(fields: Sequence[str], headings: Sequence[str], mapping: Mapping[str, str]) -> dict[str, str]:
    taken = {}
    by_key = {heading_key(heading): heading for heading in reversed(headings)}
    for theirs, ours in mapping.items():
        if ours not in fields:
            raise ImportUnreadable(f"there is no field {ours}", f"Map to one of {', '.join(fields)}.")
        heading = theirs if theirs in headings else by_key.get(heading_key(theirs))
        if heading is None:
            close = get_close_matches(theirs, headings, n=3) or headings[:_MANY]
            then = f"Map one of its columns, such as {', '.join(close)}." if close else "Check the file."
            raise ImportUnreadable(f"the file has no column {theirs}", then)
        taken[ours] = heading
    return taken


def _most_telling_first(register: Register, headings: Sequence[str]) -> list[str]:
    """Headings such as 养殖场编号 before a bare id, which many programs add on their own."""
    keys = {field: [heading_key(name) for name in names] for field, names in known_headings(register).items()}

    def place(heading: str) -> int:
        field, key = field_of(register, heading), heading_key(heading)
        names = keys.get(field or "", [])
        return len(names) if key == field or key not in names else names.index(key)

    return sorted(headings, key=place)
