"""That somebody set out, and how it ended. Where they are meanwhile is no event: it is kept for as long as it lasts."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from backend.domain.visits.words import ExpectedFrom, VisitEnd, VisitKind


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitStarted:
    """出发: whoever acts is on the way to the farm.

    ``expected_at`` None: nobody said, and no position to estimate it from; ``expected_from`` is None with it.
    """

    type: ClassVar[str] = "visit-started"
    kind: VisitKind
    expected_at: datetime | None
    expected_from: ExpectedFrom | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitEnded:
    """The visit whose start is the claim's event ``visit`` is over."""

    type: ClassVar[str] = "visit-ended"
    visit: int
    kind: VisitKind
    how: VisitEnd
