"""Photos in files, decoded for the counter: for commands that count here, without a server."""

from pathlib import Path
from typing import TYPE_CHECKING

from backend.domain.problems import Problem

if TYPE_CHECKING:
    from backend.evidence.photo import Decoded


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
