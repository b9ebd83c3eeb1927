"""What every operation may answer, added to the API's description: good answers, refusals, keys and links.

Litestar guesses one good answer an operation from its return type. Refusals come from guards, from ``fields`` and from
the decisions behind a command, so that they follow from what an operation has: a body, a key, a claim in its address.
``make fuzz`` holds the server to what is said here.
"""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from inspect import signature
from typing import Any  # OpenAPI parts are plain JSON

from litestar import Litestar, Response
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import (
    Link,
    OpenAPIMediaType,
    OpenAPIResponse,
    OpenAPIType,
    Operation,
    Parameter,
    PathItem,
    Reference,
    Schema,
    SecurityScheme,
)

from backend.api.guards import rate_of, rule_of
from backend.api.problems import MEDIA_TYPE

PROBLEM = "Problem"
PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "A refusal (RFC 9457); docs/problems.md lists every type.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "next": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
                "required": ["pointer", "detail"],
            },
        },
    },
    "required": ["type", "title", "status", "detail", "code", "next", "errors"],
}
_BEARER = "bearer"
_JSON = {"application/json": OpenAPIMediaType(schema=Schema(type=OpenAPIType.OBJECT))}

_GOOD: Mapping[str, tuple[HTTPStatus, ...]] = {
    "report_claim": (HTTPStatus.CREATED, HTTPStatus.OK),
    "add_evidence": (HTTPStatus.CREATED,),
    "make_payment_file": (HTTPStatus.CREATED,),
    "name_cover": (HTTPStatus.CREATED,),
    "declare_tie": (HTTPStatus.CREATED,),
    "make_claim_link": (HTTPStatus.CREATED,),
    "replace_policy_card": (HTTPStatus.CREATED,),
    "ask_for_payee": (HTTPStatus.CREATED,),
    "invite_officer": (HTTPStatus.CREATED,),
    "cosign_checkpoint": (HTTPStatus.CREATED,),
    "add_webhook": (HTTPStatus.CREATED,),
    "decide_lane": (HTTPStatus.OK, HTTPStatus.ACCEPTED),
    "retry_payout": (HTTPStatus.OK, HTTPStatus.ACCEPTED),
    "resume_payouts": (HTTPStatus.OK, HTTPStatus.ACCEPTED),
    "import_product": (HTTPStatus.OK, HTTPStatus.ACCEPTED),
    "propose_payee": (HTTPStatus.ACCEPTED,),
    "propose_administrator": (HTTPStatus.ACCEPTED,),
    "propose_regulator": (HTTPStatus.ACCEPTED,),
}
"""Of operations that answer under a key; the others answer 200 with what then stands."""

_MEDIA: Mapping[str, tuple[str, ...]] = {
    "photo_original": ("application/octet-stream", "image/jpeg"),
    "metrics": ("text/plain",),
    "export_figures": ("text/csv", "application/vnd.apache.parquet", "application/xml"),
}
_MORE: Mapping[str, frozenset[HTTPStatus]] = {
    "open_session": frozenset({HTTPStatus.UNAUTHORIZED}),
    "open_session_by_key": frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}),
    "open_farmer_session": frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}),
    "open_agent_session": frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}),
    "refresh_farmer_session": frozenset({HTTPStatus.UNAUTHORIZED}),
    "ask_for_sign_in_code": frozenset({HTTPStatus.TOO_MANY_REQUESTS}),
    "bank_callback": frozenset({HTTPStatus.UNAUTHORIZED}),
    "metrics": frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}),
    "upload_photo": frozenset(
        {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.UNSUPPORTED_MEDIA_TYPE, HTTPStatus.LOCKED}
    ),
    "resume_upload": frozenset(
        {
            *(HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.UNSUPPORTED_MEDIA_TYPE, HTTPStatus.LOCKED),
            *(HTTPStatus.PRECONDITION_FAILED, HTTPStatus.UNPROCESSABLE_ENTITY),
        }
    ),
    "upload_progress": frozenset({HTTPStatus.PRECONDITION_FAILED}),
    "end_upload": frozenset({HTTPStatus.PRECONDITION_FAILED, HTTPStatus.LOCKED, HTTPStatus.CONFLICT}),
    "stream_timeline": frozenset({HTTPStatus.TOO_MANY_REQUESTS}),
    "stream_reviews": frozenset({HTTPStatus.TOO_MANY_REQUESTS}),
    **dict.fromkeys(
        ("export_claim", "newest_checkpoint", "claim_proof", "prove_consistency", "audit_leaves"),
        frozenset({HTTPStatus.CONFLICT}),
    ),
    "read_feed": frozenset({HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY}),
    "import_register": frozenset(
        {HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.CONFLICT, HTTPStatus.REQUEST_ENTITY_TOO_LARGE}
    ),
}
"""What does not follow from an operation's shape."""

_STORES_PHOTOS = frozenset({"upload_photo", "resume_upload", "import_register"})
_SAYS_NOTHING = frozenset({HTTPStatus.NO_CONTENT})


