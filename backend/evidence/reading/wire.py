"""What goes between the pool and a child: lengths, a line of JSON, bytes.

What comes from a child that read a hostile photo is a stranger's word too: it is JSON of known shape and pixels of a
size that was checked, never anything that is run.
"""

import struct
from collections.abc import Mapping
from typing import BinaryIO, Literal

import msgspec
import numpy as np

from backend.evidence.photo import Decoded, PhotoFacts
from backend.evidence.refusals import (
    MAX_BYTES,
    NotAPhoto,
    PhotoRefused,
    PhotoTooBig,
    PhotoTooCostly,
    PhotoTooLarge,
    PhotoTruncated,
)

_LENGTHS = struct.Struct("<II")
_LONGEST_WORDS = 1_000_000
_MOST_BYTES = 3 * 50_000_000
"""Of an answer: RGB of the largest photo."""

Task = Literal["inspect", "decode", "reduced"]


class Asked(msgspec.Struct):
    """What is wanted of the photo that follows."""

    task: Task
    size: int | None = None


class Refusal(msgspec.Struct):
    """A refusal of the child's, to be raised again here."""

    kind: str
    detail: str
    facts: dict[str, str | int]


class Shape(msgspec.Struct):
    """A decoded photo without its pixels, which follow."""

    rows: int
    columns: int
    width: int
    height: int
    format: str


class Answered(msgspec.Struct, omit_defaults=True):
    """Exactly one of these."""

    refusal: Refusal | None = None
    facts: PhotoFacts | None = None
    shape: Shape | None = None
    is_picture: bool = False


class Garbled(Exception):
    """The other side said what it cannot mean."""


_encode = msgspec.json.Encoder().encode
_asked = msgspec.json.Decoder(Asked).decode
_answered = msgspec.json.Decoder(Answered).decode


def put(to: BinaryIO, words: msgspec.Struct, content: "bytes | memoryview") -> None:
    """Send one message."""
    said = _encode(words)
    to.write(_LENGTHS.pack(len(said), len(content)))
    to.write(said)
    to.write(content)
    to.flush()


def take_asked(source: BinaryIO) -> tuple[Asked, bytearray] | None:
    """The next thing that is wanted; None once nobody asks any more."""
    message = _take(source, MAX_BYTES + 1)
    return message and (_asked(message[0]), message[1])


def take_answered(source: BinaryIO) -> tuple[Answered, bytearray]:
    """What the child answers.

    Raises:
        EOFError: It is gone.
        Garbled: It does not keep to these words.
    """
    message = _take(source, _MOST_BYTES)
    if message is None:
        raise EOFError
    try:
        return _answered(message[0]), message[1]
    except msgspec.DecodeError as wrong:
        raise Garbled(str(wrong)) from wrong


def decoded(shape: Shape, pixels: bytearray) -> Decoded:
    """The photo that a child decoded.

    Raises:
        Garbled: The pixels are not as many as it says.
    """
    if min(shape.rows, shape.columns) < 1 or shape.rows * shape.columns * 3 != len(pixels):
        raise Garbled(f"{len(pixels)} bytes are not {shape.rows} x {shape.columns} pixels")
    image = np.frombuffer(pixels, np.uint8).reshape(shape.rows, shape.columns, 3)
    return Decoded(image, shape.width, shape.height, shape.format)


def refusal_of(refused: PhotoRefused) -> Refusal:
    """A refusal as it goes over the wire."""
    facts = {
        name: value
        for name in ("format", "width", "height", "limit", "size")
        if isinstance(value := getattr(refused, name, None), str | int)
    }
    return Refusal(type(refused).__name__, refused.detail, facts)


def raised(said: Refusal) -> PhotoRefused:
    """The refusal that a child said.

    Raises:
        Garbled: There is no such refusal.
    """
    whole: Mapping[str, type[PhotoRefused]] = {
        one.__name__: one for one in (PhotoTruncated, PhotoTooLarge, PhotoTooBig)
    }
    worded: Mapping[str, type[PhotoRefused]] = {one.__name__: one for one in (NotAPhoto, PhotoTooCostly)}
    try:
        if said.kind in worded:
            return worded[said.kind](said.detail)
        return whole[said.kind](**said.facts)  # type: ignore[arg-type]
    except (KeyError, TypeError) as wrong:
        raise Garbled(f"{said.kind} {said.facts}") from wrong


def shape_of(photo: Decoded) -> Shape:
    """A decoded photo as it goes over the wire."""
    rows, columns = photo.image.shape[:2]
    return Shape(rows, columns, photo.width, photo.height, photo.format)


def _take(source: BinaryIO, most: int) -> tuple[bytearray, bytearray] | None:
    head = source.read(_LENGTHS.size)
    if not head:
        return None
    if len(head) < _LENGTHS.size:
        raise EOFError
    words, size = _LENGTHS.unpack(head)
    if words > _LONGEST_WORDS or size > most:
        raise Garbled(f"{words} and {size} bytes")
    return _exactly(source, words), _exactly(source, size)


def _exactly(source: BinaryIO, size: int) -> bytearray:
    content = bytearray(size)
    room = memoryview(content)
    while room:
        got = source.readinto(room)  # type: ignore[attr-defined]
        if not got:
            raise EOFError
        room = room[got:]
    return content
