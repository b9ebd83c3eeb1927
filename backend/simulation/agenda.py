"""Virtual time: what happens next is done next, and nobody waits for it."""

import heapq
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count

Act = Callable[[], None]


class Agenda:
    """Things to do, each at its moment; of two at one moment the one that was entered first goes first."""

    def __init__(self, now: datetime) -> None:
        self.now = now.astimezone(UTC)
        self._entries: list[tuple[datetime, int, Act]] = []
        self._serial = count()

    def at(self, moment: datetime, act: Act) -> None:
        """Do it then; at once where that is past."""
        # Moments of one zone compare without asking their zones: a tenth of the agenda's time.
        due = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
        heapq.heappush(self._entries, (max(due, self.now), next(self._serial), act))

    def after(self, wait: timedelta, act: Act) -> None:
        """Do it so much later."""
        self.at(self.now + wait, act)

    def run(self, until: datetime) -> None:
        """Do everything that is due before *until*, in order; what is due later stays undone."""
        entries, until = self._entries, until.astimezone(UTC)
        while entries and entries[0][0] < until:
            self.now, _, act = heapq.heappop(entries)
            act()
        self.now = until.astimezone(UTC)
