"""A visit under way, as a claim knows it from its events."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.domain.ids import OfficerId
from backend.domain.parties import Actor
from backend.domain.visits.words import ExpectedFrom, VisitKind

LASTS = timedelta(hours=6)
"""A visit that nobody ended is over then, and what was kept of it is gone: the drive across a county and back."""
LONGEST_WAY = timedelta(hours=5)
"""Nobody is expected later than so long after they set out."""


@dataclass(frozen=True, slots=True)
class Visit:
    """``no`` is the number of the event that began it; ``by`` whoever is on the way."""

    no: int
    kind: VisitKind
    by: Actor
    started_at: datetime
    expected_at: datetime | None = None
    expected_from: ExpectedFrom | None = None

    @property
    def officer(self) -> OfficerId:
        """Whoever is on the way, as the register knows them."""
        return OfficerId(self.by.id)

    @property
    def ends_at(self) -> datetime:
        """When it is over at the latest."""
        return self.started_at + LASTS


Visits = tuple[Visit, ...]
"""A claim's visits under way, the oldest first; at most one an officer."""


def visit_of(visits: Visits, officer: OfficerId) -> Visit | None:
    """The visit under way of this officer."""
    return next((one for one in visits if one.officer == officer), None)


def without(visits: Visits, no: int) -> Visits:
    """The others."""
    return tuple(one for one in visits if one.no != no)
