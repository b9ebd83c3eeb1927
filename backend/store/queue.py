"""How many writes may wait in one process before others are told to come back."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from backend.domain.edges.problems import ServerBusy

MOST_WAITING = 1_000
"""About half a second of writing on either engine, on the machine of docs/benchmarks.md."""


class Queue:
    """Counts those who wait for a write to be durable, also where their client has hung up meanwhile."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._waiting = 0
        self._changing = Lock()

    @property
    def waiting(self) -> int:
        """How many do."""
        return self._waiting

    @contextmanager
    def place(self) -> Iterator[None]:
        """Take a place while waiting.

        Raises:
            ServerBusy: There is none.
        """
        with self._changing:
            if self._waiting >= self._most:
                raise ServerBusy(f"{self._waiting} writes are waiting")
            self._waiting += 1
        try:
            yield
        finally:
            with self._changing:
                self._waiting -= 1
