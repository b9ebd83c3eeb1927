"""What people do to a photo before they send it again, and photos to do it to."""

from collections.abc import Callable, Mapping
from io import BytesIO

import numpy as np
from PIL import Image, ImageEnhance
from PIL.Image import Resampling, Transpose

from backend.evidence.photo import Decoded

Picture = Image.Image


def sent(picture: Picture, quality: int = 80) -> bytes:
    """The picture as a JPEG."""
    written = BytesIO()
    picture.save(written, "JPEG", quality=quality)
    return written.getvalue()


def recompressed(picture: Picture, quality: int = 80) -> Picture:
    return Image.open(BytesIO(sent(picture, quality))).convert("RGB")


def as_decoded(picture: Picture) -> Decoded:
    return Decoded(np.asarray(picture), picture.width, picture.height, "JPEG")


def cropped(picture: Picture, share: float, at: float = 0.3) -> Picture:
    """Without *share* of its area, cut off around a place *at* the way from its left upper to its right lower end."""
    kept = (1 - share) ** 0.5
    width, height = round(picture.width * kept), round(picture.height * kept)
    left, top = round((picture.width - width) * at), round((picture.height - height) * (1 - at))
    return picture.crop((left, top, left + width, top + height))


def tilted(picture: Picture, degrees: float) -> Picture:
    """Turned a little, and cut so that no black corner shows."""
    turn = np.deg2rad(abs(degrees))
    width, height = picture.size
    kept = 1 / max(np.cos(turn) + side * np.sin(turn) for side in (height / width, width / height))
    wide, tall = int(width * kept) - 2, int(height * kept) - 2
    left, top = (width - wide) // 2, (height - tall) // 2
    turned = picture.rotate(-degrees, Resampling.BICUBIC)
    return turned.crop((left, top, left + wide, top + tall))


def resized(picture: Picture, share: float) -> Picture:
    size = round(picture.width * share), round(picture.height * share)
    return picture.resize(size, Resampling.LANCZOS)


def lit(picture: Picture, factor: float) -> Picture:
    return ImageEnhance.Brightness(picture).enhance(factor)


CHANGES: Mapping[str, Callable[[Picture], Picture]] = {
    "recompressed, q30": lambda one: recompressed(one, 30),
    "half as large": lambda one: resized(one, 0.5),
    "half as large again": lambda one: resized(one, 1.5),
    "cropped 5 %": lambda one: cropped(one, 0.05, 0.9),
    "cropped 15 %": lambda one: cropped(one, 0.15, 0.1),
    "cropped 30 %": lambda one: cropped(one, 0.30, 0.7),
    "brightened by 40 %": lambda one: lit(one, 1.4),
    "darkened by 40 %": lambda one: lit(one, 0.6),
    "mirrored": lambda one: one.transpose(Transpose.FLIP_LEFT_RIGHT),
    "turned 90°": lambda one: one.transpose(Transpose.ROTATE_270),
    "turned 180°": lambda one: one.transpose(Transpose.ROTATE_180),
    "turned 270°": lambda one: one.transpose(Transpose.ROTATE_90),
    "tilted 2°": lambda one: tilted(one, 2),
    "tilted 5°": lambda one: tilted(one, -5),
    "tilted 10°": lambda one: tilted(one, 10),
    "mirrored, cropped, tilted, lit, smaller, q50": lambda one: recompressed(
        resized(lit(tilted(cropped(one, 0.15).transpose(Transpose.FLIP_LEFT_RIGHT), 3), 1.2), 0.7), 50
    ),
}
"""By name what is done; each is sent as a JPEG after it."""
