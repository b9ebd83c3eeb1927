"""What every page has around it: who is signed in, where one can go, language, appearance; and the answer's headers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from http import HTTPStatus
from importlib.resources import files
from uuid import uuid4

from jinja2 import Environment, FunctionLoader, StrictUndefined
from litestar import HttpMethod, Response
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from backend.api.auth import Caller
from backend.api.bearing import form_token
from backend.api.insurer_pages.files import address_of
from backend.api.insurer_pages.navigation import places_for
from backend.api.insurer_pages.reading import PAGES, Reading, Theme, reading_of
from backend.api.insurer_pages.shown import writers
from backend.api.web import AnyRequest, Running, Sees
from backend.domain.parties import Officer
from backend.store import saved_views
from backend.store.saved_views import SavedView
from backend.texts.load import Language
from backend.texts.paged import page_labels, page_word

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Content-Security-Policy of the pages: files of ours, nothing inline, nothing from elsewhere."""
_OURS = re.compile(rf"{PAGES}(?:[/?#][!-\[\]-~]*)?")
"""An address below the pages as browsers write it: ASCII without spaces or backslashes, which they read as slashes."""


@dataclass(frozen=True, slots=True)
class Shell:
    """One request for a page.

    Attributes:
        views: Those that the officer keeps.
        officer: Who is signed in; None on pages that say that nobody is.
        form_token: Stands in every form (``provide_form``).
        address: The page's path, and with what was asked behind ``?`` as ``here``.
    """

    reading: Reading
    officer: Officer | None
    form_token: str
    address: str
    here: str
    views: Sequence[SavedView] = ()

    @property
    def language(self) -> Language:
        """The reader's."""
        return self.reading.language

    def word(self, name: object) -> str:
        """A word of the wire as this reader has it."""
        return page_word(self.language, name)

    def page(self, template: str, status: HTTPStatus = HTTPStatus.OK, **facts: object) -> Response[bytes]:
        """The answer: *template* with its facts."""
        written = (
            _templates(self.language)
            .get_template(template)
            .render(
                shell=self,
                places=places_for(self.officer) if self.officer else (),
                themes=Theme,
                asset=address_of,
                fresh_key=lambda: uuid4().hex,
                **facts,
            )
        )
        headers = {"Content-Security-Policy": POLICY, "Vary": "Accept-Language, Cookie"}
        return Response(written.encode(), status_code=status, media_type="text/html", headers=headers)


Around = SkipValidation[NamedDependency[Shell]]
"""The shell of this request, as a handler is handed it: ``shell``."""


async def provide_shell(request: AnyRequest, parts: Running, sight: Sees) -> Shell:
    """The shell for whoever the guard recognised."""
    shell = shell_of(request, Language(parts.settings.language))
    officer = shell.officer
    if officer is None or request.method != HttpMethod.GET:
        return shell
    views = await parts.store.read(
        lambda connection: saved_views.of_officer(connection, officer.id), sight=sight
    )
    return replace(shell, views=views)


def shell_of(request: AnyRequest, default: Language) -> Shell:
    """The shell of a request, also of one that nobody is signed in for."""
    caller = request.scope["state"].get("caller")
    officer = caller.person if isinstance(caller, Caller) and isinstance(caller.person, Officer) else None
    query = request.url.query
    return Shell(
        reading=reading_of(request, default),
        officer=officer,
        form_token=form_token(request) if officer else "",
        address=request.url.path,
        here=f"{request.url.path}?{query}" if query else request.url.path,
    )


def back_to(address: str) -> str:
    """The page to go to after a form: one of ours, whatever the form says."""
    return address if _OURS.fullmatch(address) else PAGES


def sent_on(address: str) -> Response[bytes]:
    """After a form: the browser reads the page anew, and reloading it sends nothing again."""
    return Response(b"", status_code=HTTPStatus.SEE_OTHER, headers={"Location": back_to(address)})


def _read(name: str) -> str | None:
    file = files("backend.web") / "insurer" / "templates" / name
    return file.read_text(encoding="utf-8") if file.is_file() else None


@cache
def _templates(language: Language) -> Environment:
    # Everything that a stranger wrote is escaped; a fact that a template misses is a defect.
    environment = Environment(
        loader=FunctionLoader(_read),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"t": page_labels(language), "word": partial(page_word, language)}
    environment.filters |= writers(language)
    return environment
