"""Tables of at most 80 columns: without lines, and with columns that give way in the right order."""

from rich.table import Column, Table

_NUMBER_WIDTH = 16


def table(*columns: str | Column, gap: int = 2) -> Table:
    """A table without lines; a column that is only named keeps its cells whole."""
    kept = [Column(one, no_wrap=True) if isinstance(one, str) else one for one in columns]
    return Table(*kept, box=None, pad_edge=False, padding=(0, gap, 0, 0), header_style="dim")


def number() -> Column:
    """A claim's number: typed into the next command, so a narrow terminal loses other columns first."""
    return Column("claim", no_wrap=True, min_width=_NUMBER_WIDTH)


def right(name: str) -> Column:
    """A column of figures."""
    return Column(name, justify="right", no_wrap=True)


def folded(name: str) -> Column:
    """A column that gives way where the row is too wide: its words go on below."""
    return Column(name, overflow="fold")
