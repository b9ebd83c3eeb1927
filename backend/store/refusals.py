"""Why rows are not copied from one database to another, or from a backup.

    Problem
    ├── DatabaseUnusable     no database can be opened under this address     422
    ├── TargetNotEmpty       what is copied goes into an empty place only     409
    ├── DatabaseInUse        a server or worker may still write there         409
    ├── CopyUnfinished       a database broke off; nothing was kept          500
    └── CopyDiffers          the copy is not what was copied                  500

Refusals of a backup's files stand in ``backend.workflows.archive``.
"""

from http import HTTPStatus

from backend.domain.problems import Problem


class DatabaseUnusable(Problem):
    """No database can be opened under this address."""

    type = "/problems/database-unusable"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    title = "The database cannot be opened"
    next = "Check the address (postgresql+psycopg://user@host/name), that the database exists and lets us in."


class TargetNotEmpty(Problem):
    """What is copied goes into an empty place: nothing is ever mixed or overwritten."""

    type = "/problems/target-not-empty"
    status = HTTPStatus.CONFLICT
    title = "The target is not empty"
    next = "Name an empty database (FLASHCLAIM_DATABASE_URL) and a data folder or bucket without photos."


class DatabaseInUse(Problem):
    """A server or worker may still write to what is about to be moved: its last claims would stay behind."""

    type = "/problems/database-in-use"
    status = HTTPStatus.CONFLICT
    title = "Somebody else has the database open"
    next = "Stop every flashclaim server and worker on it and close other sessions, then run the same command again."


class CopyUnfinished(Problem):
    """One of the databases broke off: no room, no connection, a row refused. The target keeps nothing of it."""

    type = "/problems/copy-unfinished"
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    title = "The copy broke off, and nothing of it was kept"
    next = "Mend what the detail says, then run the same command again; the source is as it was."


class CopyDiffers(Problem):
    """The copy is not what was copied; the target was left as it had been."""

    type = "/problems/copy-differs"
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    title = "The copy differs from what was copied"
    next = "Go on with the source as before, and report this with the detail: it is a defect."
