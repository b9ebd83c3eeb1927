"""Claims at risk, and who decides for whom, as tables of at most 80 columns."""

from collections.abc import Sequence
from typing import Any  # rows, as the API sends them

from rich.table import Table

from cli.screens.tables import folded, number, right, table
from cli.screens.writing import clock, coloured, how_long, text

Rows = Sequence[dict[str, Any]]
_HIDDEN = frozenset({"declared_at", "starts_at"})


def at_risk_table(rows: Rows) -> Table:
    """A row for each clock: what breaks first, how long it has left, who holds the claim."""
    shown = table(number(), "state", folded("clock"), "due", right("left"), folded("held by"), gap=1)
    for row in rows:
        left = how_long(abs(row["seconds_left"]))
        shown.add_row(
            row["number"],
            coloured(row["state"]),
            text(row["clock"]),
            clock(row["clock_due_at"]),
            text(f"late {left}", "bold red") if row["late"] else text(left, "yellow"),
            text((row["held_by"] or "-").replace("+", ", ")),
        )
    return shown


def duties_table(rows: Rows) -> Table:
    """Rows of a register as they are; an empty cell is one that says nothing."""
    names = [name for name in rows[0] if name not in _HIDDEN]
    shown = table(*(folded(name.replace("_", " ")) for name in names), gap=1)
    for row in rows:
        shown.add_row(*(text("" if row[name] is None else str(row[name])) for name in names))
    return shown
