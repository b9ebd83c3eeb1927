"""What a request carries to say who sends it: a token for the API, a cookie for the pages, never one for the other."""

import hmac
from dataclasses import dataclass
from typing import Any  # Litestar's generics: the app keeps no user, auth or state types of its own

from litestar.connection import ASGIConnection

from backend.domain.problems import NotSignedIn
from backend.workflows.secrets import token_hash

AnyConnection = ASGIConnection[Any, Any, Any, Any]
COOKIE = "flashclaim_page"
SECURE_COOKIE = f"__Secure-{COOKIE}"
"""Its name where there is TLS: browsers take it over TLS alone. Over loopback without TLS it has none to protect."""
REFRESH = "x-refresh"
"""The header of what a page asks for by itself."""


@dataclass(frozen=True, slots=True)
class Bearing:
    """The hash of a secret, and where it was found.

    ``is_use``: a person did something; a page that reads itself anew keeps no session from running out.
    """

    hashed: str
    on_page: bool = False
    is_use: bool = True


def hashed_token(request: AnyConnection) -> str:
    """The hash of the token that this request carries.

    Raises:
        NotSignedIn: It carries none.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotSignedIn("the request carries no Authorization: Bearer header")
    return token_hash(token.strip())


def api_token(request: AnyConnection) -> Bearing:
    """The token of the API.

    Raises:
        NotSignedIn: The request carries none.
    """
    return Bearing(hashed_token(request))


def page_cookie(request: AnyConnection) -> Bearing:
    """The cookie of the pages.

    Raises:
        NotSignedIn: The request carries none.
    """
    is_use = REFRESH not in request.headers
    return Bearing(token_hash(_cookie(request)), on_page=True, is_use=is_use)


def form_token(request: AnyConnection) -> str:
    """What a form of a page of this session carries: whoever cannot read our pages cannot know it.

    Raises:
        NotSignedIn: There is no session.
    """
    return hmac.digest(_cookie(request).encode(), b"form", "sha256").hex()


def _cookie(request: AnyConnection) -> str:
    cookie = request.cookies.get(SECURE_COOKIE) or request.cookies.get(COOKIE)
    if not cookie:
        raise NotSignedIn("this browser is not signed in")
    return cookie
