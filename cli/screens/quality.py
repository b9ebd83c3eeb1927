"""The service quality index and a regulator's figures as tables of at most 80 columns."""

from collections.abc import Sequence
from typing import Any  # figures, as the API sends them

from rich.table import Table

from backend.texts.load import Language
from cli.screens.tables import folded, right, table
from cli.screens.writing import text

Document = dict[str, Any]


def index_line(told: Document) -> str:
    """``service quality 87.4 of 100, over 1 240 claims``."""
    if told["index"] is None:
        return f"service quality is not known yet, over {told['claims']} claims"
    return f"service quality {told['index']} of 100, over {told['claims']} claims"


def explained(figures: Sequence[Document], language: Language) -> Table:
    """Each raw figure, what it gives, and what it weighs."""
    shown = table(
        folded("figure"), right("raw"), right("worst"), right("best"), right("points"), right("weight")
    )
    for row in figures:
        words = text(row[language]).append(f"\n{row['why']}", "dim")
        cells = (
            "-" if row[name] is None else f"{row[name]:g}" for name in ("raw", "worst", "best", "points")
        )
        shown.add_row(words, *cells, str(row["weight"]))
    return shown


def indexes_table(groups: Sequence[Document], by: str) -> Table:
    """The index of each group."""
    shown = table(folded(by), right("claims"), right("index"))
    for row in groups:
        shown.add_row(
            text(row["group"]), str(row["claims"]), "-" if row["index"] is None else str(row["index"])
        )
    return shown


def regulator_table(told: Document) -> Table:
    """Counties and their total in one month; a star is a count that is hidden, a dash a figure that is not known."""
    names = (
        *("claims", "paid_within_15_min", "paid_later", "open_in_time", "overdue", "ended_unpaid"),
        *("p50_minutes", "p90_minutes", "rating", "index"),
    )
    heads = ("claims", "≤15min", "later", "open", "late", "unpaid", "p50", "p90", "rated", "index")
    shown = table(folded(told["month"]), *map(right, heads))
    for row in (*told["groups"], {"group": "total"} | told["total"]):
        cells = ("-" if name in _DERIVED else "*" for name in names)
        values = (
            unknown if row[name] is None else str(row[name])
            for name, unknown in zip(names, cells, strict=True)
        )
        shown.add_row(text(row["group"]), *values)
    return shown


_DERIVED = frozenset({"p50_minutes", "p90_minutes", "rating", "index"})
