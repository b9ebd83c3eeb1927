"""News of changed claims: a hint to look again, given soon after the commit; what is true stands in the database."""

from collections.abc import Callable
from threading import Lock

from backend.domain.ids import ClaimId

Hears = Callable[[ClaimId | None], None]
"""Told which claim changed; None: anything may have. It is called from any thread and has to return at once."""


class News:
    """Who listens, and which claims the transactions of one writer have changed since the last commit."""

    def __init__(self) -> None:
        self._listening: list[Hears] = []
        self._changed: set[ClaimId] = set()
        self._guard = Lock()

    def listen(self, hears: Hears) -> Callable[[], None]:
        """Tell *hears* of every change from now on; returns what ends that."""
        with self._guard:
            self._listening = [*self._listening, hears]

        def end() -> None:
            with self._guard:
                self._listening = [one for one in self._listening if one is not hears]

        return end

    def note(self, claim_id: ClaimId) -> None:
        """Remember a claim whose events are about to be committed."""
        with self._guard:
            self._changed.add(claim_id)

    def tell(self) -> None:
        """Tell everyone what was committed since; the writer calls it after each commit."""
        with self._guard:
            changed, self._changed = self._changed, set()
            listening = self._listening
        for claim_id in changed:
            for hears in listening:
                hears(claim_id)
