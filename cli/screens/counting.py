"""The counter's agreement with people as a table of at most 80 columns."""

from collections.abc import Iterator, Sequence
from typing import Any  # figures, as the API sends them

from rich.table import Table

from backend.texts.load import Language
from cli.screens.labels import label
from cli.screens.tables import folded, right, table
from cli.screens.writing import text

Document = dict[str, Any]


def counting_table(told: Document, language: Language) -> Table:
    """All together, then by species, network and week; a dash is what nothing is known of yet."""
    columns = ("claims", "unsure", "agreed", "exact", "off", "sure", "wrong")
    shown = table(folded(""), *(right(name) for name in columns))
    shown.add_row("together", *_cells(told["together"]))
    for kind in ("by_species", "by_model", "by_week"):
        shown.add_section()
        for row in told[kind]:
            shown.add_row(text(label(row["group"], language)), *_cells(row))
    return shown


def card_lines(cards: Sequence[Document]) -> Iterator[str]:
    """What was measured of each network on photos that it had never seen."""
    for card in cards:
        low, high = card["error_interval"]
        yield (
            f"{card['model']}, never seen: sure on {card['answered']} of {card['photos']} photos, "
            f"{card['wrong']} of them wrong (95 %: {low * 100:.0f} to {high * 100:.0f} %)"
        )


def _cells(row: Document) -> tuple[str, ...]:
    off = "-" if row["heads_off"] is None else f"{row['heads_off']:.2f}"
    shares = {name: _percent(row[name]) for name in ("unsure_share", "exact_share", "wrong_share")}
    return (
        *(str(row["claims"]), shares["unsure_share"], str(row["agreed"]), shares["exact_share"], off),
        *(str(row["sure"]), shares["wrong_share"]),
    )


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share * 100:.0f} %"
