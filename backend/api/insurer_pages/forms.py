"""What a page sends back: accepted only with the token that stands in this session's own pages."""

from collections.abc import Callable, Mapping
from hmac import compare_digest
from http import HTTPStatus

from litestar.di import NamedDependency
from litestar.params import SkipValidation

from backend.api.auth import name_of
from backend.api.bearing import form_token
from backend.api.web import AnyRequest
from backend.bootstrap import Parts
from backend.domain.canonical import digest
from backend.domain.pages.problems import FormNotOurs
from backend.domain.parties import Officer
from backend.domain.problems import FieldError, IdempotencyKeyMissing, InvalidInput
from backend.store.engine import Transaction
from backend.store.requests import Answer, Keyed, once

TOKEN = "form_token"  # noqa: S105 - a field's name
KEY = "request_key"
_LONGEST, _LONGEST_KEY = 2000, 100
Sent = SkipValidation[NamedDependency[Mapping[str, str]]]
"""The fields of a form, as a handler is handed them: ``sent``."""


async def provide_sent(request: AnyRequest) -> Mapping[str, str]:
    """The fields of a form that came from our page.

    Raises:
        FormNotOurs: It has no token of this session: another site made the browser send it.
        InvalidInput: A field that no database keeps.
    """
    form = await request.form()
    sent = {name: value for name, value in form.items() if isinstance(value, str)}
    if not compare_digest(sent.pop(TOKEN, "").encode(), form_token(request).encode()):
        raise FormNotOurs("the form carries no token of this session")
    wrong = [name for name, value in sent.items() if len(value) > _LONGEST or "\0" in value]
    if wrong:
        raise InvalidInput(
            "a field is too long", errors=[FieldError(f"/{name[:60]}", "is too long") for name in wrong]
        )
    return sent


async def do_once(
    request: AnyRequest,
    officer: Officer,
    parts: Parts,
    sent: Mapping[str, str],
    work: Callable[[Transaction], object],
) -> None:
    """Do *work* once for this form, however often the browser sends it.

    Raises:
        IdempotencyKeyMissing: The form carries no key of its own.
        IdempotencyKeyReused: Its key stands for another form.
    """
    key, at = sent.get(KEY, "").strip(), parts.clock()
    if not key:
        raise IdempotencyKeyMissing("the form carries no key of its own")
    said = sorted(f"{name}={value}" for name, value in sent.items())
    keyed = Keyed(name_of(officer), key[:_LONGEST_KEY], digest([request.url.path, *said]))

    def step(connection: Transaction) -> None:
        once(connection, keyed, at, lambda: _done(work(connection)))

    await parts.store.write(step)


def _done(_outcome: object) -> Answer:
    return Answer(HTTPStatus.SEE_OTHER, "{}")
