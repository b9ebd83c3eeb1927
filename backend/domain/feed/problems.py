"""Refusals about cursors of the feed."""

from http import HTTPStatus

from backend.domain.problems import Problem


class CursorUnusable(Problem):
    """The text is no cursor that this server gave."""

    type = "/problems/cursor-unusable"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    title = "This is no cursor"
    next = "Give the cursor of an event, or the next of an earlier answer, as it came; or leave it out."


class CursorUnknown(Problem):
    """Another record stands at the cursor's place, or none: the database was put back from a backup."""

    type = "/problems/cursor-unknown"
    status = HTTPStatus.CONFLICT
    title = "The feed has no such place any more"
    next = "Go on from an older cursor that you kept, or from the beginning; drop events whose id you know."
