"""Figures as tables for people, the same in a terminal, in figures.md and in the model card.

A cell is a figure and, where there is one, its 95 % interval; tables always show of how many photos and animals.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any  # a JSON document is untyped until it is read

Block = Mapping[str, Any]

_SHARES = {
    "exact_share": "exact",
    "recall": "found",
    "precision": "right",
    "ap50": "AP50",
    "named": "named",
}
LEGEND = (
    "off: heads too many or too few, a photo · exact: photos counted right · found: animals found · right: counted "
    "boxes that are an animal · each with its 95 % interval over scenes; none for one scene, or where all are alike"
)
LEGEND_OF_SPECIES = (
    "right and AP50 go by the species' name here; named: of the animals found, those called by their name"
)
FLATTERY = (
    "Photos that the network was trained on, and others of their scenes, flatter it: only scenes that it never saw "
    "tell how well it counts"
)


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell says, and the interval or number that stands below or behind it; empty for none."""

    text: str
    beside: str = ""

    def in_a_line(self) -> str:
        """``75 % (56-88 %)``."""
        return f"{self.text} ({self.beside})" if self.beside else self.text


@dataclass(frozen=True, slots=True)
class Table:
    """A title, names of columns, and rows of as many cells."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def as_markdown(self) -> str:
        """The table in Markdown, without its title."""
        lines = [self.columns, ("---",) * len(self.columns)]
        lines += [tuple(cell.in_a_line().replace("|", "\\|") for cell in row) for row in self.rows]
        return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def of_groups(title: str, groups: Mapping[str, Block], *, named: bool = False) -> Table:
    """Return a row for each group of photos; *named* adds how many were called by their name."""
    shares = [name for name in _SHARES if named or name != "named"]
    columns = ("", "photos / scenes", "off", *(_SHARES[name] for name in shares))
    return Table(title, columns, tuple(row_of(name, block, shares) for name, block in groups.items()))


def row_of(name: str, block: Block, shares: Iterable[str]) -> tuple[Cell, ...]:
    """Return the cells of one group: its name, photos / scenes (heads), heads off a photo, and these *shares*."""
    heads = f"{block['animals']} head{'' if block['animals'] == 1 else 's'}"
    return (
        Cell(name),
        Cell(f"{block['photos']} / {block['scenes']}", heads),
        _figure(block, "count_mae", as_share=False),
        *(_figure(block, share, as_share=True) for share in shares),
    )


def tables_of(document: Block) -> list[Table]:
    """Return the tables of a whole evaluation; groups that nobody named are left out."""
    whole = {"all photos": document, "with animals": document["with_animals"]}
    found = [of_groups("Counts", {name: block for name, block in whole.items() if block["photos"]})]
    if document["by_species"]:
        found.append(of_groups("By species", document["by_species"], named=True))
    for key, title in (("by_posture", "By posture"), ("by_source", "By source")):
        if document[key]:
            found.append(of_groups(title, document[key]))
    return found


def sentences_of(document: Block) -> list[str]:
    """Return what tables do not say: false animals, answers and their errors, calibration."""
    empty, risk, boxes = document["without_livestock"], document["selective_risk"], document["calibration"]
    told = []
    if empty["photos"]:
        per_50 = span(empty["per_50_interval"], digits=1)
        told.append(
            f"Without livestock: {empty['photos']} photos; false animals: {empty['false_animals']}, on "
            f"{empty['photos_with_false']} of them, {empty['per_50']:.1f} per 50 photos{_in_brackets(per_50)}."
        )
    if risk["photos"]:
        told.append(
            f"Answered without doubt: {risk['answered']} of {risk['photos']} photos "
            f"({share(risk['answered_share'])}{_after(percent_span(risk['answered_share_interval']))}); "
            f"wrong: {wrong_of(risk)}."
        )
    if boxes["boxes"]:
        told.append(
            f"The score of a box and the share that are animals lie {boxes['ece']:.2f} apart on average, over "
            f"{boxes['boxes']} counted boxes (ECE)."
        )
    return told


def wrong_of(risk: Block) -> str:
    """``1 of 24 answers (4 %, 1-20 %)``."""
    if not risk["answered"]:
        return "no answers"
    interval = _after(percent_span(risk["error_interval"]))
    return f"{risk['wrong']} of {risk['answered']} answers ({share(risk['error'])}{interval})"


def share(value: float | None) -> str:
    """A share in per cent; ``-`` for none."""
    return "-" if value is None else f"{100 * value:.0f} %"


def span(interval: Sequence[float] | None, *, digits: int) -> str:
    """``0.13-0.75``; empty for none."""
    return "" if interval is None else f"{interval[0]:.{digits}f}-{interval[1]:.{digits}f}"


def percent_span(interval: Sequence[float] | None) -> str:
    """``56-88 %``; empty for none."""
    return "" if interval is None else f"{100 * interval[0]:.0f}-{100 * interval[1]:.0f} %"


def _figure(block: Block, name: str, *, as_share: bool) -> Cell:
    value, interval = block[name], block["intervals"][name]
    if value is None:
        return Cell("-")
    if as_share:
        return Cell(share(value), percent_span(interval))
    return Cell(f"{value:.2f}", span(interval, digits=2))


def _in_brackets(text: str) -> str:
    return f" ({text})" if text else ""


def _after(text: str) -> str:
    return f", {text}" if text else ""
