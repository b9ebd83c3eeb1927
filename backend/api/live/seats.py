"""Who may listen: so many streams a person and a process, for as long as the token is good and the server stays."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from backend.domain.authority.sight import Sight
from backend.domain.problems import LiveBusy, TooManyStreams


@dataclass(frozen=True, slots=True, eq=False)
class Seat:
    """One open stream: whose it is, the hash of its token, what was seen when it began, and whether it has to end."""

    who: str
    token_hash: str
    sight: Sight
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
    def take(self, who: str, token_hash: str, sight: Sight) -> Iterator[Seat]:
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
        seat = Seat(who, token_hash, sight)
        self._taken.add(seat)
        try:
            yield seat
        finally:
            self._taken.discard(seat)

    @property
    def tokens(self) -> frozenset[str]:
        """Hashes of the tokens that streams are open under."""
        return frozenset(seat.token_hash for seat in self._taken)

    def end_but(self, standing: Mapping[str, Sight]) -> None:
        """End every stream whose token is not among these any more, or shows something else than when it began."""
        for seat in self._taken:
            if standing.get(seat.token_hash) != seat.sight:
                seat.ended.set()

    def close(self) -> None:
        """End every stream and let none begin."""
        self._is_closed = True
        for seat in self._taken:
            seat.ended.set()
