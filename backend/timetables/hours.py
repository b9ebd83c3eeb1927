"""Office hours from ``office_hours.toml`` and ``holidays.toml``."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TypedDict, cast

from backend.domain.clocks.office_hours import OfficeHours, Opening, Openings
from backend.timetables.unusable import TimetableUnusable

_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HOURS, _HOLIDAYS = "office_hours.toml", "holidays.toml"
_LONGEST_HOLIDAY = timedelta(days=31)


class _Holiday(TypedDict):
    name: str
    first: date
    last: date


def read_office_hours(hours: dict[str, object], holidays: dict[str, object]) -> OfficeHours:
    """The office hours that the two tables describe.

    Raises:
        TimetableUnusable: A key is missing, unknown or says what cannot be.
    """
    _refuse_unknown(_HOURS, hours, {*_WEEK, "make_up", "source"})
    _refuse_unknown(_HOLIDAYS, holidays, {"year"})
    closed: set[date] = set()
    worked: set[date] = set()
    published: set[int] = set()
    for year in _list(_HOLIDAYS, holidays, "year"):
        number = _read_year(year, closed, worked)
        if number in published:
            raise TimetableUnusable(_HOLIDAYS, "year", f"{number} stands there twice")
        published.add(number)
    try:
        return OfficeHours(
            week=tuple(_openings(hours, day) for day in _WEEK),
            make_up_hours=_openings(hours, "make_up"),
            closed=frozenset(closed - worked),
            make_up=frozenset(worked),
            published=frozenset(published),
        )
    except ValueError as wrong:
        raise TimetableUnusable(_HOURS, "", str(wrong)) from wrong


def _read_year(table: object, closed: set[date], worked: set[date]) -> int:
    if not isinstance(table, dict) or not isinstance(table.get("year"), int):
        raise TimetableUnusable(_HOLIDAYS, "year", "each has a year, a source, holidays and worked")
    number = int(table["year"])
    key = f"year {number}"
    if not table.get("source"):
        raise TimetableUnusable(_HOLIDAYS, key, "the notice that says so is named as source")
    for holiday in _list(_HOLIDAYS, table, "holidays"):
        closed.update(_days(key, number, holiday))
    days = _list(_HOLIDAYS, table, "worked")
    if not all(type(day) is date for day in days):
        raise TimetableUnusable(_HOLIDAYS, key, "worked lists days such as 2026-01-04")
    worked.update(cast("list[date]", days))
    return number


def _days(key: str, year: int, holiday: object) -> Iterator[date]:
    if not isinstance(holiday, dict) or not all(type(holiday.get(end)) is date for end in ("first", "last")):
        raise TimetableUnusable(_HOLIDAYS, key, "a holiday has a name, a first and a last day")
    stretch = cast("_Holiday", holiday)
    length = stretch["last"] - stretch["first"]
    if not timedelta(0) <= length <= _LONGEST_HOLIDAY or year not in {
        stretch["first"].year,
        stretch["last"].year,
    }:
        raise TimetableUnusable(
            _HOLIDAYS, key, f"{stretch['first']} to {stretch['last']} is no holiday of it"
        )
    return (stretch["first"] + timedelta(days=more) for more in range(length.days + 1))


def _openings(table: dict[str, object], day: str) -> Openings:
    return tuple(_opening(day, str(written)) for written in _list(_HOURS, table, day))


def _opening(day: str, written: str) -> Opening:
    try:
        opens, closes = (_since_midnight(end) for end in written.split("-"))
        return Opening(opens, closes)
    except ValueError as wrong:
        raise TimetableUnusable(_HOURS, day, f'"{written}" is not like "08:00-12:00"') from wrong


def _since_midnight(written: str) -> timedelta:
    hours, minutes = written.strip().split(":")
    if not 0 <= int(minutes) < 60:  # noqa: PLR2004 - minutes of an hour
        raise ValueError(written)
    return timedelta(hours=int(hours), minutes=int(minutes))


def _list(file: str, table: dict[str, object], key: str) -> list[object]:
    value = table.get(key)
    if not isinstance(value, list):
        raise TimetableUnusable(file, key, "is missing or no list")
    return value


def _refuse_unknown(file: str, table: dict[str, object], known: set[str]) -> None:
    unknown = sorted(set(table) - known)
    if unknown:
        raise TimetableUnusable(file, ", ".join(unknown), "is not known here")
