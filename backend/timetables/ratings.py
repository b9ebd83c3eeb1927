"""Which ratings are bad, from ``ratings.toml``."""

from datetime import date

from backend.domain.ratings.terms import RatingTerms
from backend.domain.ratings.words import HIGHEST, LEAST_LIKELY, LOWEST, MOST_LIKELY
from backend.timetables.deadlines import read_length
from backend.timetables.unusable import TimetableUnusable

_FILE = "ratings.toml"
_NEEDED = frozenset({"since", "bad_at_most", "change_within", "source"})
_KEYS = _NEEDED | {"bad_recommend_at_most"}


def read_ratings(table: dict[str, object]) -> tuple[RatingTerms, ...]:
    """The rows in the order in which they are written.

    Raises:
        TimetableUnusable: A row is wrong, or two begin on the same day.
    """
    rows = table.get("rating")
    if set(table) - {"rating"} or not isinstance(rows, list) or not rows:
        raise TimetableUnusable(_FILE, "rating", "the file holds [[rating]] tables and nothing else")
    read = tuple(_row(row, f"rating {place}") for place, row in enumerate(rows, start=1))
    if len({row.since for row in read}) < len(read):
        raise TimetableUnusable(_FILE, "since", "two rows begin on the same day")
    return read


def _row(row: object, key: str) -> RatingTerms:
    if not isinstance(row, dict) or set(row) - _KEYS or _NEEDED - set(row):
        raise TimetableUnusable(_FILE, key, f"needs {', '.join(sorted(_NEEDED))} and no unknown key")
    if type(row["since"]) is not date:
        raise TimetableUnusable(_FILE, key, "since is a day such as 2026-01-01")
    if not str(row["source"]).strip():
        raise TimetableUnusable(_FILE, key, "source names the rule")
    most = row.get("bad_recommend_at_most")
    return RatingTerms(
        since=row["since"],
        bad_at_most=_within(row["bad_at_most"], f"{key} bad_at_most", LOWEST - 1, HIGHEST - 1),
        bad_recommend_at_most=None
        if most is None
        else _within(most, f"{key} bad_recommend_at_most", LEAST_LIKELY, MOST_LIKELY - 1),
        change_within=read_length(_FILE, key, row["change_within"]),
        source=str(row["source"]),
    )


def _within(value: object, key: str, least: int, most: int) -> int:
    if type(value) is not int or not least <= value <= most:
        raise TimetableUnusable(_FILE, key, f"is a whole number between {least} and {most}")
    return value
