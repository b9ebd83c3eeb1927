"""Levels and steps of escalation from ``escalation.toml``."""

from collections.abc import Iterator
from dataclasses import dataclass

from backend.domain.clocks.deadlines import BREACH, ClockName, Level, Step
from backend.timetables.unusable import TimetableUnusable

_FILE = "escalation.toml"


@dataclass(frozen=True, slots=True)
class Escalation:
    """What the file says."""

    at_risk_percent: int
    levels: tuple[Level, ...]
    steps: tuple[Step, ...]


def read_escalation(table: dict[str, object]) -> Escalation:
    """From when on a clock is at risk, the levels, and who is told when.

    Raises:
        TimetableUnusable: A key is missing or says what cannot be.
    """
    unknown = set(table) - {"source", "at_risk_percent", "level", "tell"}
    if unknown:
        raise TimetableUnusable(_FILE, ", ".join(sorted(unknown)), "is not known here")
    percent = table.get("at_risk_percent")
    if not isinstance(percent, int) or not 0 < percent < BREACH:
        raise TimetableUnusable(_FILE, "at_risk_percent", "is a whole number between 1 and 99")
    try:
        levels = tuple(_levels(table.get("level")))
        steps = tuple(_steps(table.get("tell"), {one.level for one in levels}))
    except (TypeError, ValueError, KeyError) as wrong:
        raise TimetableUnusable(_FILE, "", f"{type(wrong).__name__}: {wrong}") from wrong
    if len(set(steps)) < len(steps):
        raise TimetableUnusable(_FILE, "tell", "a step stands there twice")
    return Escalation(percent, levels, tuple(sorted(steps, key=lambda one: (one.clock, one.percent))))


def _levels(rows: object) -> Iterator[Level]:
    for row in rows if isinstance(rows, list) else ():
        yield Level(int(row["level"]), str(row["name"]), row["may_delegate"] is True)


def _steps(rows: object, levels: set[int]) -> Iterator[Step]:
    for row in rows if isinstance(rows, list) else ():
        clock = ClockName(row["clock"])
        for percent, level in row["steps"]:
            if level not in levels:
                raise TimetableUnusable(_FILE, f"tell {clock}", f"there is no level {level}")
            if not isinstance(percent, int) or percent < 1:
                raise TimetableUnusable(_FILE, f"tell {clock}", f"{percent} is no share in per cent")
            yield Step(clock, percent, int(level))
