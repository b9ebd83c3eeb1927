"""A smaller picture of a photo, for slow lines and small screens: upright, JPEG, without a word of metadata."""

from enum import IntEnum
from io import BytesIO

from PIL import Image

from backend.evidence.photo import decode

_QUALITY = 80


class Side(IntEnum):
    """Longest sides that pictures are made in, pixels: few, so that a store of them stays small."""

    LIST = 160
    TERMINAL = 320
    SCREEN = 640
    LARGE = 1280


def recipe(side: Side) -> str:
    """What names the way of making: another way needs another name, or old pictures would pass for new ones."""
    return f"fit-{side}-q{_QUALITY}-v1.jpg"


def reduced(content: bytes, side: Side) -> bytes:
    """Return the photo as a JPEG whose longest side is *side* pixels, or its own where that is shorter.

    Raises:
        PhotoRefused: The original cannot be read; one of its subclasses says why.
    """
    picture = Image.fromarray(decode(content, target=side).image)
    picture.thumbnail((side, side), Image.Resampling.LANCZOS)
    written = BytesIO()
    picture.save(written, "JPEG", quality=_QUALITY, optimize=True)
    return written.getvalue()
