"""The farmer's phone page 农户手机页 at ``/f``: a few static files, which speak to ``/api/v1`` as any client does."""

import asyncio
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from litestar import Response, get
from litestar.params import FromPath

from backend.api.guards import may
from backend.api.headers import may_run
from backend.api.page_files import PageFile
from backend.api.web import AnyRequest
from backend.domain.authority.words import Role
from backend.domain.problems import NotFound
from backend.size_bands.load import size_pictures
from backend.texts.farmer_page import first_words, later_words
from backend.texts.load import Language

PAGE = "/f"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PERMISSIONS = "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()"
SHELL = "index.html"
WORKERS = ("sw.js", "offline.js")
VENDORED = {"jsqr.js": "static/vendor/jsqr/jsQR.js"}
"""Files from elsewhere that are fetched at a tap alone: no part of what the worker keeps, nor of the first load."""
RUNS = (SHELL, *WORKERS)
"""What a browser asks for its policy: pages and workers. Modules run under theirs, and would say it a dozen times."""
_WORKER_LISTS = b"/* FILES */"
_MEDIA = {
    "html": "text/html",
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
    "png": "image/png",
    "webmanifest": "application/manifest+json",
}


@cache
def page_files() -> Mapping[str, bytes]:
    """Every file of the page by name, with the words and the list of pictures written as modules of their own."""
    folder = files("backend.web") / "farmer"
    read = {one.name: one.read_bytes() for one in folder.iterdir() if one.name.rpartition(".")[2] in _MEDIA}
    read |= {f"words.{language}.js": _module(first_words(language)) for language in Language}
    read |= {f"more-words.{language}.js": _module(later_words(language)) for language in Language}
    read["bands.js"] = _module(_bands())
    # Named by what it lists: a phone that finds another worker fetches what has changed, and nothing else.
    version = hashlib.sha256(b"".join(read[name] for name in sorted(read))).hexdigest()[:16]
    listed = json.dumps({"version": version, "files": sorted(read.keys() - {*WORKERS, SHELL})})
    offline = WORKERS[-1]
    read[offline] = read[offline].replace(_WORKER_LISTS, f"const PAGE = {listed};".encode())
    return read


def pressed(name: str) -> PageFile:
    """One file as it leaves.

    Raises:
        NotFound: There is none of this name.
    """
    if name in VENDORED:
        return _vendored(name)
    if name not in page_files():
        raise NotFound("file of the page", name)
    return _pressed(name)


@cache
def _pressed(name: str) -> PageFile:
    return PageFile.pressed(page_files()[name], _MEDIA[name.rpartition(".")[2]])


@cache
def _vendored(name: str) -> PageFile:
    content = files("backend.web").joinpath(VENDORED[name]).read_bytes()
    return PageFile.pressed(content, _MEDIA[name.rpartition(".")[2]])


@get([PAGE, f"{PAGE}/c/{{wanted:str}}"], opt=may(Role.PUBLIC), include_in_schema=False)
async def farmer_shell(request: AnyRequest) -> Response[bytes]:
    """The page; which of its screens is shown, the page itself decides by its address."""
    return await _page_file(request, SHELL)


@get(f"{PAGE}/{{name:str}}", opt=may(Role.PUBLIC), include_in_schema=False)
async def farmer_file(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """One of its files."""
    return await _page_file(request, name)


FARMER_PAGE = (farmer_shell, farmer_file)


async def _page_file(request: AnyRequest, name: str) -> Response[bytes]:
    # Each pressed by the first who asks for it, off the event loop: all at once were seconds for the first phone.
    found = await asyncio.to_thread(pressed, name)
    if name in RUNS:
        may_run(request, POLICY)
    headers = {"Permissions-Policy": PERMISSIONS}
    if name in WORKERS:
        # The page is /f and its workers lie below it: without this word they would not reach the page.
        headers["Service-Worker-Allowed"] = PAGE
    return found.answer(request, headers)


def _module(content: object) -> bytes:
    written = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return f"export default {written};\n".encode()


def _bands() -> list[dict[str, object]]:
    return [
        {
            "code": one.band.code,
            "species": one.species,
            "kg": str(one.weight_kg),
            **{language.value: one.words(language) for language in Language},
        }
        for one in size_pictures()
    ]
