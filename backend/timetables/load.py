"""The one loader of timetables: from the package's own TOML files, or the installation's in their place."""

import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path

from backend.domain.clocks.deadlines import Timetable
from backend.domain.clocks.office_hours import OfficeHours
from backend.timetables.deadlines import read_deadlines
from backend.timetables.escalation import read_escalation
from backend.timetables.hours import read_office_hours
from backend.timetables.ratings import read_ratings
from backend.timetables.unusable import TimetableUnusable

_SHIPPED = files("backend.timetables")


@cache
def office_hours(folder: Path | None = None) -> OfficeHours:
    """When offices are open; read once.

    Args:
        folder: The installation's own files; one that it does not hold is the shipped one.

    Raises:
        TimetableUnusable: A file is no TOML or says what no timetable can; file and key are named.
    """
    return read_office_hours(table("office_hours.toml", folder), table("holidays.toml", folder))


@cache
def timetable(folder: Path | None = None) -> Timetable:
    """Office hours, deadlines, escalation and what of ratings is bad, together; read once.

    Args:
        folder: As for ``office_hours``.

    Raises:
        TimetableUnusable: As ``office_hours``.
    """
    escalation = read_escalation(table("escalation.toml", folder))
    return Timetable(
        deadlines=read_deadlines(table("deadlines.toml", folder)),
        hours=office_hours(folder),
        at_risk_percent=escalation.at_risk_percent,
        steps=escalation.steps,
        levels=escalation.levels,
        ratings=read_ratings(table("ratings.toml", folder)),
    )


def table(name: str, folder: Path | None) -> dict[str, object]:
    """What the file of this name says, the installation's before the shipped one.

    Raises:
        TimetableUnusable: It cannot be read, or is no TOML.
    """
    own = folder / name if folder else None
    file = own if own and own.is_file() else _SHIPPED / name
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise TimetableUnusable(f"{own or name}", "", str(fault)) from fault
