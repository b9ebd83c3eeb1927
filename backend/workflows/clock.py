"""The one place that reads the clock; everything else is handed the time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from backend.store.engine import DatabaseEngine

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Now, aware."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class DatabaseClock:
    """The database's clock: the processes of one installation agree on leases and on the order of events."""

    engine: DatabaseEngine

    def __call__(self) -> datetime:
        """Now, aware."""
        return utc_now() + self.engine.ahead
