"""Every refusal that a caller can act on, as one tree of classes with stable types.

    Problem
    └── ClaimProblem          a refusal about a claim: status, title, what to do next, facts as attributes
        ├── InvalidInput      wrong or missing fields, all of them at once

``type`` is ``/problems/<code>`` and never changes; a retired one stays listed in RETIRED and is never used again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong field: a JSON pointer (RFC 6901) into the input and what is wrong with it."""

    pointer: str
    detail: str


class Problem(Exception):  # noqa: N818 - RFC 9457 calls it a problem
    """A refusal with a stable type (RFC 9457), said in the same words by API and command line."""

    type: ClassVar[str] = "/problems/refused"
    status: ClassVar[HTTPStatus] = HTTPStatus.BAD_REQUEST
    title: ClassVar[str] = "The request was refused"
    next: ClassVar[str] = "Read the detail, mend the request and send it again."

    def __init__(self, detail: str, *, errors: Sequence[FieldError] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = tuple(errors)

    @property
    def code(self) -> str:
        """The last segment of ``type``."""
        return self.type.rsplit("/", 1)[-1]

    def as_json(self) -> dict[str, object]:
        """The body of an ``application/problem+json`` answer (formats.md)."""
        return {
            "type": self.type,
            "title": self.title,
            "status": int(self.status),
            "detail": self.detail,
            "code": self.code,
            "next": self.next,
            "errors": [{"pointer": error.pointer, "detail": error.detail} for error in self.errors],
        }


class InvalidInput(Problem):
    """Fields are missing or wrong; ``errors`` names all of them at once."""

    type = "/problems/invalid-input"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    title = "Some fields are missing or wrong"
    next = "Mend every field named in errors and send the request again."
