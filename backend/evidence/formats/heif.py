"""HEIF (ISO/IEC 23008-12), what iPhones save: decoded by libheif, which turns the photo upright itself."""

import io

import pillow_heif

from backend.evidence.formats.source import Source, opening
from backend.evidence.refusals import PhotoTruncated

NAME = "HEIF"

_BRANDS = frozenset(b"heic heix heim heis hevc hevx hevm hevs mif1 msf1".split())
_HOLDING = frozenset({b"ftyp", b"meta", b"mdat"})
_BOX_HEADER = 8
"""Bytes of a box's length and kind, 4 each."""

# Only the main picture is evidence: an embedded thumbnail or depth map may show something else. One thread a
# photo, because photos are decoded side by side.
pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)


def recognises(content: bytes) -> bool:
    """Whether *content* begins as a HEIF does; AVIF is not among the brands."""
    return content[4:8] == b"ftyp" and content[8:12] in _BRANDS


def open_source(content: bytes) -> Source:
    """Open the primary picture of a HEIF.

    Raises:
        PhotoTruncated: A box is longer than the file.
        NotAPhoto: The header cannot be read.
    """
    _refuse_cut_boxes(content)
    with opening(NAME):
        image = pillow_heif.HeifImageFile(io.BytesIO(content))
        exif = image.info.get("exif")
        return Source(image, exif, applied_orientation=image.info.get("original_orientation") or 1)


def _refuse_cut_boxes(content: bytes) -> None:
    seen = set()
    at = 0
    while at + _BOX_HEADER <= len(content):
        length, kind = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        if length == 1:
            length = int.from_bytes(content[at + 8 : at + 16], "big")
        elif length == 0:  # up to the end of the file
            length = len(content) - at
        if length < _BOX_HEADER or at + length > len(content):
            # Phones append trailers of their own, so only the boxes that hold the photo must be whole.
            if kind in _HOLDING:
                raise PhotoTruncated(format=NAME)
            break
        seen.add(kind)
        at += length
    if b"meta" not in seen or (b"mdat" not in seen and b"idat" not in content):
        raise PhotoTruncated(format=NAME)
