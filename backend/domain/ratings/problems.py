"""Refusals about ratings."""

from http import HTTPStatus

from backend.domain.problems import ClaimProblem


class RatingStands(ClaimProblem):
    """It was rated before, by somebody else or too long ago."""

    type = "/problems/rating-stands"
    status = HTTPStatus.CONFLICT
    title = "This has been rated and can no longer be changed"
    next = "Rate the stages that are not rated yet; if something is still wrong, call your insurer."
