"""Exit codes of every command: surfaces.md, "Officer"."""

from enum import IntEnum


class Exit(IntEnum):
    """What a script reads when a command ends."""

    OK = 0
    FAILED = 1
    USAGE = 2
    NOT_FOUND = 3
    NOT_ALLOWED = 4
    CONFLICT = 5
    REFUSED = 6
    NETWORK = 7
    EMPTY = 8
    INTERRUPTED = 130
