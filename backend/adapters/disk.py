"""What the file system of this machine says and promises: no room left, and bytes that survive a power cut."""

import errno
import os
from pathlib import Path

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""The disk, its quota or its limit on files has no room."""


def sync(path: Path) -> None:
    """Return once a file's bytes, or a folder's entries, are on the disk and not only in the page cache."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
