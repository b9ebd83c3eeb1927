"""Saved views 常用视图: a page with its filter, under a name of the officer's own."""

from urllib.parse import urlsplit
from uuid import UUID

from litestar import Controller, Response, post
from litestar.params import FromPath

from backend.api.auth import Acting
from backend.api.guards import may
from backend.api.insurer_pages.forms import Sent
from backend.api.insurer_pages.reading import PAGES
from backend.api.insurer_pages.shell import back_to, sent_on
from backend.api.web import Running
from backend.domain.authority.rule import OFFICERS
from backend.domain.authority.words import Reach
from backend.domain.problems import FieldError, InvalidInput
from backend.store import saved_views

_LONGEST_NAME, _LONGEST_PAGE = 60, 40


class SavedViews(Controller):
    """Keep and forget."""

    path = "/views"

    @post("/", operation_id="keep_view", opt=may(*OFFICERS, over=Reach.OWN, page=True))
    async def keep(self, parts: Running, officer: Acting, sent: Sent) -> Response[bytes]:
        """Keep the page that the form stands on.

        Raises:
            InvalidInput: Without a name, or with one that is too long.
        """
        name, at = sent.get("name", "").strip(), parts.clock()
        seen = urlsplit(back_to(sent.get("back", PAGES)))
        if not 0 < len(name) <= _LONGEST_NAME or len(seen.path) > _LONGEST_PAGE:
            errors = [FieldError("/name", f"has 1 to {_LONGEST_NAME} characters")]
            raise InvalidInput("the view cannot be kept under this name", errors=errors)
        await parts.store.write(
            lambda connection: saved_views.keep(connection, officer.id, name, seen.path, seen.query, at)
        )
        return sent_on(seen.geturl())

    @post("/{view:uuid}/end", operation_id="forget_view", opt=may(*OFFICERS, over=Reach.OWN, page=True))
    async def forget(
        self, parts: Running, officer: Acting, sent: Sent, view: FromPath[UUID]
    ) -> Response[bytes]:
        """Forget one of one's own views."""
        await parts.store.write(lambda connection: saved_views.forget(connection, officer.id, view))
        return sent_on(sent.get("back", PAGES))
