"""Rows a few thousand at a time, and bytes handed out in order: all that every format shares."""

import io
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any  # a row's values are of many types

Put = Callable[[bytes], None]
ROWS_TOGETHER = 5_000
"""Rows of a piece, and of a Parquet row group: memory holds one of them."""


def together(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """The rows in pieces."""
    while batch := list(islice(rows, ROWS_TOGETHER)):
        yield batch


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
