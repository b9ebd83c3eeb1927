"""How a test comes to the pages: as ``flashclaim web`` does, with a link that a browser spends."""

from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser

import httpx

from tests.journeys.papers import OfficerClient
from tests.journeys.signing_in import LASTING
from tests.journeys.world import PLAIN, World


def a_link(officer: OfficerClient) -> str:
    """A one-time link's path, for this officer."""
    answer = officer.http.post("/sessions/page-links")
    return str(answer.raise_for_status().json()["path"])


@contextmanager
def signed_in(
    world: World, lane: str = "insurer", place: int = 1, language: str = "en"
) -> Iterator[httpx.Client]:
    """A browser without scripts in which this officer is signed in."""
    with a_browser(world, language) as browser:
        entered = browser.get(a_link(world.officer(lane, place)))
        assert entered.status_code == 303, entered.text
        yield browser


def a_browser(world: World, language: str = "en") -> httpx.Client:
    """A browser without scripts in which nobody is signed in."""
    return httpx.Client(
        base_url=world.url, headers={"Accept-Language": language}, timeout=30, limits=LASTING, **PLAIN
    )


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "input" and said.get("name"):
            self.fields[str(said["name"])] = said.get("value") or ""

    def handle_data(self, text: str) -> None:
        if text.strip():
            self.texts.append(" ".join(text.split()))


def texts(answer: httpx.Response) -> str:
    """What a reader sees of a page, one piece of text a line."""
    return "\n".join(_read(answer).texts)


def form_token(answer: httpx.Response) -> str:
    """What the page's forms carry."""
    return _read(answer).fields["form_token"]


def _read(answer: httpx.Response) -> _Reader:
    reader = _Reader()
    reader.feed(answer.text)
    return reader
