"""Who may use a route: declared once with it, as ``opt=may(...)``, and read by one guard for all of them."""

from collections.abc import Callable, Iterator
from typing import Any  # Litestar's generics: the app keeps no user, auth or state types of its own

from litestar import Litestar
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.routes import HTTPRoute
from litestar.types import Guard

from backend.api.auth import recognise
from backend.api.bearing import api_token, page_cookie
from backend.api.limits import Counting
from backend.api.web import refuse_nul
from backend.bootstrap import Parts
from backend.domain.authority.rule import Rule
from backend.domain.authority.words import Reach, Role
from backend.domain.edges.limited import Limited

_OPT = "authority"
_COUNTS = "counts"
_CLAIM = "claim"
_PAGE = "page"


class RouteWithoutRule(Exception):
    """Routes do not say who may use them, or contradict their address: no server starts with one."""


def may(
    *roles: Role,
    over: Reach = Reach.NOTHING,
    counts: Limited | None = None,
    keyless: bool = False,
    page: bool = False,
) -> dict[str, object]:
    """The rule of a route, as its ``opt``: one of these roles, about what, and against which rate it counts.

    ``keyless``: officers come here before an approved key stands behind their session. ``page``: they come with a
    page's cookie, and with nothing else.

    ``over=Reach.CLAIM`` stands at every address with a ``{claim:str}``: the guard finds the claim, as far as the
    caller sees, and a handler is handed it as ``claim_id``.
    """
    rule = {_OPT: Rule(frozenset(roles), over, keyless), _PAGE: page}
    return rule | ({_COUNTS: counts} if counts else {})


def guard(parts: Callable[[], Parts]) -> Guard:
    """The guard of a whole application, whose *parts* are open when it serves."""

    async def allow(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
        """Let whoever may use the route pass, and note who it is.

        Raises:
            TooManyRequests: They came too often.
            NotSignedIn: Nobody has signed in.
            NotAllowed: Somebody without the role.
            NotFound: The address names no claim that this caller sees.
        """
        refuse_nul(connection.scope)
        # Counted first: a request that is refused has counted too, and a wrong token is an attempt to come in.
        if kind := rate_of(handler):
            counting: Counting = connection.app.state.counting
            await counting.count(connection, kind)
        rule = rule_of(handler)
        if rule is None or rule.is_public:
            return
        named = connection.path_params[_CLAIM] if rule.over is Reach.CLAIM else None
        bearing = page_cookie(connection) if is_page(handler) else api_token(connection)
        connection.state.caller = await recognise(bearing, parts(), rule, named)

    return allow


def rule_of(handler: BaseRouteHandler) -> Rule | None:
    """The rule that a route was declared with."""
    rule = handler.opt.get(_OPT)
    return rule if isinstance(rule, Rule) else None


def is_page(handler: BaseRouteHandler) -> bool:
    """Whether a route is for a page's cookie."""
    return bool(handler.opt.get(_PAGE))


def rate_of(handler: BaseRouteHandler) -> Limited | None:
    """The rate that a route's requests count against."""
    kind = handler.opt.get(_COUNTS)
    return kind if isinstance(kind, Limited) else None


def require_rules(app: Litestar) -> None:
    """Refuse to start while nothing is said about a route.

    Raises:
        RouteWithoutRule: Naming all such routes.
    """
    wrong = sorted({fault for address, handler in routes(app) if (fault := _fault(address, handler))})
    if wrong:
        raise RouteWithoutRule("; ".join(wrong))


def routes(app: Litestar) -> Iterator[tuple[str, BaseRouteHandler]]:
    """Every route with its address; not Litestar's own answers to OPTIONS, which name methods and touch nothing."""
    for route in app.routes:
        handlers = route.route_handlers if isinstance(route, HTTPRoute) else [route.route_handler]
        for handler in handlers:
            if handler.fn.__module__ != HTTPRoute.__module__:
                yield route.path_format, handler


def _fault(address: str, handler: BaseRouteHandler) -> str | None:
    rule = rule_of(handler)
    if rule is None:
        return f"{address} ({handler}) does not say who may use it: opt=may(...)"
    if not rule.is_public and (rule.over is Reach.CLAIM) != (f"{{{_CLAIM}}}" in address):
        return f"{address} ({handler}) and over={rule.over} do not go together"
    return None
