"""Refusals around the insurer's pages: how one comes in, and what one may send."""

from http import HTTPStatus

from backend.domain.problems import NotAllowed, NotSignedIn, RefusedByRule


class PageLinkOver(NotSignedIn):
    """A one-time link was used, is too old, or its session has ended."""

    type = "/problems/page-link-over"
    title = "This link is good no more"
    next = "Ask for a new one: flashclaim web. It opens a page once, within a minute."


class FormNotOurs(NotAllowed):
    """What was sent did not come from a page that this session was shown."""

    type = "/problems/form-not-ours"
    title = "This did not come from our page"
    next = "Load the page again and send it from there."


class ViewsFull(RefusedByRule):
    """An officer keeps more views than a list can hold."""

    type = "/problems/views-full"
    status = HTTPStatus.CONFLICT
    title = "You keep as many views as there is room for"
    next = "Remove one that you use no more, then save this one."
