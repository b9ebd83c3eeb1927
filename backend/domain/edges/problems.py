"""Refusals that say how busy someone, or the server, is: the same request works later.

Problem
├── TooManyRequests       this person, address or county asked too often                 429
├── ServerBusy            the queue in front of the database is full                     503
└── BodyTooSlow           the body of the request arrives too slowly, or not at all      408
"""

import math
from datetime import timedelta
from http import HTTPStatus

from backend.domain.problems import Problem


class TooManyRequests(Problem):
    """Somebody asked for more than the installation gives one person, address or county at a time."""

    type = "/problems/too-many-requests"
    status = HTTPStatus.TOO_MANY_REQUESTS
    title = "There were too many of these requests"
    next = "Wait as long as Retry-After says, then send the same request with the same Idempotency-Key."

    def __init__(self, detail: str, *, wait: timedelta) -> None:
        super().__init__(detail)
        self.retry_after_s = max(1, math.ceil(wait.total_seconds()))


class ServerBusy(Problem):
    """More is waiting to be written than this process takes; nothing of this request was done."""

    type = "/problems/server-busy"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    title = "The server has more to do than it can take on"
    next = "Wait as long as Retry-After says, then send the same request with the same Idempotency-Key."
    retry_after_s = 2


class BodyTooSlow(Problem):
    """The body arrives more slowly than any line that works, or stopped; nothing of it was kept."""

    type = "/problems/body-too-slow"
    status = HTTPStatus.REQUEST_TIMEOUT
    title = "The request's body did not arrive in time"
    next = "Send it again on a better line; photos can be sent in parts (docs/uploads.md)."
