"""The one place that turns refusals into ``application/problem+json`` (RFC 9457)."""

import json
from collections.abc import Mapping
from http import HTTPStatus

import structlog
from litestar import HttpMethod, Response
from litestar.exceptions import ClientException, HTTPException
from litestar.types import Send

from backend.api.watched import request_id_of
from backend.api.web import AnyRequest
from backend.domain.problems import Problem, UploadTooBig

MEDIA_TYPE = "application/problem+json"
log = structlog.get_logger()


def answer_problem(request: AnyRequest, problem: Problem) -> Response[bytes]:
    """A refusal that the caller can act on."""
    request.state.problem = problem.code
    return _response(problem.as_json(), problem.status, _headers(problem))


async def send_problem(problem: Problem, send: Send) -> None:
    """A refusal from in front of the application, where nobody asks for a response object."""
    body = json.dumps(problem.as_json(), ensure_ascii=False).encode()
    said = {"Content-Type": MEDIA_TYPE, "Content-Length": str(len(body)), **_headers(problem)}
    headers = [(name.lower().encode(), value.encode()) for name, value in said.items()]
    await send({"type": "http.response.start", "status": int(problem.status), "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def _headers(problem: Problem) -> dict[str, str]:
    headers = {}
    if problem.retry_after_s:
        headers["Retry-After"] = str(problem.retry_after_s)
    if problem.status == HTTPStatus.REQUEST_TIMEOUT:
        # The rest of the body is not waited for.
        headers["Connection"] = "close"
    return headers


def answer_http(request: AnyRequest, refusal: HTTPException) -> Response[bytes]:
    """What Litestar itself refuses: unknown addresses, wrong methods, bodies over the limit."""
    if refusal.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return _too_big(request)
    status = HTTPStatus(refusal.status_code)
    code = status.phrase.lower().replace(" ", "-")
    body = {
        "type": f"/problems/{code}",
        "title": status.phrase,
        "status": int(status),
        "detail": refusal.detail or status.phrase,
        "code": code,
        "next": "Compare address, method and parameters with the API's description at /docs.",
        "errors": _parameter_errors(refusal),
    }
    return _response(body, status, refusal.headers)


def answer_bug(request: AnyRequest, bug: Exception) -> Response[bytes]:
    """A defect of ours: logged with its frames, answered with a trace id alone, which is the request's id."""
    trace_id = request_id_of(request.scope)
    log.error("request.crashed", request_id=trace_id, exc_info=bug)
    body = {
        "type": "/problems/internal-error",
        "title": "Something broke on our side",
        "status": 500,
        "detail": f"trace id {trace_id}",
        "code": "internal-error",
        "next": "Send the same request again; nothing was half-written. If it stays, report the trace id.",
        "errors": [],
    }
    return _response(body, HTTPStatus.INTERNAL_SERVER_ERROR)


def _too_big(request: AnyRequest) -> Response[bytes]:
    problem = UploadTooBig("the body is larger than this address takes")
    body = problem.as_json()
    if request.method not in {HttpMethod.PUT, HttpMethod.PATCH}:
        body["next"] = "Send less in one message: more photos and notes can follow as evidence."
    return _response(body, problem.status)


def _parameter_errors(refusal: HTTPException) -> list[dict[str, str]]:
    extra = refusal.extra if isinstance(refusal, ClientException) else None
    if not isinstance(extra, list):
        return []
    return [{"pointer": f"/{one.get('key', '')}", "detail": str(one.get("message", ""))} for one in extra]


def _response(
    body: dict[str, object], status: int, headers: Mapping[str, str] | None = None
) -> Response[bytes]:
    content = json.dumps(body, ensure_ascii=False).encode()
    return Response(content, status_code=status, media_type=MEDIA_TYPE, headers=dict(headers or {}))
