"""Bytes handed out in order: all that every format shares."""

import io
from collections.abc import Callable
from typing import Any  # whatever holds bytes

Put = Callable[[bytes], None]


class Sink(io.RawIOBase):
    """A file that is written to its end once and never looked back at."""

    def __init__(self, put: Put) -> None:
        super().__init__()
        self._put = put
        self._at = 0

    def writable(self) -> bool:
        """Whether it takes bytes."""
        return True

    def write(self, piece: Any) -> int:
        """Hand the bytes out."""
        content = bytes(piece)
        self._put(content)
        self._at += len(content)
        return len(content)

    def tell(self) -> int:
        """How many bytes there were."""
        return self._at
