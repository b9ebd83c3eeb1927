"""Photos in files, decoded for the counter: for commands that count here, without a server."""

from pathlib import Path
from typing import TYPE_CHECKING

from backend.domain.problems import Problem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from backend.evidence.photo import Decoded
    from models.evaluate import Decoder


class PhotoFileUnreadable(Problem):
    """The system will not hand the file out: it is not there, is a folder, or may not be read."""

    type = "/problems/photo-file-unreadable"
    title = "The photo's file cannot be read"
    next = "Check the file's name and rights."


def decoded(photo: str | Path, *, target: int) -> "Decoded":
    """Return the pixels of a photo's file, upright, scaled as the counter will look at them.

    Raises:
        PhotoFileUnreadable: There is no such file, or it may not be read.
        PhotoRefused: It is no photo that can be decoded.
    """
    from backend.evidence.photo import decode
    from backend.evidence.refusals import MAX_BYTES

    try:
        with Path(photo).open("rb") as file:
            # One byte more than is taken, so that a bigger file is refused for its size, not held.
            content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as fault:
        why = fault.strerror if isinstance(fault, OSError) else "no file can have this name"
        raise PhotoFileUnreadable(str(why)) from fault
    return decode(content, target=target)


def decoder(*, target: int) -> "Decoder":
    """Return what evaluation is handed to read photos with: the same pixels that ``flashclaim count`` counts."""
    from models.evaluate import PhotoUnreadable

    def decode(path: Path) -> "NDArray[np.uint8]":
        try:
            return decoded(path, target=target).image
        except Problem as problem:
            raise PhotoUnreadable(
                code=problem.code, title=problem.title, next=problem.next, why=problem.detail
            ) from problem

    return decode
