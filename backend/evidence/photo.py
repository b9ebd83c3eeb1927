"""The one place where a claim's photos are decoded: no byte of them is trusted.

Bounds: MAX_BYTES of input, pixels by format checked before memory is taken for them, four formats, no warnings. The
caller keeps the original bytes whatever happens here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.Image import Transpose

from backend.domain.ids import PhotoId
from backend.evidence.exif import ExifFacts, read_exif
from backend.evidence.formats import heif, jpeg, png, webp
from backend.evidence.formats.source import Source, decoding
from backend.evidence.gps import Position
from backend.evidence.hashes import photo_id
from backend.evidence.refusals import (
    MAX_BYTES,
    MAX_PIXELS,
    MAX_PIXELS_WEBP,
    MAX_PIXELS_WHOLE,
    NotAPhoto,
    PhotoTooBig,
    refuse_too_many_pixels,
)

_UPRIGHT = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
_ON_ITS_SIDE = range(5, 9)


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """A photo's pixels.

    ``image`` is uint8 RGB of shape (H, W, 3), upright, perhaps scaled down; ``width`` and ``height`` are the
    pixels of the full upright photo. ``format`` is JPEG, PNG, WEBP or HEIF.
    """

    image: NDArray[np.uint8]
    width: int
    height: int
    format: str


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """What a photo says without its pixels; ``width`` and ``height`` are those of the upright photo.

    The other fields are as in ExifFacts: ``orientation`` is what the camera wrote, already accounted for.
    """

    sha256: PhotoId
    width: int
    height: int
    format: str
    taken_at: datetime | None
    position: Position | None
    orientation: int
    camera: tuple[str, str] | None
    signals: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """The document of ``flashclaim photo inspect`` (formats.md)."""
        return {
            "sha256": self.sha256,
            "width": self.width,
            "height": self.height,
            "format": self.format,
            "taken_at": self.taken_at.isoformat() if self.taken_at else None,
            "position": self.position.as_json() if self.position else None,
            "orientation": self.orientation,
            "signals": list(self.signals),
        }


@dataclass(frozen=True, slots=True)
class _Opened:
    source: Source
    format: str
    exif: ExifFacts
    turn: int
    """EXIF orientation still to be applied; 1 where the decoder does it."""

    @property
    def upright_size(self) -> tuple[int, int]:
        width, height = self.source.image.size
        return (height, width) if self.turn in _ON_ITS_SIDE else (width, height)


def decode(content: bytes, *, target: int | None = None) -> Decoded:
    """Return the pixels of a photo, upright.

    Args:
        content: The original bytes.
        target: Longest side, in pixels, that the reader will scale the photo to. A JPEG is then decoded to
            a half, a quarter or an eighth, as long as both sides keep twice that; others are not scaled.

    Raises:
        PhotoRefused: One of its subclasses says why.
    """
    opened = _open(content)
    width, height = opened.upright_size
    name, turn = opened.format, opened.turn
    image = _loaded(opened, target)
    # Every step is a copy of a large photo: the one before goes first.
    del opened
    if turn in _UPRIGHT:
        image = image.transpose(_UPRIGHT[turn])
    return Decoded(np.array(image, dtype=np.uint8), width, height, name)


def _loaded(opened: _Opened, target: int | None) -> Image.Image:
    image = opened.source.image
    with decoding(opened.format):
        # Pillow's HEIF plugin would draft an embedded thumbnail, which need not show the same thing.
        if target is not None and opened.format == jpeg.NAME:
            image.draft(None, (2 * target, 2 * target))
        image.load()
        # libheif may find more than the header had said.
        refuse_too_many_pixels(*image.size, limit=_most_pixels(opened.format, image))
        return _as_rgb(image)


def inspect(content: bytes) -> PhotoFacts:
    """Return what a photo says of itself; checks that it is whole, but decodes no pixels.

    Raises:
        PhotoRefused: One of its subclasses says why.
    """
    opened = _open(content)
    width, height = opened.upright_size
    return PhotoFacts(
        sha256=photo_id(content),
        width=width,
        height=height,
        format=opened.format,
        taken_at=opened.exif.taken_at,
        position=opened.exif.position,
        orientation=opened.source.applied_orientation or opened.exif.orientation,
        camera=opened.exif.camera,
        signals=opened.exif.signals,
    )


_FORMATS: tuple[tuple[str, Callable[[bytes], bool], Callable[[bytes], Source]], ...] = (
    (jpeg.NAME, jpeg.recognises, jpeg.open_source),
    (heif.NAME, heif.recognises, heif.open_source),
    (png.NAME, png.recognises, png.open_source),
    (webp.NAME, webp.recognises, webp.open_source),
)


_MOST_PIXELS = {
    jpeg.NAME: MAX_PIXELS,
    heif.NAME: MAX_PIXELS_WHOLE,
    png.NAME: MAX_PIXELS_WHOLE,
    webp.NAME: MAX_PIXELS_WEBP,
}


def _open(content: bytes) -> _Opened:
    if len(content) > MAX_BYTES:
        raise PhotoTooBig(size=len(content))
    for name, recognises, open_source in _FORMATS:
        if recognises(content):
            source = open_source(content)
            refuse_too_many_pixels(*source.image.size, limit=_most_pixels(name, source.image))
            exif = read_exif(source.exif)
            return _Opened(source, name, exif, exif.orientation if source.applied_orientation is None else 1)
    raise NotAPhoto("it is empty" if not content else "it is neither JPEG, HEIC, PNG nor WebP")


def _most_pixels(name: str, image: Image.Image) -> int:
    # Four colours are for print, and take half as much again.
    return MAX_PIXELS_WHOLE if image.mode == "CMYK" else _MOST_PIXELS[name]


def _as_rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16-bit grey, which Pillow would clip instead of scale
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8)).convert("RGB")
    if image.has_transparency_data:
        # On white, as viewers show it: colours hidden under transparency are no evidence.
        shown = image if image.mode == "RGBA" else image.convert("RGBA")
        on_white = Image.new("RGB", shown.size, "white")
        on_white.paste(shown, mask=shown)
        return on_white
    return image if image.mode == "RGB" else image.convert("RGB")
