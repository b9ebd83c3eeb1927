"""What every format answers: an opened photo whose pixels are not decoded yet."""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import ImageFile

from backend.evidence.refusals import NotAPhoto, PhotoTruncated

# What Pillow and libheif raise on hostile bytes, collected from their sources and from random input. A
# MemoryError is not among them: within the pixel limit it is the machine's trouble, not the photo's.
_DECODER_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    RuntimeError,
    ArithmeticError,
    AssertionError,
    struct.error,
    zlib.error,
)


@dataclass(frozen=True, slots=True)
class Source:
    """An opened photo.

    ``image`` knows its size and mode, as stored, and has no pixels until ``load``. ``exif`` is the raw TIFF
    structure of the EXIF metadata. ``applied_orientation`` is set where the decoder turns the photo upright
    itself (HEIF): the EXIF orientation (1-8) that must then not be applied once more.
    """

    image: ImageFile.ImageFile
    exif: bytes | None
    applied_orientation: int | None = None


@contextmanager
def opening(name: str) -> Iterator[None]:
    """Refuse as NotAPhoto what makes the decoder of format *name* stumble over the header."""
    try:
        yield
    except _DECODER_ERRORS as error:
        raise NotAPhoto(f"it begins as {name} but its header cannot be read") from error


@contextmanager
def decoding(name: str) -> Iterator[None]:
    """Refuse as PhotoTruncated what makes the decoder of format *name* stumble over the pixels."""
    try:
        yield
    except _DECODER_ERRORS as error:
        raise PhotoTruncated(format=name) from error
