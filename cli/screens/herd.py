"""A herd book: at most 80 columns."""

from collections.abc import Sequence
from typing import Any  # documents, as the API sends them

from rich.table import Table

from cli.screens.tables import right, table


def herd_table(animals: Sequence[dict[str, Any]]) -> Table:
    """Animals by ear tag; a tag that claims name already stands out."""
    shown = table("ear tag", "category", right("claims"))
    for animal in animals:
        style = "yellow" if animal["claims"] else ""
        shown.add_row(animal["tag"], animal["category"] or "", str(animal["claims"] or ""), style=style)
    return shown
