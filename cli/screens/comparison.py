"""Two periods as a table of at most 80 columns."""

from collections.abc import Callable, Sequence
from typing import Any  # figures, as the API sends them

from rich.table import Table

from cli.screens.tables import folded, right, table
from cli.screens.writing import how_long

Document = dict[str, Any]
_SHARE = "paid_within_15_min"


def periods_line(told: Document) -> str:
    """``2026-11-13 to 2026-11-19: 383 claims; 2026-11-20 to 2026-11-26: 375 claims``."""
    periods = ((told["against"], told["claims"]["before"]), (told["filter"], told["claims"]["now"]))
    return "; ".join(f"{days['from']} to {days['to']}: {claims} claims" for days, claims in periods)


def comparison_table(figures: Sequence[Document]) -> Table:
    """A row a figure: before, now, the difference with its limits, and whether it is sure."""
    shown = table("figure", right("before"), right("now"), right("difference"), folded("95 %"), "")
    for one in figures:
        said = _share if one["figure"] == _SHARE else _long
        gained = one["difference"]
        sides = (said(one[side]["value"]) for side in ("before", "now"))
        limits = f"{_signed(gained['low'], said)} to {_signed(gained['high'], said)}"
        verdict = "sure" if one["differs"] else "not sure"
        name = "≤ 15 min" if one["figure"] == _SHARE else one["figure"].removesuffix("_seconds")
        unknown = gained["value"] is None
        shown.add_row(
            name,
            *sides,
            _signed(gained["value"], said),
            "-" if unknown else limits,
            "" if unknown else verdict,
        )
    return shown


def _signed(figure: float | None, said: Callable[[float | None], str]) -> str:
    if figure is None:
        return "-"
    return f"{'+' if figure >= 0 else '-'}{said(abs(figure))}"


def _share(figure: float | None) -> str:
    return "-" if figure is None else f"{figure * 100:.1f} %"


def _long(figure: float | None) -> str:
    return "-" if figure is None else how_long(figure)
