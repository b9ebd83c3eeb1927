"""游标: where a reader stands in the feed; it names the record there, so that no other history is taken for it."""

import re
from dataclasses import dataclass
from typing import Self

from backend.domain.feed.problems import CursorUnusable
from backend.domain.ids import Digest

_MARK = 12
_TEXT = re.compile(rf"(0|[1-9][0-9]{{0,17}})-([0-9a-f]{{{_MARK}}})")


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the audit log, counted from 0, and the first hexadecimal digits of the leaf that stands there.

    After a restore from a backup the log is shorter and its next places hold other records: a bare number would then
    skip them unseen.
    """

    place: int
    mark: str

    @classmethod
    def at(cls, place: int, leaf_hash: str) -> Self:
        """The cursor of a record."""
        return cls(place, leaf_hash[:_MARK])

    @classmethod
    def parse(cls, text: str) -> Self:
        """What ``str`` gave.

        Raises:
            CursorUnusable: It is none of ours.
        """
        match = _TEXT.fullmatch(text)
        if match is None:
            raise CursorUnusable(f"{text[:40]!r} is no cursor, such as 1234-9f3a5c71e0b2")
        return cls(int(match[1]), match[2])

    def names(self, leaf_hash: Digest | str | None) -> bool:
        """Whether the record with this leaf is the one that the cursor was made from."""
        return leaf_hash is not None and leaf_hash.startswith(self.mark)

    def __str__(self) -> str:
        return f"{self.place}-{self.mark}"
