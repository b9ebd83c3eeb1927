"""Changes of a photo that leave its animals as they are: how it is held, lit and passed on.

A count that looks sure has to stand them: who photographs a pen upside down photographs the same pigs.
"""

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageEnhance

Picture = NDArray[np.uint8]  # (height, width, 3), RGB
Change = Callable[[Picture], Picture]


def _lit(factor: float) -> Change:
    return lambda picture: np.asarray(ImageEnhance.Brightness(Image.fromarray(picture)).enhance(factor))


def _grey(picture: Picture) -> Picture:
    return np.asarray(Image.fromarray(picture).convert("L").convert("RGB"))


def _forwarded(picture: Picture) -> Picture:
    """As a chat app passes it on."""
    file = BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=40)
    return np.asarray(Image.open(file).convert("RGB"))


def _smaller(picture: Picture) -> Picture:
    image = Image.fromarray(picture)
    return np.asarray(image.resize((image.width * 2 // 3, image.height * 2 // 3), Image.Resampling.BILINEAR))


CHANGES: Final[Mapping[str, Change]] = {
    "mirrored": lambda picture: picture[:, ::-1],
    "upside down": lambda picture: picture[::-1, ::-1],
    "turned left": np.rot90,
    "turned right": lambda picture: np.rot90(picture, 3),
    "grey": _grey,
    "lighter": _lit(1.3),
    "darker": _lit(0.7),
    "forwarded": _forwarded,
    "smaller": _smaller,
}
"""By name: each takes a picture and returns another, whose memory need not be its own or in one piece."""
