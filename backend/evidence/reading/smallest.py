"""The smallest photo of each format: reading them loads every decoder."""

import base64
import io
from collections.abc import Iterator

from PIL import Image

_SIDE = 8
# Kept ready-made: an encoder for HEIF has no other use here, and starts threads.
_HEIF = (
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAXxtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAA"
    "AAAAACJpbG9jAAAAAERAAAEAAQAAAAABoAABAAAAAAAAACIAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAA"
    "AA5waXRtAAAAAAABAAAA/GlwcnAAAADcaXBjbwAAAHVodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNw"
    "AAADAJAAAAMAAAMAHroCQGEAAQApQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbqrprm4CGgwIAAAAyAAAADAIRiAAEABkQBwXPB"
    "iQAAABNjb2xybmNseAABAA0ABoAAAAAUaXNwZQAAAAAAAABAAAAAQAAAAChjbGFwAAAACAAAAAEAAAAIAAAAAf///8gAAAAC"
    "////yAAAAAIAAAAQcGl4aQAAAAADCAgIAAAAGGlwbWEAAAAAAAAAAQABBYECAwWEAAAAKm1kYXQAAAAeKAGvBBISTOD4BE5f"
    "bugwVQEgrOi0dKHIlxCTu2rA"
)


def smallest_photos() -> Iterator[bytes]:
    """White squares of 8 pixels."""
    white = Image.new("RGB", (_SIDE, _SIDE), "white")
    for name in ("JPEG", "PNG", "WEBP"):
        written = io.BytesIO()
        white.save(written, name)
        yield written.getvalue()
    yield base64.b64decode(_HEIF)
