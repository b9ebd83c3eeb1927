"""The request type that controllers and guards share."""

from typing import Any  # the app keeps no user, auth or state types of its own

from litestar import Request

AnyRequest = Request[Any, Any, Any]
