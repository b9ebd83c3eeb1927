"""PNG (ISO/IEC 15948): keep the chunks that carry pixels, set the EXIF aside, drop the rest.

Text and colour profiles are compressed and unpack without a bound; animation control makes Pillow warn.
"""

import io

from PIL import PngImagePlugin

from backend.evidence.formats.source import Source, opening
from backend.evidence.refusals import PhotoTruncated

NAME = "PNG"

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PIXELS = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
_FRAME = 12
"""Bytes around a chunk's payload: length, kind and check sum, 4 each."""


def recognises(content: bytes) -> bool:
    """Whether *content* begins as a PNG does."""
    return content.startswith(_SIGNATURE)


def open_source(content: bytes) -> Source:
    """Open a PNG; of an animated one the still picture.

    Raises:
        PhotoTruncated: The end chunk is missing.
        NotAPhoto: The header cannot be read.
    """
    pixels, exif = _take_apart(content)
    with opening(NAME):
        return Source(PngImagePlugin.PngImageFile(io.BytesIO(pixels)), exif)


def _take_apart(content: bytes) -> tuple[bytes, bytes | None]:
    kept = [_SIGNATURE]
    exif: bytes | None = None
    at = len(_SIGNATURE)
    while at + _FRAME <= len(content):
        length, kind = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        end = at + _FRAME + length
        if end > len(content):
            break
        if kind == b"eXIf" and exif is None:
            exif = content[at + 8 : end - 4]
        if kind in _PIXELS:
            kept.append(content[at:end])
        if kind == b"IEND":
            return b"".join(kept), exif
        at = end
    raise PhotoTruncated(format=NAME)
