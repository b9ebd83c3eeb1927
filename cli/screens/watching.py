"""A timeline as it grows: a line an event, and below them on a terminal where the claim stands now."""

import json
import sys
from datetime import datetime
from types import TracebackType
from typing import Any, Protocol, Self  # what the stream tells, as the API sends it

from rich.console import Group, RenderableType
from rich.live import Live
from rich.table import Table

from backend.texts.load import Language
from cli.following import Broken
from cli.render import say
from cli.screens.labels import label, stage_label
from cli.screens.writing import clock, coloured, console, how_long, seconds_until, text

_CLOCK_CELLS, _SINCE_CELLS = 8, 13


class Screen(Protocol):
    """Where a watched claim is shown."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, where: TracebackType | None
    ) -> None: ...

    def happened(self, event: dict[str, Any]) -> None:
        """One more event."""

    def stands(self, standing: dict[str, Any]) -> None:
        """Where the claim stands after it."""

    def broke(self, broken: Broken) -> None:
        """The line broke and will be tried again."""


class Lines:
    """One line an event: for a pipe or a file, read as it grows."""

    def __init__(self, reported_at: str, *, as_json: bool) -> None:
        self._reported_at = reported_at
        self._as_json = as_json
        self._is_broken = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, where: TracebackType | None
    ) -> None:
        return None

    def happened(self, event: dict[str, Any]) -> None:
        """Print it at once."""
        if self._as_json:
            sys.stdout.write(json.dumps(event, ensure_ascii=False) + "\n")
        else:
            since = how_long(_seconds_between(self._reported_at, event["at"]))
            line = text(f"{clock(event['at'], day=False)}  {'+' + since:>{_SINCE_CELLS}}  {event['text']}")
            sys.stdout.write(line.plain + "\n")
        sys.stdout.flush()

    def stands(self, standing: dict[str, Any]) -> None:  # noqa: ARG002 - told at the end
        """The line stands again."""
        self._is_broken = False

    def broke(self, broken: Broken) -> None:
        """Say so once, however long it takes."""
        if not self._is_broken:
            say(f"The line broke ({broken.why}); trying again. Ctrl-C ends.")
        self._is_broken = True


class Silence(Lines):
    """Shows no events: the whole document is printed at the end."""

    def happened(self, event: dict[str, Any]) -> None:
        """Left for the document."""


class LiveScreen:
    """Events scroll by; the last two lines tell state, stage, holder, promise, and count the seconds."""

    def __init__(self, reported_at: str, language: Language) -> None:
        self._reported_at = reported_at
        self._language = language
        self._standing: dict[str, Any] = {}
        self._broken: Broken | None = None
        self._live = Live(
            console=console(), get_renderable=self._status, refresh_per_second=2, vertical_overflow="crop"
        )

    def __enter__(self) -> Self:
        self._live.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, where: TracebackType | None
    ) -> None:
        self._live.__exit__(kind, fault, where)

    def happened(self, event: dict[str, Any]) -> None:
        """Print it above."""
        since = how_long(_seconds_between(self._reported_at, event["at"]))
        row = Table.grid(padding=(0, 2))
        row.add_column(style="dim", no_wrap=True, width=_CLOCK_CELLS)
        row.add_column(style="dim", justify="right", no_wrap=True, width=_SINCE_CELLS)
        row.add_column(overflow="fold")
        row.add_row(clock(event["at"], day=False), f"+{since}", text(event["text"]))
        self._live.console.print(row)

    def stands(self, standing: dict[str, Any]) -> None:
        """Tell it below."""
        self._standing, self._broken = standing, None
        self._live.refresh()

    def broke(self, broken: Broken) -> None:
        """Tell it below."""
        self._broken = broken
        self._live.refresh()

    def _status(self) -> RenderableType:
        standing, language = self._standing, self._language
        if not standing:
            return text("…", "dim")
        head = text(f"{standing['number']}  ", "bold").append_text(coloured(standing["state"]))
        if standing["seconds_to_paid"] is not None:
            head.append(f"  {how_long(standing['seconds_to_paid'])} {label('paid in', language)}", "bold")
        elif standing["stage"]:
            left = seconds_until(standing["due_at"])
            word, style = ("due", "dim") if left > 0 else ("late", "bold red")
            head.append(
                f"  {label(word, language)} {clock(standing['due_at'])} ({how_long(abs(left))})", style
            )
        if self._broken:
            return Group(head, text(f"{label('line broken', language)}: {self._broken.why}", "yellow"))
        if not standing["stage"]:
            return head
        held = ", ".join(label(holder, language) for holder in standing["held_by"].split("+"))
        lasted = how_long(max(0.0, -seconds_until(standing["since"])))
        below = f"{stage_label(standing['stage'], language)}, {label('held by', language)} {held}, {lasted}"
        return Group(head, text(below))


def _seconds_between(earlier: str, later: str) -> float:
    return (datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).total_seconds()
