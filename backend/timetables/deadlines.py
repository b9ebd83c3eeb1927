"""Deadlines from ``deadlines.toml``."""

import re
from datetime import date, timedelta

from backend.domain.clocks.deadlines import ClockName, Deadline
from backend.domain.clocks.pauses import PauseKind
from backend.timetables.unusable import TimetableUnusable

_FILE = "deadlines.toml"
_LENGTH = re.compile(r"([1-9]\d*) (minute|hour|day)s?")
_KEYS = frozenset({"clock", "since", "length", "counts", "pauses", "source", "active"})
_COUNTS = {"always": False, "office hours": True}


def read_deadlines(table: dict[str, object]) -> tuple[Deadline, ...]:
    """The rows in the order in which they are written.

    Raises:
        TimetableUnusable: A row is wrong, or two speak of the same clock from the same day on.
    """
    rows = table.get("deadline")
    if set(table) - {"deadline"} or not isinstance(rows, list):
        raise TimetableUnusable(_FILE, "deadline", "the file holds [[deadline]] tables and nothing else")
    read = tuple(_row(row, place) for place, row in enumerate(rows, start=1))
    if len({(row.clock, row.since) for row in read}) < len(read):
        raise TimetableUnusable(_FILE, "since", "two rows of one clock begin on the same day")
    if not any(row.clock is ClockName.PAYOUT and row.active for row in read):
        raise TimetableUnusable(_FILE, "payout", "without its row nothing could be promised to a farmer")
    return read


def read_length(file: str, key: str, said: object) -> timedelta:
    """A length such as ``24 hours``.

    Raises:
        TimetableUnusable: It is not written so, or is longer than any.
    """
    written = _LENGTH.fullmatch(str(said))
    if written is None:
        raise TimetableUnusable(file, key, f'length "{said}" is not like "24 hours"')
    try:
        return timedelta(**{f"{written[2]}s": int(written[1])})
    except OverflowError as wrong:
        raise TimetableUnusable(file, key, str(wrong)) from wrong


def _row(row: object, place: int) -> Deadline:
    key = f"deadline {place}"
    if not isinstance(row, dict) or set(row) - _KEYS or _KEYS - {"active"} - set(row):
        raise TimetableUnusable(_FILE, key, f"needs {', '.join(sorted(_KEYS - {'active'}))} and no other key")
    if type(row["since"]) is not date:
        raise TimetableUnusable(_FILE, key, "since is a day such as 2026-01-01")
    if row["counts"] not in _COUNTS:
        raise TimetableUnusable(_FILE, key, f"counts is one of {', '.join(_COUNTS)}")
    if not str(row["source"]).strip():
        raise TimetableUnusable(_FILE, key, "source names the rule")
    try:
        return Deadline(
            clock=ClockName(row["clock"]),
            since=row["since"],
            length=read_length(_FILE, key, row["length"]),
            in_office_hours=_COUNTS[row["counts"]],
            pauses=frozenset(PauseKind(one) for one in row["pauses"]),
            source=str(row["source"]),
            active=row.get("active", True) is True,
        )
    except (ValueError, TypeError, OverflowError) as wrong:
        raise TimetableUnusable(_FILE, key, str(wrong)) from wrong
