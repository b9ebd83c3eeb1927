"""Flags as a table of at most 80 columns, and one by one."""

from collections.abc import Iterator, Sequence
from typing import Any  # flags, as the API sends them

from rich.table import Table

from backend.texts.load import Language
from cli.render import printable
from cli.screens.labels import label
from cli.screens.tables import folded, number, table
from cli.screens.writing import clock, text

Document = dict[str, Any]


def flags_table(rows: Sequence[Document], language: Language) -> Table:
    """A row a flag: on whose claim, of which kind, and what was found."""
    shown = table(number(), "kind", "state", folded("key"), folded("what"), gap=1)
    for row in rows:
        state = text(label(row["state"], language), "red" if row["state"] == "confirmed" else "")
        shown.add_row(row["claim"]["number"], row["kind"], state, text(row["key"]), text(row["text"]))
    return shown


def flag_lines(flag: Document, language: Language) -> Iterator[str]:
    """One flag: its key, what was found, other claims, and who said what of it; words steer no terminal."""
    return (" ".join(printable(line).splitlines()) for line in _lines(flag, language))


def _lines(flag: Document, language: Language) -> Iterator[str]:
    yield f"{flag['key']}  {label(flag['state'], language)}"
    yield f"  {flag['text']}"
    for one in flag["elsewhere"]:
        yield f"  also on {one['number']}" + (f", farm {one['farm_id']}" if one["farm_id"] else "")
    judged = flag["judged"]
    if judged:
        who = f"{judged['by']} ({judged['organisation']})"
        yield f"  {clock(judged['at'])} {who}: {judged['reason']}"
