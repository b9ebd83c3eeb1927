"""What a page sends back: accepted only with the token that stands in this session's own pages."""

from collections.abc import Mapping
from hmac import compare_digest

from litestar.di import NamedDependency
from litestar.params import SkipValidation

from backend.api.bearing import form_token
from backend.api.web import AnyRequest
from backend.domain.pages.problems import FormNotOurs
from backend.domain.problems import FieldError, InvalidInput

TOKEN = "form_token"  # noqa: S105 - a field's name
_LONGEST = 2000
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
