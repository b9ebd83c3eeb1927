"""Speed, minutes and stuck claims as tables of at most 80 columns."""

from collections.abc import Iterator, Sequence
from typing import Any  # figures, as the API sends them

from rich.table import Table

from backend.texts.load import Language
from cli.screens.labels import label, stage_label
from cli.screens.tables import folded, number, right, table
from cli.screens.writing import clock, how_long, how_long_briefly, text

Document = dict[str, Any]
_LANES = "joint_review."


def headline(told: Document) -> str:
    """How many, how many of them open, and the share that is paid within 15 minutes."""
    line = f"{told['claims']} claims, {told['open']} of them open"
    share, low, high = (told[f"paid_within_15_min{end}"] for end in ("", "_low", "_high"))
    if share is None:
        return line
    band = "" if low is None else f" (95 %: {low * 100:.0f} to {high * 100:.0f})"
    return f"{line}; {share * 100:.0f} % paid within 15 min{band}"


def speed_table(told: Document, language: Language) -> Table:
    """Quantiles by stage with the limits of p90; a dash is what too many open claims leave unknown."""
    shown = table(
        folded("stage"),
        *(right(name) for name in ("claims", "open", "p50", "p90", "p95", "p90 from", "to")),
        gap=1,
    )
    for stage in told["stages"]:
        figures = [_brief(stage[f"{name}_seconds"]) for name in ("p50", "p90", "p95")]
        band = [text(_brief(stage[f"p90_{end}_seconds"]), "dim") for end in ("low", "high")]
        name = stage["stage"]
        named = (
            f"  {label(name.removeprefix(_LANES), language)}"
            if name.startswith(_LANES)
            else stage_label(name, language)
        )
        shown.add_row(named, str(stage["count"]), str(stage["open"]), *figures, *band)
    return shown


def groups_table(groups: Sequence[Document], by: str) -> Table:
    """The way from report to money, a row a group."""
    shown = table(folded(by), *(right(name) for name in ("claims", "open", "≤ 15 min", "p50", "p90", "p95")))
    for group in groups:
        share = group["paid_within_15_min"]
        figures = [_long(group[f"{name}_seconds"]) for name in ("p50", "p90", "p95")]
        within = "-" if share is None else f"{share * 100:.0f} %"
        shown.add_row(text(group["group"]), str(group["claims"]), str(group["open"]), within, *figures)
    return shown


def minutes_table(told: Document, language: Language) -> Table:
    """Whose the minutes were, what stood still, and what came after the money."""
    shown = table("held by", right("share"), right("a claim"), right("together"))
    for row in told["holders"]:
        _add(shown, label(row["holder"], language), row)
    for row in told["paused"]:
        _add(shown, f"({label(row['because'], language)})", row)
    after = told["after_payment"]
    shown.add_row("(after the money)", "", "", how_long(after["seconds"]))
    return shown


def _add(shown: Table, name: str, row: Document) -> None:
    share, each = row["share"], row["seconds_per_claim"]
    percent = "-" if share is None else f"{share * 100:.1f} %"
    shown.add_row(name, percent, _long(each), how_long(row["seconds"]))


def minutes_by_group(groups: Sequence[Document], by: str) -> Table:
    """Each holder's share of a group's minutes, in percent."""
    holders = [row["holder"] for row in groups[0]["minutes"]["holders"]]
    shown = table(folded(by), *(right(name[:6]) for name in holders), right("paused"))
    for group in groups:
        told = group["minutes"]
        shares = [row["share"] for row in told["holders"]]
        paused = [row["share"] or 0.0 for row in told["paused"]]
        cells = ["-" if share is None else f"{share * 100:.0f}" for share in (*shares, sum(paused))]
        shown.add_row(text(group["group"]), *cells)
    return shown


def stuck_table(claims: Sequence[Document], language: Language) -> Table:
    """Who has what since when, and how much time is left."""
    shown = table(number(), "held by", right("for"), "clock", right("left"), folded("why"), gap=1)
    for row in claims:
        holders = (label(one, language) for one in (row["held_by"] or "-").split("+"))
        left = how_long(abs(row["seconds_left"]))
        held = "-" if row["held_seconds"] is None else how_long(row["held_seconds"])
        why = row["failure"] or row["reason"] or ""
        shown.add_row(
            row["number"],
            "\n".join(holders),
            held,
            row["clock"],
            text(f"-{left}" if row["late"] else left, "red" if row["late"] else "yellow"),
            text(why),
        )
    return shown


def holders_line(rows: Sequence[Document], language: Language) -> str:
    """Of all that are stuck: with whom."""
    return "; ".join(
        f"{label(row['holder'], language)}: {row['at_risk']} at risk, {row['late']} late" for row in rows
    )


def forecast_lines(told: Document, language: Language) -> Iterator[str]:
    """What breaks until when."""
    for row in told["breaches"]:
        holders = ", ".join(label(one, language) for one in (row["held_by"] or "-").split("+"))
        yield f"until {clock(told['until'])} {row['claims']} more break {row['clock']}, held by {holders}"


def _long(seconds: float | None) -> str:
    return "-" if seconds is None else how_long(seconds)


def _brief(seconds: float | None) -> str:
    return "-" if seconds is None else how_long_briefly(seconds)
