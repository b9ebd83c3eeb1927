"""Which network counted since when, and what each switch rests on."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any  # switches' documents, as the command prints them

from rich.console import RenderableType

from cli.screens.tables import folded, table
from cli.screens.writing import text

_SHORT_HASH = 8


def switches_screen(found: Sequence[dict[str, Any]]) -> RenderableType:
    """One row a switch, the newest first."""
    rows = table("day", "by", folded("from"), folded("to"), folded("rests on"))
    for one in found:
        rows.add_row(
            f"{datetime.fromisoformat(one['at']).astimezone():%Y-%m-%d}",
            text(one["by"]),
            text(_network(one["from"]) if one["from"] else "-"),
            text(_network(one["to"])),
            text(_basis(one)),
        )
    return rows


def _network(network: dict[str, str]) -> str:
    return f"{network['model']} {network['sha256'][:_SHORT_HASH]} {network['predictor']}"


def _basis(one: dict[str, Any]) -> str:
    compared = one["comparison"]
    made = f"comparison {compared['id']} on {compared['claims']} claims" if compared else ""
    return "; ".join(part for part in (made, one["reason"]) if part) or "no comparison"
