"""What a simulation says beside its speed: what is stuck, with whom, and where it was written."""

from collections.abc import Iterator
from typing import Any  # figures, as the simulation gives them

from rich.table import Table

from backend.texts.load import Language
from cli.screens.figures import holders_line
from cli.screens.labels import label, stage_label
from cli.screens.tables import right, table
from cli.screens.writing import how_long

Document = dict[str, Any]
_LANES = "joint_review."


def stages_table(told: Document, language: Language) -> Table:
    """Quantiles by stage; a dash is what too many open claims leave unknown."""
    shown = table("stage", *(right(name) for name in ("claims", "open", "p50", "p90", "p95")))
    for one in told["stages"]:
        name = one["stage"]
        lane = name.removeprefix(_LANES)
        named = stage_label(name, language) if lane == name else f"  {label(lane, language)}"
        figures = (one[f"{name}_seconds"] for name in ("p50", "p90", "p95"))
        cells = ("-" if seconds is None else how_long(seconds) for seconds in figures)
        shown.add_row(named, f"{one['count']:,}", f"{one['open']:,}", *cells)
    return shown


def simulated_lines(told: Document, language: Language) -> Iterator[str]:
    """A line each."""
    figures, run = told["figures"], told["run"]
    stuck = holders_line(figures["stuck"]["by_holder"], language)
    yield f"stuck at the end: {stuck or 'nothing'}"
    for when, one in figures["staff_for_15_min"].items():
        yield f"half of the claims within 15 min, {when.replace('_', ' ')}: {_staff(one)}"
    yield f"{figures['claims']:,} claims, {figures['events']:,} events in {run['seconds']:.1f} s: {run['database']}"


def _staff(told: Document) -> str:
    share = f"{told['paid_within_15_min'] * 100:.0f} %"
    if told["staff"] is None:
        return f"no number of people is enough; at best {share}"
    people = ", ".join(f"{office} {number}" for office, number in told["staff"].items())
    return f"{people} a county ({share})"
