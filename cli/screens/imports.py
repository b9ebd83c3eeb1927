"""An import's report and the list of imports at 80 columns."""

from collections.abc import Iterator, Sequence
from typing import Any  # the report, as the API sends it

from rich.console import RenderableType
from rich.table import Column, Table
from rich.text import Text

from cli.screens.writing import clock, text

_MOST_SHOWN = 10
_ID_WIDTH = 36


def report_screen(report: dict[str, Any]) -> Iterator[RenderableType]:
    """What came in, what is refused, what changes, what to know."""
    how = ": dry run, nothing is written" if report["dry_run"] else ""
    yield text(f"{report['file']}, {report['rows']:,} rows of {report['noun']}{how}", "bold")
    yield _counts(report)
    if report["refused"]:
        yield Text()
        yield _refused(report["refused"])
        yield from _more(report["refused_total"])
    if report["changes"]:
        yield Text()
        yield _changes(report["changes"])
        yield from _more(report["changes_total"])
    if report["notes"]:
        yield Text()
        yield _notes(report["notes"])
        yield from _more(report["notes_total"])


def imports_table(rows: Sequence[dict[str, Any]]) -> Table:
    """Imports, newest first; under each id the file and who sent it."""
    table = _table(
        Column("import", overflow="fold", width=_ID_WIDTH), "when", "what", Column("rows", overflow="fold")
    )
    for row in rows:
        told = text(row["id"]).append(f"\n{row['file']}, {row['officer_name'] or 'at the server'}", "dim")
        figures = {name: row[name] for name in ("new", "changed", "same")} | {"refused": row["refused_rows"]}
        said = ", ".join(f"{figure:,} {name}" for name, figure in figures.items() if figure)
        table.add_row(told, clock(row["at"]), row["register"], said)
    return table


def changes_table(rows: Sequence[dict[str, Any]]) -> Table:
    """The values that an import changed."""
    return _changes(rows, most=len(rows))


def _counts(report: dict[str, Any]) -> Table:
    names = ("new", "changed", "same", "refused", "not in file (kept)")
    table = _table(*(_right(name) for name in names))
    figures = [report[name] for name in ("new", "changed", "same", "refused_rows", "not_in_file")]
    styles = ["green", "yellow", "", "red", "dim"]
    cells = [text(f"{one:,}", style if one else "dim") for one, style in zip(figures, styles, strict=True)]
    table.add_row(*cells)
    return table


def _refused(rows: Sequence[dict[str, Any]]) -> Table:
    table = _table(_right("row"), "refused", Column("why, and what to do", overflow="fold", ratio=1))
    for row in rows[:_MOST_SHOWN]:
        value = text(row["value"], "bold")
        why = value.append(f" {row['why']}" if row["value"] else row["why"], "red")
        table.add_row(str(row["row"]), text(row["field"] or "row"), why.append(f"\n{row['next']}", "dim"))
    return table


def _changes(rows: Sequence[dict[str, Any]], most: int = _MOST_SHOWN) -> Table:
    table = _table(
        "changes", "field", *(Column(name, overflow="fold", ratio=1) for name in ("before", "after"))
    )
    for row in rows[:most]:
        before, after = ("-" if one is None else _short(one) for one in (row["before"], row["after"]))
        table.add_row(text(row["key"]), row["field"], text(before, "dim"), text(after, "yellow"))
    return table


def _notes(rows: Sequence[dict[str, Any]]) -> Table:
    table = _table(_right("row"), Column("to know", overflow="fold", ratio=1))
    for row in rows[:_MOST_SHOWN]:
        table.add_row("file" if row["row"] is None else str(row["row"]), text(row["note"]))
    return table


def _more(total: int) -> Iterator[Text]:
    if total > _MOST_SHOWN:
        yield text(f"     … and {total - _MOST_SHOWN:,} more; --json lists them", "dim")


def _short(value: str) -> str:
    return value if len(value) <= _LONGEST_VALUE else f"{value[:_LONGEST_VALUE]}…"


_LONGEST_VALUE = 60


def _right(name: str) -> Column:
    return Column(name, justify="right", no_wrap=True)


def _table(*columns: str | Column) -> Table:
    kept = [Column(one, no_wrap=True) if isinstance(one, str) else one for one in columns]
    return Table(*kept, box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
