"""What a page says when it cannot be shown: kindly, in the reader's language, with what to do next."""

from http import HTTPStatus

import structlog
from litestar import Response, get
from litestar.exceptions import HTTPException
from litestar.params import FromPath
from litestar.types import ExceptionHandlersMap

from backend.api.guards import may
from backend.api.insurer_pages.shell import shell_of
from backend.api.watched import request_id_of
from backend.api.web import AnyRequest
from backend.domain.authority.words import Role
from backend.domain.problems import InvalidInput, NotFound, Problem
from backend.texts.load import Language
from backend.texts.paged import refused

log = structlog.get_logger()


def show_problem(request: AnyRequest, problem: Problem) -> Response[bytes]:
    """A refusal that the reader can act on."""
    request.state.problem = problem.code
    errors = problem.errors if isinstance(problem, InvalidInput) else ()
    details = [problem.detail, *(f"{one.pointer}: {one.detail}" for one in errors)]
    answer = _page(request, problem.code, HTTPStatus(problem.status), details)
    if problem.retry_after_s:
        answer.headers["Retry-After"] = str(problem.retry_after_s)
    return answer


def show_http(request: AnyRequest, refusal: HTTPException) -> Response[bytes]:
    """What Litestar itself refuses."""
    status = HTTPStatus(refusal.status_code)
    return _page(request, status.phrase.lower().replace(" ", "-"), status, [refusal.detail or status.phrase])


def show_bug(request: AnyRequest, bug: Exception) -> Response[bytes]:
    """A defect of ours: logged with its frames, shown with a trace id alone."""
    trace_id = request_id_of(request.scope)
    log.error("request.crashed", request_id=trace_id, exc_info=bug)
    return _page(request, "internal-error", HTTPStatus.INTERNAL_SERVER_ERROR, [trace_id])


SHOWN: ExceptionHandlersMap = {Problem: show_problem, HTTPException: show_http, Exception: show_bug}


@get("/{rest:path}", opt=may(Role.PUBLIC))
async def no_page(rest: FromPath[str]) -> None:
    """Whatever else an address below the pages names.

    Raises:
        NotFound: Always.
    """
    raise NotFound("page", rest)


def _page(request: AnyRequest, code: str, status: HTTPStatus, details: list[str]) -> Response[bytes]:
    shell = shell_of(request, Language.ZH)
    said = refused(shell.language, code)
    return shell.page("refused.html", status, code=code, said=said, details=details)
