"""Which ratings are bad, and how long one may be changed: dated figures, each with its source."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from backend.domain.ratings.words import DETRACTOR


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingTerms:
    """What holds for ratings given from the day ``since`` (Asia/Shanghai) on.

    ``bad_at_most``: a stage's score that opens a ticket, or a lower one; ``bad_recommend_at_most`` likewise for the
    recommendation, None: that opens none. ``change_within``: how long the same person may say otherwise.
    """

    since: date
    bad_at_most: int
    bad_recommend_at_most: int | None
    change_within: timedelta
    source: str


SHIPPED_TERMS = RatingTerms(
    since=date(2026, 1, 1),
    bad_at_most=2,
    bad_recommend_at_most=DETRACTOR,
    change_within=timedelta(hours=24),
    source="国办发〔2019〕51号: 不满意 and 非常不满意 are bad ratings; Reichheld 2003: up to 6 is a detractor",
)
"""What holds where no timetable says otherwise."""


def terms_on(rows: Sequence[RatingTerms], day: date) -> RatingTerms:
    """The newest row in force on this day; before the first one, and without any, the shipped one."""
    in_force = [row for row in rows if row.since <= day]
    return max(in_force, key=lambda row: row.since) if in_force else SHIPPED_TERMS
