"""What claims ask of people: recorded while a county is played, to be asked again of other numbers of people."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from backend.domain.words import Lane

_NONE = timedelta(0)


@dataclass(slots=True)
class Demand:
    """One claim that went its way without holds, questions or other sums.

    Attributes:
        reported_at: When it came.
        triaged_after: Until it stood in the queues.
        lanes: How long each office's officer took over it.
        agreed_after: How long the farmer took over the code; nothing where agreed in advance.
        collecting: How long the collector took, way and weighing.
        paying: From the payout's start to the money.
    """

    reported_at: datetime
    triaged_after: timedelta = _NONE
    lanes: dict[Lane, timedelta] = field(default_factory=dict)
    agreed_after: timedelta = _NONE
    collecting: timedelta = _NONE
    paying: timedelta = _NONE
