"""A session's tokens as a family: each refresh gives a new pair, and a spent refresh token that comes again ends all.

RFC 9700 §4.14.2. Lines in the country break: the answer to a refresh may be lost, and an honest phone then comes with
the token that it has just spent. That is told from a theft by whether anyone has used the pair that it was answered
with: a pair that nobody ever came with is replaced, once, for a short while. Whoever then comes with the replaced pair
shows that there were two holders, and the family ends.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

GRACE = timedelta(seconds=60)
"""Longer than a phone waits for an answer on a bad line."""
LONGEST = timedelta(days=365)
"""However often it is refreshed: after a year the farmer proves again who they are."""


class Verdict(StrEnum):
    """What becomes of a refresh."""

    NEXT = "next"
    """It is the newest token: the next pair."""
    AGAIN = "again"
    """Its answer was lost: another pair instead of the one that nobody used."""
    REUSED = "reused"
    """It was spent: the family ends."""


@dataclass(frozen=True, slots=True)
class Pair:
    """An access token and a refresh token that were given together.

    ``came``: whether either of them was ever shown to us; ``spent_at``: when its refresh token gave the next pair.
    """

    place: int
    spent_at: datetime | None = None
    came: bool = False


def judge(shown: Pair, newest: Pair, at: datetime) -> Verdict:
    """What becomes of the refresh token of *shown*, in a family whose last pair is *newest*."""
    if shown.place == newest.place:
        return Verdict.NEXT
    is_lost_answer = (
        shown.place == newest.place - 1
        and not newest.came
        and shown.spent_at is not None
        and at - shown.spent_at <= GRACE
    )
    return Verdict.AGAIN if is_lost_answer else Verdict.REUSED
