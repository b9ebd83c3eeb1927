"""A reader for the TIFF directories inside EXIF metadata (EXIF 3.0, chapter 4), built for hostile bytes.

Pillow has one too. It warns process-wide about what it finds, and silencing warnings is not safe across
threads. This one never reads outside its bytes, follows an offset only when asked, and copies at most MAX_VALUE bytes.
"""

import struct
from dataclasses import dataclass
from fractions import Fraction
from typing import Self

MAX_VALUE = 1024
"""Longest value that is read, in bytes: a camera's name, a time and three fractions are far shorter."""

_ORDERS = {b"II*\x00": "<", b"MM\x00*": ">"}
_BYTE, _ASCII, _SHORT, _LONG, _RATIONAL, _SRATIONAL = 1, 2, 3, 4, 5, 10
_WIDTH = {_BYTE: 1, _ASCII: 1, _SHORT: 2, _LONG: 4, _RATIONAL: 8, _SRATIONAL: 8}
_INTEGER = {_BYTE: "B", _SHORT: "H", _LONG: "I"}
_FRACTION = {_RATIONAL: "I", _SRATIONAL: "i"}
_HEADER = 8
"""Bytes of byte order, version and offset of the first directory."""

_ENTRY = 12
"""Bytes of a directory entry: tag, type, count, then ..."""

_INLINE = 4
"""... the value where it fits into these bytes, otherwise its offset."""


class Unreadable(Exception):
    """A value is there, but it is not what the standard says it is."""


@dataclass(frozen=True, slots=True)
class Directory:
    """One image file directory: the values of its tags, read when asked.

    Every reader returns None for a tag that is absent and raises Unreadable for one that is wrong.
    """

    _raw: bytes
    _order: str
    _entries: dict[int, int]

    @classmethod
    def first(cls, raw: bytes) -> Self:
        """The directory that the header of *raw* points to; raises Unreadable where there is none."""
        raw = raw.removeprefix(b"Exif\x00\x00")
        order = _ORDERS.get(raw[:4])
        if order is None or len(raw) < _HEADER:
            raise Unreadable
        return cls._at(raw, order, struct.unpack_from(order + "I", raw, 4)[0])

    @classmethod
    def _at(cls, raw: bytes, order: str, offset: int) -> Self:
        if offset < _HEADER or offset + 2 > len(raw):
            raise Unreadable
        (count,) = struct.unpack_from(order + "H", raw, offset)
        whole = min(count, (len(raw) - offset - 2) // _ENTRY)
        entries: dict[int, int] = {}
        for at in range(offset + 2, offset + 2 + whole * _ENTRY, _ENTRY):
            (tag,) = struct.unpack_from(order + "H", raw, at)
            entries.setdefault(tag, at)  # of a repeated tag the first, as other readers do
        return cls(raw, order, entries)

    def directory(self, tag: int) -> Self | None:
        """The directory that *tag* points to."""
        offset = self.integer(tag)
        return None if offset is None else self._at(self._raw, self._order, offset)

    def integer(self, tag: int) -> int | None:
        """The single unsigned integer of *tag*."""
        field = self._value(tag)
        if field is None:
            return None
        kind, count, value = field
        if count != 1 or kind not in _INTEGER:
            raise Unreadable
        return int(struct.unpack(self._order + _INTEGER[kind], value)[0])

    def text(self, tag: int) -> str | None:
        """The text of *tag* up to its first NUL, trimmed, without control characters; may be empty."""
        field = self._value(tag)
        if field is None:
            return None
        kind, _, value = field
        if kind != _ASCII:
            raise Unreadable
        text = value.split(b"\x00", 1)[0].decode("utf-8", errors="replace")
        return "".join(letter for letter in text if letter.isprintable()).strip()

    def fractions(self, tag: int) -> list[Fraction] | None:
        """The fractions of *tag*, exact; one that is negative or divided by zero is Unreadable.

        Signed ones are read too: a real phone (Nokia 8.3) writes its position in them.
        """
        field = self._value(tag)
        if field is None:
            return None
        kind, count, value = field
        if kind not in _FRACTION:
            raise Unreadable
        numbers = struct.unpack(f"{self._order}{2 * count}{_FRACTION[kind]}", value)
        pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
        if any(numerator < 0 or denominator <= 0 for numerator, denominator in pairs):
            raise Unreadable
        return [Fraction(numerator, denominator) for numerator, denominator in pairs]

    def __contains__(self, tag: int) -> bool:
        return tag in self._entries

    def _value(self, tag: int) -> tuple[int, int, bytes] | None:
        at = self._entries.get(tag)
        if at is None:
            return None
        kind, count = struct.unpack_from(self._order + "HI", self._raw, at + 2)
        length = _WIDTH.get(kind, 0) * count
        if kind not in _WIDTH or length > MAX_VALUE:
            raise Unreadable
        start = at + _ENTRY - _INLINE
        if length > _INLINE:
            (start,) = struct.unpack_from(self._order + "I", self._raw, start)
        if start + length > len(self._raw):
            raise Unreadable
        return kind, count, self._raw[start : start + length]
