"""What controllers and guards share: the request's type, and how handlers are handed their arguments."""

from typing import Any  # the app keeps no user, auth or state types of its own

from litestar import Request
from litestar.di import NamedDependency
from litestar.params import FromPath, SkipValidation
from litestar.types import Scope

from backend.bootstrap import Parts
from backend.domain.authority.sight import Sight
from backend.domain.ids import ClaimId
from backend.domain.problems import NotFound

AnyRequest = Request[Any, Any, Any]
Running = SkipValidation[NamedDependency[Parts]]
"""Everything that this process is made of, as a handler is handed it."""

LARGEST_NUMBER = 2**62
"""No place in a list is further on, and both databases take it; beyond 2**63 SQLite fails, and finds not nothing."""

ClaimName = FromPath[str]
"""A claim's id or number, in the address."""
ClaimHere = SkipValidation[NamedDependency[ClaimId]]
"""The claim that the address names, which the guard has found within what the caller sees: ``claim_id``."""
Sees = SkipValidation[NamedDependency[Sight]]
"""What the caller sees: every reading for them names it. ``sight``."""


def refuse_nul(scope: Scope) -> None:
    """No name in an address holds a NUL, which PostgreSQL would stumble over instead of not finding it.

    Raises:
        NotFound: There cannot be such a thing.
    """
    if "\0" in scope["path"] or b"%00" in scope["query_string"]:
        raise NotFound("address", scope["path"])
