"""The port: what is asked of a photo's bytes, whoever answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Protocol

from backend.domain.edges.problems import ServerBusy
from backend.evidence import photo
from backend.evidence.photo import Decoded, PhotoFacts
from backend.evidence.reduced import Side, reduced


class PhotoReader(Protocol):
    """Reads photos as ``evidence.photo`` and ``evidence.reduced`` do, and raises what they raise."""

    def inspect(self, content: bytes) -> PhotoFacts:
        """What a photo says of itself."""
        ...

    def decode(self, content: bytes, *, target: int | None = None) -> Decoded:
        """Its pixels, upright."""
        ...

    def reduced(self, content: bytes, side: Side) -> bytes:
        """A smaller JPEG of it."""
        ...


class Here:
    """Reads in this very process: for whoever reads photos of their own."""

    def inspect(self, content: bytes) -> PhotoFacts:
        """As ``photo.inspect``."""
        return photo.inspect(content)

    def decode(self, content: bytes, *, target: int | None = None) -> Decoded:
        """As ``photo.decode``."""
        return photo.decode(content, target=target)

    def reduced(self, content: bytes, side: Side) -> bytes:
        """As ``reduced.reduced``."""
        return reduced(content, side)


class Hurried:
    """Reads through another reader for people who wait: at most so many at once, and nobody queues behind them.

    Effects, which can wait, ask the other reader themselves.
    """

    def __init__(self, reader: PhotoReader, most: int) -> None:
        self._reader = reader
        self._most = most
        self._inside = 0
        self._changing = Lock()

    def inspect(self, content: bytes) -> PhotoFacts:
        """As ``PhotoReader``.

        Raises:
            ServerBusy: As many photos are being read as may.
        """
        with self._place():
            return self._reader.inspect(content)

    def decode(self, content: bytes, *, target: int | None = None) -> Decoded:
        """As ``inspect``."""
        with self._place():
            return self._reader.decode(content, target=target)

    def reduced(self, content: bytes, side: Side) -> bytes:
        """As ``inspect``."""
        with self._place():
            return self._reader.reduced(content, side)

    @contextmanager
    def _place(self) -> Iterator[None]:
        with self._changing:
            if self._inside >= self._most:
                raise ServerBusy(f"{self._inside} photos are being read")
            self._inside += 1
        try:
            yield
        finally:
            with self._changing:
                self._inside -= 1


HERE = Here()
