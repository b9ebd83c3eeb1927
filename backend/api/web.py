"""What controllers and guards share: the request's type, and how handlers are handed their arguments."""

from typing import Any  # the app keeps no user, auth or state types of its own

from litestar import Request
from litestar.di import NamedDependency
from litestar.params import FromPath, SkipValidation

from backend.bootstrap import Parts
from backend.domain.problems import NotFound

AnyRequest = Request[Any, Any, Any]
Running = SkipValidation[NamedDependency[Parts]]
"""Everything that this process is made of, as a handler is handed it."""

ClaimName = FromPath[str]
"""A claim's id or number, in the address."""


async def refuse_nul(request: AnyRequest) -> None:
    """No name in an address holds a NUL, which PostgreSQL would stumble over instead of not finding it.

    Raises:
        NotFound: There cannot be such a thing.
    """
    if "\0" in request.scope["path"] or b"%00" in request.scope["query_string"]:
        raise NotFound("address", request.url.path)
