"""WebP (RFC 9649): read the canvas size from the header before the decoder takes memory for it."""

import io

from PIL import WebPImagePlugin

from backend.evidence.formats.source import Source, opening
from backend.evidence.refusals import MAX_PIXELS_WEBP, NotAPhoto, PhotoTruncated, refuse_too_many_pixels

NAME = "WEBP"

_HEADER = 30
"""Bytes within which each of the three kinds of WebP says its size."""


def recognises(content: bytes) -> bool:
    """Whether *content* begins as a WebP does."""
    return content[:4] == b"RIFF" and content[8:12] == b"WEBP"


def open_source(content: bytes) -> Source:
    """Open a WebP; of an animated one the first frame.

    Raises:
        PhotoTruncated: The file is shorter than it says.
        PhotoTooLarge: The canvas has too many pixels.
        NotAPhoto: The header cannot be read.
    """
    if len(content) < max(_HEADER, 8 + int.from_bytes(content[4:8], "little")):
        raise PhotoTruncated(format=NAME)
    refuse_too_many_pixels(*_canvas(content[:_HEADER]), limit=MAX_PIXELS_WEBP)
    with opening(NAME):
        image = WebPImagePlugin.WebPImageFile(io.BytesIO(content))
        exif = image.info.get("exif")
        return Source(image, exif if isinstance(exif, bytes) else None)


def _canvas(header: bytes) -> tuple[int, int]:
    kind = header[12:16]
    if kind == b"VP8X":
        return int.from_bytes(header[24:27], "little") + 1, int.from_bytes(header[27:30], "little") + 1
    if kind == b"VP8L":
        bits = int.from_bytes(header[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        sides = int.from_bytes(header[26:30], "little")
        return sides & 0x3FFF, sides >> 16 & 0x3FFF
    raise NotAPhoto("it begins as WEBP but holds no picture")
