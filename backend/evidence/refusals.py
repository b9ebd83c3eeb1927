"""Why bytes are refused as a photo.

    Problem
    └── PhotoRefused
        ├── NotAPhoto        no JPEG, PNG, WebP or HEIF that can be read
        ├── PhotoTruncated   the end, or a part in the middle, is missing
        ├── PhotoTooLarge    more pixels than any phone camera takes
        ├── PhotoTooCostly   reading it breaks the decoder, or takes too much memory or time
        └── PhotoTooBig      more bytes than an upload may have

A refusal concerns the reading only: whoever received the bytes keeps them.
"""

from http import HTTPStatus

from backend.domain.photos import LARGEST_PHOTO_BYTES
from backend.domain.problems import Problem

MAX_BYTES = LARGEST_PHOTO_BYTES
"""Largest photo that is decoded, in bytes: the body limit of an upload."""

MAX_PIXELS = 50_000_000
"""Largest JPEG that is decoded, width x height: the main cameras of phones take up to 50 megapixels."""

MAX_PIXELS_WHOLE = 25_000_000
"""Largest HEIF or PNG, which are decoded at full size however small they are shown: phones save HEIF with up to 24.5
megapixels unless told otherwise, and decoding more takes beyond 400 MB."""

MAX_PIXELS_WEBP = 16_000_000
"""Largest WebP: its decoder takes 21 bytes a pixel."""


class PhotoRefused(Problem):
    """The bytes were not decoded; the subclass says why."""


class NotAPhoto(PhotoRefused):
    """The content is no photo in a format that is read here."""

    type = "/problems/not-a-photo"
    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    title = "This is not a photo that can be read"
    next = "Send the photo as the camera saved it: JPEG, HEIC, PNG or WebP."


class PhotoTruncated(PhotoRefused):
    """A part of the photo is missing or damaged; ``format`` says what it began as."""

    type = "/problems/photo-truncated"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    title = "The photo is incomplete or damaged"
    next = "Copy or upload the original photo again, or take a new one."

    def __init__(self, *, format: str) -> None:  # noqa: A002 - the trade's word for it
        super().__init__(f"the {format} ends early or is damaged inside")
        self.format = format


class PhotoTooLarge(PhotoRefused):
    """The photo has more pixels than are decoded; ``width``, ``height`` and ``limit`` are pixels."""

    type = "/problems/photo-too-many-pixels"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    title = "The photo has too many pixels"
    next = "Take the photo at a lower resolution: 12 megapixels are plenty."

    def __init__(self, *, width: int, height: int, limit: int = MAX_PIXELS) -> None:
        super().__init__(f"{width} x {height} pixels, at most {limit // 1_000_000} megapixels are read")
        self.width, self.height, self.limit = width, height, limit


class PhotoTooBig(PhotoRefused):
    """The file has more bytes than are taken in; ``size`` and ``limit`` are bytes."""

    type = "/problems/photo-too-big"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    title = "The photo file is too big"
    next = "Take the photo at a lower resolution or quality and send it again."

    def __init__(self, *, size: int, limit: int = MAX_BYTES) -> None:
        super().__init__(f"{size} bytes or more, at most {limit} bytes are read")
        self.size, self.limit = size, limit


class PhotoTooCostly(PhotoRefused):
    """Reading the photo broke its decoder, or would take more memory or time than any camera's photo does."""

    type = "/problems/photo-too-costly"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    title = "The photo cannot be read safely"
    next = "Take a new photo, or save this one as a plain JPEG, and send that."


def refuse_too_many_pixels(width: int, height: int, limit: int = MAX_PIXELS) -> None:
    """Raise PhotoTooLarge above *limit*; ask before any memory for pixels is taken."""
    if width * height > limit:
        raise PhotoTooLarge(width=width, height=height, limit=limit)
