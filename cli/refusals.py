"""The one place that turns a refusal into an exit code: surfaces.md, "Officer"."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, NoReturn  # a problem document's members are whatever the server sent

from backend.domain import problems
from backend.domain.duties import problems as about_duties
from backend.domain.problems import Problem, RefusedByRule
from backend.domain.tickets import problems as about_tickets
from cli.exits import Exit
from cli.render import refuse

_MODULES = (problems, about_duties, about_tickets)
"""Where a rule's refusals stand: one that is not looked for here would end as wrong usage."""

_BY_STATUS: dict[int, Exit] = {
    HTTPStatus.BAD_REQUEST: Exit.USAGE,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: Exit.USAGE,
    HTTPStatus.UNPROCESSABLE_ENTITY: Exit.USAGE,
    HTTPStatus.NOT_FOUND: Exit.NOT_FOUND,
    HTTPStatus.UNAUTHORIZED: Exit.NOT_ALLOWED,
    HTTPStatus.FORBIDDEN: Exit.NOT_ALLOWED,
    HTTPStatus.CONFLICT: Exit.CONFLICT,
    HTTPStatus.BAD_GATEWAY: Exit.NETWORK,
    HTTPStatus.SERVICE_UNAVAILABLE: Exit.NETWORK,
    HTTPStatus.GATEWAY_TIMEOUT: Exit.NETWORK,
}


class ServerUnreachable(Problem):
    """No answer came, or one that is not flashclaim's."""

    type = "/problems/server-unreachable"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    title = "The server does not answer"
    next = "Check the network and the address (flashclaim doctor), then run the same command again."


class Refused(Exception):
    """A problem document (RFC 9457) that the server answered with, or one of our own problems."""

    def __init__(self, problem: Problem | Mapping[str, Any]) -> None:
        self.body: dict[str, Any] = problem.as_json() if isinstance(problem, Problem) else dict(problem)
        super().__init__(f"{self.body['title']}: {self.body['detail']}")

    @property
    def exit_code(self) -> Exit:
        """What the shell sees."""
        if self.body["type"] in _rules():
            return Exit.REFUSED
        return _BY_STATUS.get(int(self.body["status"]), Exit.FAILED)

    def end(self, *, as_json: bool) -> NoReturn:
        """Say it and end the command; a rule's refusal names its reason code."""
        rule = _rules().get(str(self.body["type"]))
        named = {"reason_code": rule.reason_code} if rule and rule.reason_code else {}
        refuse(self.body | named, self.exit_code, as_json=as_json)


@contextmanager
def told(*, as_json: bool) -> Iterator[None]:
    """End the command with words and an exit code when something inside is refused."""
    try:
        yield
    except Refused as refused:
        refused.end(as_json=as_json)
    except Problem as problem:
        Refused(problem).end(as_json=as_json)


def _rules() -> dict[str, type[RefusedByRule]]:
    """The rules' refusals by type."""
    classes = [one for module in _MODULES for one in vars(module).values() if isinstance(one, type)]
    return {one.type: one for one in classes if issubclass(one, RefusedByRule)}
