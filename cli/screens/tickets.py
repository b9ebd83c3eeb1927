"""Service tickets on a terminal of 80 columns."""

from collections.abc import Iterator, Sequence
from typing import Any  # tickets, as the API sends them

from rich.table import Table

from cli.render import printable
from cli.screens.tables import folded, table
from cli.screens.writing import text

Document = dict[str, Any]


def tickets_table(rows: Sequence[Document]) -> Table:
    """A row each; what is late says so."""
    shown = table(folded("ticket"), folded("owner"), folded("due"), folded("state"))
    for row in rows:
        state = f"closed, {row['reason']}" if row["closed_at"] else "open"
        shown.add_row(
            text(row["ticket"]),
            text(row["owner"] or "nobody yet"),
            text(_moment(row["due_at"])),
            text(f"{state}, late" if row["late"] else state),
        )
    return shown


def ticket_lines(told: Document) -> Iterator[str]:
    """One ticket, a fact a line; words from outside steer no terminal and begin no line of their own."""
    return (" ".join(printable(line).splitlines()) for line in _lines(told))


def _lines(told: Document) -> Iterator[str]:
    late = ", late" if told["late"] else ""
    yield f"{told['ticket']}: {told['state']}{late}"
    rating = told["rating"] or {"scores": {}, "words": ""}
    scores = ", ".join(f"{stage} {score}" for stage, score in rating["scores"].items())
    yield f"  rated      {scores or '-'}"
    if told["recommend"] is not None:
        yield f"  recommends {told['recommend']} of 10"
    if rating["words"]:
        yield f"  words      {rating['words']}"
    yield f"  about      {', '.join(told['about']) or 'the recommendation'}"
    yield f"  owner      {told['owner'] or 'nobody yet: flashclaim ticket take'}"
    yield f"  due        {_moment(told['due_at'])}"
    for one in told["escalated"]:
        yield f"  told       level {one['level']} at {one['percent']} %: {', '.join(one['told']) or 'nobody is named'}"
    if told["closed_at"]:
        yield f"  closed     {_moment(told['closed_at'])} by {told['closed_by']}: {told['reason']}, {told['words']}"


def _moment(at: str | None) -> str:
    """To the minute, as the server says it: UTC."""
    return "-" if at is None else at[:16].replace("T", " ") + " UTC"
