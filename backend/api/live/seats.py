"""Who may listen: so many streams a person and a process, for as long as the token is good and the server stays."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from backend.domain.problems import LiveBusy, TooManyStreams


@dataclass(frozen=True, slots=True, eq=False)
class Seat:
    """One open stream: whose it is, the hash of the token it was opened with, and whether it has to end."""

    who: str
    token_hash: str
    ended: asyncio.Event = field(default_factory=asyncio.Event)


class Seats:
    """The open streams of this process."""

    def __init__(self, *, most: int, most_a_person: int) -> None:
        self._most = most
        self._most_a_person = most_a_person
        self._taken: set[Seat] = set()
        self._is_closed = False

    def __len__(self) -> int:
        return len(self._taken)

    @contextmanager
    def take(self, who: str, token_hash: str) -> Iterator[Seat]:
        """Hold a seat while a stream lasts.

        Raises:
            TooManyStreams: This person holds as many as a person may.
            LiveBusy: All are taken, or the server is stopping.
        """
        if self._is_closed:
            raise LiveBusy("this server is about to stop")
        if len(self._taken) >= self._most:
            raise LiveBusy(f"{self._most} streams are open here")
        if sum(seat.who == who for seat in self._taken) >= self._most_a_person:
            raise TooManyStreams(f"you have {self._most_a_person} streams open")
        seat = Seat(who, token_hash)
        self._taken.add(seat)
        try:
            yield seat
        finally:
            self._taken.discard(seat)

    @property
    def tokens(self) -> frozenset[str]:
        """Hashes of the tokens that streams are open under."""
        return frozenset(seat.token_hash for seat in self._taken)

    def end(self, tokens: frozenset[str]) -> None:
        """End every stream that was opened under one of these tokens."""
        for seat in self._taken:
            if seat.token_hash in tokens:
                seat.ended.set()

    def close(self) -> None:
        """End every stream and let none begin."""
        self._is_closed = True
        for seat in self._taken:
            seat.ended.set()
