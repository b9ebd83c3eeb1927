"""Refusals around messages to people."""

from http import HTTPStatus
from typing import ClassVar

from backend.domain.problems import Problem


class CodeNotSent(Problem):
    """A one-time code was asked for and could not be delivered to the farmer."""

    type: ClassVar[str] = "/problems/code-not-sent"
    status: ClassVar[HTTPStatus] = HTTPStatus.SERVICE_UNAVAILABLE
    title: ClassVar[str] = "The code could not be sent to the farmer"
    next: ClassVar[str] = "Ask for another code in a minute; the operator sees why in the claim's notices."
