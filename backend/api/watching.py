"""What watches a server reads, outside of ``/api/v1``: is it alive, is it ready, what are its figures."""

import asyncio
import hmac
from dataclasses import asdict
from http import HTTPStatus
from ipaddress import ip_address

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from prometheus_client import CONTENT_TYPE_LATEST

from backend.api.guards import may
from backend.api.web import AnyRequest, Running
from backend.domain.authority.words import Role
from backend.domain.problems import NotAllowed, NotSignedIn
from backend.insight.metrics import exposition
from backend.workflows.readiness import Duty, is_ready

DutyHere = SkipValidation[NamedDependency[Duty]]
_THROUGH_A_PROXY = ("x-forwarded-for", "forwarded", "x-real-ip", "via")


class MetricsNotSignedIn(NotSignedIn):
    """The figures are asked for without the token that this server wants."""

    type = "/problems/metrics-token-missing"
    title = "The figures need a token"
    next = "Send Authorization: Bearer with the value of FLASHCLAIM_METRICS_TOKEN."


class MetricsElsewhere(NotAllowed):
    """The figures are asked for from another machine, and this server has no token for them."""

    type = "/problems/metrics-not-allowed"
    title = "The figures are for this machine alone"
    next = "Set FLASHCLAIM_METRICS_TOKEN on the server and send it as Authorization: Bearer."


class WatchController(Controller):
    """For load balancers, service managers and Prometheus."""

    path = "/"
    tags = ("watching",)

    @get("/healthz", operation_id="alive", opt=may(Role.PUBLIC))
    async def alive(self) -> dict[str, str]:
        """The process answers. Says nothing about what it needs: restart it where this fails."""
        return {"status": "alive"}

    @get("/readyz", operation_id="ready", opt=may(Role.PUBLIC))
    async def ready(self, parts: Running, duty: DutyHere) -> Response[dict[str, object]]:
        """Whether this process can do its work now: 200 or 503, and each check with why and what to do next."""
        checks = await asyncio.to_thread(parts.readiness.look, duty)
        ready = is_ready(checks)
        return Response(
            {"ready": ready, "checks": [asdict(check) for check in checks]},
            status_code=HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE,
        )

    @get("/metrics", operation_id="metrics", opt=may(Role.PUBLIC))
    async def metrics(self, request: AnyRequest, parts: Running) -> Response[bytes]:
        """Figures in Prometheus's text format."""
        _require_scraper(request, parts.settings.metrics_token)
        return Response(await asyncio.to_thread(exposition, parts.figures), media_type=CONTENT_TYPE_LATEST)


def _require_scraper(request: AnyRequest, token: str) -> None:
    """Whoever has the token, or where there is none a caller on this very machine (docs/decisions/0016).

    Raises:
        MetricsNotSignedIn: The token is missing or wrong.
        MetricsElsewhere: There is no token, and the caller is elsewhere or behind a proxy.
    """
    if token:
        given = request.headers.get("authorization", "").encode()
        if not hmac.compare_digest(given, f"Bearer {token}".encode()):
            raise MetricsNotSignedIn("the request does not carry the token")
        return
    is_direct = not any(header in request.headers for header in _THROUGH_A_PROXY)
    if not (is_direct and request.client and _is_loopback(request.client.host)):
        raise MetricsElsewhere("this server has no token for them")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
