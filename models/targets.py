"""The counter's targets, and what few photos allow to say of each: met, missed, or too few photos to tell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any  # a JSON document is untyped until it is read

from models.tables import Cell, Table, percent_span, share, span

Block = Mapping[str, Any]

# An interval drawn over fewer is too narrow: a scene that is most of them is drawn nearly every time.
_FEWEST_SCENES = 5


@dataclass(frozen=True, slots=True)
class Reached:
    """A target and the figure reached: its value, interval, from how many scenes, and of what.

    ``most`` or ``least`` is the aim.
    """

    target: str
    value: float | None
    interval: Sequence[float] | None
    scenes: int
    of: str
    most: float | None = None
    least: float | None = None
    is_share: bool = True

    @property
    def verdict(self) -> str:
        """What the interval allows to say; without one nothing is shown, however good the figure."""
        if self.value is None:
            return "not measured"
        if self.interval is None or self.scenes < _FEWEST_SCENES:
            return "too few scenes to tell"
        low, high = self.interval
        if self.most is not None:
            return "met" if high <= self.most else "missed" if low > self.most else "too few to tell"
        least = self.least or 0.0
        return "met" if low >= least else "missed" if high < least else "too few to tell"

    def as_row(self) -> tuple[Cell, ...]:
        """The cells of its row."""
        if self.value is None:
            figure = Cell("-")
        elif self.is_share:
            figure = Cell(share(self.value), percent_span(self.interval))
        else:
            figure = Cell(f"{self.value:.2f}", span(self.interval, digits=2))
        return Cell(self.target), figure, Cell(self.of), Cell(self.verdict)


def targets_table(photos: Block, lying: Block) -> Table:
    """Return the targets of the counter against what was reached.

    Args:
        photos: Evaluation of photos of scenes that the network never saw.
        lying: Figures of those that show lying cattle, pigs and sheep.
    """
    shown, empty, risk = photos["with_animals"], photos["without_livestock"], photos["selective_risk"]
    of_shown = f"{_many(shown['photos'], 'photo')}, {_many(shown['scenes'], 'scene')}"
    rows = (
        Reached(
            "at most 0.5 heads off a photo",
            shown["count_mae"],
            shown["intervals"]["count_mae"],
            shown["scenes"],
            of_shown,
            most=0.5,
            is_share=False,
        ),
        Reached(
            "at least 85 % of photos exact",
            shown["exact_share"],
            shown["intervals"]["exact_share"],
            shown["scenes"],
            of_shown,
            least=0.85,
        ),
        Reached(
            "at least 95 % of lying cattle, pigs and sheep found",
            lying["recall"],
            lying["intervals"]["recall"],
            lying["scenes"],
            f"{_many(lying['n']['recall'], 'animal')}, {_many(lying['scenes'], 'scene')}",
            least=0.95,
        ),
        Reached(
            "at most 1 false animal per 50 photos without livestock",
            empty["per_50"],
            empty["per_50_interval"],
            empty["photos"],
            f"{empty['photos']} photos",
            most=1.0,
            is_share=False,
        ),
        Reached(
            "at most 5 % of answers wrong",
            risk["error"],
            risk["error_interval"],
            risk["answered"],
            f"{_many(risk['answered'], 'answer')} to {_many(risk['photos'], 'photo')}",
            most=0.05,
        ),
    )
    return Table(
        "Targets", ("target", "reached", "of", "verdict"), tuple(reached.as_row() for reached in rows)
    )


def _many(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
