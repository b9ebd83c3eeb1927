"""JPEG (ITU-T T.81): keep the segments that carry pixels, set the EXIF aside, drop the rest.

Pillow sees no EXIF, MPF, ICC, XMP or Photoshop segment: its parsers for them warn process-wide, follow
offsets, or open the second picture of a phone's multi-picture file.
"""

import io
import re

from PIL import JpegImagePlugin

from backend.evidence.formats.source import Source, opening
from backend.evidence.refusals import NotAPhoto, PhotoTruncated

NAME = "JPEG"

MAX_SCANS = 32
"""Progressive photos have about 10 scans. Each is a pass over all pixels that may cost a few bytes only, so
that thousands of them keep a core busy for hours (libjpeg-turbo report LJT-01-004)."""

_START = b"\xff\xd8"
_END = b"\xff\xd9"
_EXIF = b"Exif\x00\x00"
_SOI, _EOI, _SOS, _APP1, _TEM = 0xD8, 0xD9, 0xDA, 0xE1, 0x01
# Of the application segments only JFIF and Adobe say how colours are stored; 0xFE is a comment.
_DROPPED = (set(range(0xE0, 0xF0)) | {0xFE}) - {0xE0, 0xEE}
# Inside a scan FF 00 is a stuffed byte and FF D0-D7 a restart marker; FF FF is padding.
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)


def recognises(content: bytes) -> bool:
    """Whether *content* begins as a JPEG does."""
    return content.startswith(b"\xff\xd8\xff")


def open_source(content: bytes) -> Source:
    """Open a JPEG; of a multi-picture file (MPO) the first picture.

    Raises:
        PhotoTruncated: The end marker is missing.
        NotAPhoto: The header cannot be read, or there are more than MAX_SCANS scans.
    """
    pixels, exif = _take_apart(content)
    with opening(NAME):
        return Source(JpegImagePlugin.JpegImageFile(io.BytesIO(pixels)), exif)


def _take_apart(content: bytes) -> tuple[bytes, bytes | None]:
    kept = [_START]
    exif: bytes | None = None
    scans, in_scan, at = 0, False, len(_START)
    while found := _MARKER.search(content, at):
        if in_scan:
            kept.append(content[at : found.start()])
        marker, at = content[found.start() + 1], found.end()
        if marker == _EOI and scans:
            kept.append(_END)
            return b"".join(kept), exif
        if marker in {_EOI, _SOI}:  # nothing shown yet, or another photo begins inside this one
            break
        if marker == _TEM:
            continue
        end = at + int.from_bytes(content[at : at + 2], "big")
        if end < at + 2 or end > len(content):
            break
        payload = content[at + 2 : end]
        if marker == _APP1 and exif is None and payload.startswith(_EXIF):
            exif = payload.removeprefix(_EXIF)
        if marker not in _DROPPED:
            kept.append(content[found.start() : end])
        in_scan, at = marker == _SOS, end
        scans += in_scan
        if scans > MAX_SCANS:
            raise NotAPhoto(f"the JPEG has more than {MAX_SCANS} scans, which no camera writes")
    raise PhotoTruncated(format=NAME)
