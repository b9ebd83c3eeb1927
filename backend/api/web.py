"""What controllers and guards share: the request's type, and how handlers are handed their arguments."""

from typing import Any  # the app keeps no user, auth or state types of its own

from litestar import Request
from litestar.di import NamedDependency
from litestar.params import FromPath, SkipValidation

from backend.bootstrap import Parts

AnyRequest = Request[Any, Any, Any]
Running = SkipValidation[NamedDependency[Parts]]
"""Everything that this process is made of, as a handler is handed it."""

ClaimName = FromPath[str]
"""A claim's id or number, in the address."""
