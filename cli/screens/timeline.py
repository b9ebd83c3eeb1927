"""Where a claim's seconds went: its events, and a bar for each stage."""

from datetime import datetime
from typing import Any  # the timeline's document, as the API sends it

from rich.console import Group, RenderableType
from rich.table import Column, Table
from rich.text import Text

from backend.texts.load import Language
from cli.screens.labels import label, stage_label
from cli.screens.writing import clock, coloured, how_long, text

_BAR_CELLS = 24
_EIGHTHS = " ▏▎▍▌▋▊▉"
_HOLDER_COLOURS = {"farmer": "cyan", "machine": "green", "bank": "magenta", "disposal": "yellow"}


def timeline_screen(told: dict[str, Any], language: Language) -> RenderableType:
    """Events in the reader's words, then the stages."""
    seconds = told["seconds_to_paid"]
    ends = (
        label("not paid", language)
        if seconds is None
        else f"{how_long(seconds)} {label('paid in', language)}"
    )
    headline = Text.assemble((told["number"], "bold"), "  ", coloured(told["state"]), "  ", (ends, "bold"))
    return Group(headline, _events(told), Text(), _stages(told, language))


def bar(share: float, cells: int = _BAR_CELLS) -> str:
    """A bar of *share* (0 to 1) of the cells, to an eighth of a cell; something is never nothing."""
    eighths = max(1, round(min(1.0, share) * cells * 8)) if share > 0 else 0
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def _events(told: dict[str, Any]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(style="dim", justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    events = told["events"]
    began = datetime.fromisoformat(events[0]["at"])
    for event in events:
        since = (datetime.fromisoformat(event["at"]) - began).total_seconds()
        table.add_row(clock(event["at"], day=False), f"+{how_long(since)}", text(event["text"]))
    return table


def _stages(told: dict[str, Any], language: Language) -> Table:
    stages = told["stages"]
    whole = sum(stage["seconds"] for stage in stages) or 1.0
    table = Table(
        Column(no_wrap=True),
        Column(justify="right", no_wrap=True),
        Column(width=_BAR_CELLS),
        Column(overflow="fold"),
    )
    table.box, table.show_header, table.padding = None, False, (0, 1)
    for stage in stages:
        holders = stage["held_by"].split("+")
        names = ", ".join(label(holder, language) for holder in holders)
        lasting = f", {label('lasting', language)}" if stage["open"] else ""
        table.add_row(
            text(stage_label(stage["stage"], language)),
            how_long(stage["seconds"]),
            text(bar(stage["seconds"] / whole), _HOLDER_COLOURS.get(holders[0], "blue")),
            text(names + lasting, "dim"),
        )
    return table