def describe_answers(app: Litestar) -> None:
    """Complete the description of every operation."""
    described = app.openapi_schema
    described.components.security_schemes = {_BEARER: SecurityScheme(type="http", scheme="bearer")}
    for handler, operation in _operations(app):
        keyed = _is_keyed(handler)
        if keyed:
            operation.parameters = [*(operation.parameters or ()), _key_header()]
        _describe(handler, operation, keyed=keyed)
    _link(described.paths or {})


def _operations(app: Litestar) -> Iterator[tuple[HTTPRouteHandler, Operation]]:
    paths = app.openapi_schema.paths or {}
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            if not isinstance(handler, HTTPRouteHandler) or not handler.resolve_include_in_schema():
                continue
            item = paths.get(route.path_format)
            for method in sorted(handler.http_methods):
                operation = getattr(item, method.lower(), None)
                if operation is not None:
                    yield handler, operation


def _is_keyed(handler: HTTPRouteHandler) -> bool:
    """Whether the operation creates or decides under an Idempotency-Key: it answers with bytes that were kept."""
    is_post = "POST" in handler.http_methods
    answers = signature(handler.fn).return_annotation
    return is_post and (answers == Response[bytes] or handler.operation_id == "import_register")


def _describe(handler: HTTPRouteHandler, operation: Operation, *, keyed: bool) -> None:
    name = operation.operation_id or ""
    responses = dict(operation.responses or {})
    responses.pop(str(int(HTTPStatus.BAD_REQUEST)), None)
    if keyed and name != "import_register":
        for status in HTTPStatus.OK, HTTPStatus.CREATED:
            responses.pop(str(int(status)), None)
        for status in _GOOD.get(name, (HTTPStatus.OK,)):
            responses[str(int(status))] = OpenAPIResponse(description=status.phrase, content=dict(_JSON))
    for status_text, answer in responses.items():
        if isinstance(answer, OpenAPIResponse):
            _describe_content(name, handler, HTTPStatus(int(status_text)), answer)
    for refused in sorted(_refusals(handler, name)):
        responses.setdefault(str(int(refused)), _problem(HTTPStatus(refused), handler))
    operation.responses = responses
    operation.security = [] if _is_public(handler) else [{_BEARER: []}]


def _describe_content(
    name: str, handler: HTTPRouteHandler, status: HTTPStatus, answer: OpenAPIResponse
) -> None:
    if status in _SAYS_NOTHING or "HEAD" in handler.http_methods:
        answer.content = None
    elif name in _MEDIA:
        text = Schema(type=OpenAPIType.STRING)
        answer.content = {media: OpenAPIMediaType(schema=text) for media in _MEDIA[name]}


def _refusals(handler: HTTPRouteHandler, name: str) -> frozenset[HTTPStatus]:
    found = {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND}
    if not _is_public(handler):
        found |= {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.UNPROCESSABLE_ENTITY}
    if handler.http_methods & {"POST", "PUT", "PATCH"}:
        found |= {HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.CONFLICT}
        found |= {HTTPStatus.REQUEST_TIMEOUT}
    if rate_of(handler):
        found |= {HTTPStatus.TOO_MANY_REQUESTS}
    if name in _STORES_PHOTOS:
        found |= {HTTPStatus.INSUFFICIENT_STORAGE}
    return frozenset(found | _MORE.get(name, frozenset()))


def _is_public(handler: HTTPRouteHandler) -> bool:
    rule = rule_of(handler)
    return rule is None or rule.is_public


def _problem(status: HTTPStatus, handler: HTTPRouteHandler) -> OpenAPIResponse:
    content = {MEDIA_TYPE: OpenAPIMediaType(schema=Reference(ref=f"#/components/schemas/{PROBLEM}"))}
    return OpenAPIResponse(
        description=status.phrase, content=None if "HEAD" in handler.http_methods else content
    )


def _key_header() -> Parameter:
    return Parameter(
        name="Idempotency-Key",
        param_in="header",
        required=True,
        schema=Schema(type=OpenAPIType.STRING, min_length=1, max_length=200),
        description="A fresh random key; the same one again when the same request is sent again.",
    )


def _link(paths: Mapping[str, PathItem]) -> None:
    """Say where a reported claim leads: to everything that has a claim in its address."""
    report = next(
        (item.post for item in paths.values() if item.post and item.post.operation_id == "report_claim"), None
    )
    if report is None or report.responses is None:
        return
    links: dict[str, Link | Reference] = {}
    for path, item in paths.items():
        if "{claim}" not in path:
            continue
        for operation in (item.get, item.post, item.put, item.delete):
            if operation is not None and operation.operation_id:
                links[operation.operation_id] = Link(
                    operation_id=operation.operation_id, parameters={"claim": "$response.body#/id"}
                )
    for status in ("200", "201"):
        answer = report.responses.get(status)
        if isinstance(answer, OpenAPIResponse):
            answer.links = links
