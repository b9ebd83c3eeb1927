"""Messages about a claim as a table of at most 80 columns."""

from collections.abc import Sequence
from typing import Any  # rows, as the API sends them

from rich.table import Table

from backend.texts.load import Language
from cli.screens.labels import label
from cli.screens.tables import folded, table
from cli.screens.writing import clock, text

_ARRIVED = {"sent": "green", "given_up": "red"}


def notices_table(rows: Sequence[dict[str, Any]], language: Language) -> Table:
    """Messages in order; one that took several attempts says how many."""
    shown = table("at", folded("to"), folded("channel"), folded("text"), gap=1)
    for row in rows:
        state = row["state"]
        words = label("waiting to be sent" if state == "waiting" else state, language)
        tried = f" ×{row['attempts']}" if row["attempts"] > 1 else ""
        way = (
            text(row["channel"]).append("\n").append_text(text(words + tried, _ARRIVED.get(state, "yellow")))
        )
        shown.add_row(clock(row["at"]), text(label(row["to"], language)), way, text(row["text"]))
    return shown
