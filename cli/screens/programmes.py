"""Programmes and their money: at most 80 columns."""

from collections.abc import Sequence
from typing import Any  # documents, as the API sends them

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from cli.screens.tables import folded, number, right, table
from cli.screens.writing import clock, money, text


def programmes_table(rows: Sequence[dict[str, Any]]) -> Table:
    """Programmes; under each id its name and period."""
    shown = table(
        folded("programme"), right("policies"), right("limit CNY"), right("used"), right("left"), gap=1
    )
    for row in rows:
        told = text(row["id"]).append(f"\n{row['name']}, {row['begins']} – {row['ends']}", "dim")
        sums = (_plain(row[name]) for name in ("limit", "used", "left"))
        shown.add_row(told, str(row["policies"]), *sums)
    return shown


def programme_screen(shown: dict[str, Any]) -> RenderableType:
    """One programme, and what waits for its money."""
    parts: list[RenderableType] = [programmes_table([shown])]
    if shown["waiting"]:
        rows = table(number(), right("sum CNY"), "due", folded("waits"))
        for claim in shown["waiting"]:
            why = text(
                "leaves soon" if claim["fits"] else "for a higher limit", "" if claim["fits"] else "yellow"
            )
            rows.add_row(claim["number"], _plain(claim["amount"]), clock(claim["due_at"]), why)
        parts += [Text(), rows]
    return Group(*parts)


def _plain(amount: str) -> str:
    return money(amount).removesuffix(" CNY")
