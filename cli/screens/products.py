"""Products at 80 columns."""

from collections.abc import Sequence
from typing import Any  # products as the API sends them

from rich.console import Group, RenderableType
from rich.table import Table

from backend.products.tariff import read_tariff
from backend.products.words import facts_of
from cli.screens.tables import folded, number, right, table
from cli.screens.writing import clock, text


def products_table(rows: Sequence[dict[str, Any]]) -> Table:
    """Every version: when it is in force, what it insures, where it is from."""
    shown = table("product", "in force", folded("insures"), folded("from"))
    for row in rows:
        facts = facts_of(read_tariff(row["product"], row["label"]))
        shown.add_row(row["label"], facts["in force"], facts["insures"], text(_origin(row)))
    return shown


def product_screen(row: dict[str, Any]) -> RenderableType:
    """One version in words."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for what, words in facts_of(read_tariff(row["product"], row["label"])).items():
        grid.add_row(text(what), text(words))
    return Group(text(f"{row['label']}  {_origin(row)}", "bold"), grid)


def prices_table(rows: Sequence[dict[str, Any]]) -> Table:
    """Market prices, newest week first."""
    shown = table("week from", "county", "species", "per kg", folded("source"))
    for row in rows:
        source = f"{row['source']}, {row['published_on']}"
        shown.add_row(row["week"], text(row["county"]), row["species"], row["price_per_kg"], text(source))
    return shown


def prices_told(done: dict[str, Any]) -> str:
    """What an import of prices did, or would do."""
    counts = ", ".join(f"{done[name]} {name}" for name in ("new", "changed", "same"))
    rows = [f"{done['rows']} prices: {counts}"]
    rows += [
        f"  {one['county']} {one['species']}, week from {one['week']}: {one['before']} → {one['after']}"
        for one in done["changes"]
    ]
    return "\n".join(rows)


def simulation_screen(found: dict[str, Any]) -> RenderableType:
    """Who gets more and who less under a draft, and the claims that change most."""
    names = ("more", "less", "unchanged", "total")
    sums = table("", right("claims"), right("before"), right("after"), right("difference"), right("heads"))
    for name in names:
        one = found[name]
        heads = f"{one['heads_before']} → {one['heads_after']}"
        sums.add_row(name, str(one["claims"]), one["before"], one["after"], one["difference"], heads)
    lines = table(number(), right("before"), right("after"), right("difference"))
    for line in found["lines"][:_MOST_SHOWN]:
        lines.add_row(line["number"], line["before"], line["after"], line["difference"])
    parts: list[RenderableType] = [text(f"{found['draft']} over {found['claims']} claims", "bold"), sums]
    if found["lines"]:
        parts += [text(""), lines]
    more = found["lines_total"] - _MOST_SHOWN
    if more > 0:
        parts.append(text(f"… and {more} more; --json lists them", "dim"))
    left_out = [f"{many} {why.replace('_', ' ')}" for why, many in found["left_out"].items() if many]
    if left_out:
        parts.append(text(f"left out: {', '.join(left_out)}", "dim"))
    return Group(*parts)


_MOST_SHOWN = 20


def _origin(row: dict[str, Any]) -> str:
    if row["origin"] == "shipped":
        return "shipped"
    return f"imported {clock(row['imported_at'])} by {row['imported_by'] or 'the server'}"
