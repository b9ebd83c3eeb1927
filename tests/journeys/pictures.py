"""Photos for stories: each one new to the world, so that only a story about re-use uses one again."""

import io
import os

from PIL import Image

_SMALL, _LARGE = (32, 24), (640, 480)


def a_photo() -> bytes:
    """A JPEG that nobody has sent before; the fake counter sees on it what it is told to see."""
    width, height = _SMALL
    picture = Image.frombytes("RGB", _SMALL, os.urandom(width * height * 3)).resize(_LARGE)
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=80)
    return written.getvalue()
