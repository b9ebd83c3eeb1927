"""The pages' own files and the vendored ones: fixed names, compressed once, kept by browsers for a day."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from litestar import Response, get
from litestar.params import FromPath

from backend.api.guards import may
from backend.api.web import AnyRequest
from backend.domain.authority.words import Role
from backend.domain.problems import NotFound

_MEDIA = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
_FILES = {
    "page.css": "insurer/static/page.css",
    "page.js": "insurer/static/page.js",
    "views.css": "insurer/static/views.css",
    "views.js": "insurer/static/views.js",
    "charts.js": "insurer/static/charts.js",
    "icon.svg": "insurer/static/icon.svg",
    "htmx.js": "static/vendor/htmx/htmx.min.js",
    "uplot.js": "static/vendor/uplot/uPlot.iife.min.js",
    "uplot.css": "static/vendor/uplot/uPlot.min.css",
}


@dataclass(frozen=True, slots=True)
class _File:
    content: bytes
    compressed: bytes
    version: str


@cache
def _file(name: str) -> _File:
    content = (files("backend.web") / _FILES[name]).read_bytes()
    # No time of making in it: the same file is the same bytes on every server.
    compressed = gzip.compress(content, mtime=0)
    return _File(content, compressed, hashlib.sha256(content).hexdigest()[:12])


def address_of(name: str) -> str:
    """Where a page finds the file; another one when it has changed."""
    return f"/i/static/{name}?v={_file(name).version}"


@get("/static/{name:str}", opt=may(Role.PUBLIC), sync_to_thread=True)
def page_file(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """One file; it holds no secret."""
    if name not in _FILES:
        raise NotFound("file", name)
    found, headers = _file(name), {"Cache-Control": "public, max-age=86400", "Vary": "Accept-Encoding"}
    # Only what is the same for everybody is compressed: lengths of what holds a secret would tell of it.
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(
            found.compressed, media_type=_media(name), headers=headers | {"Content-Encoding": "gzip"}
        )
    return Response(found.content, media_type=_media(name), headers=headers)


def _media(name: str) -> str:
    return _MEDIA[name.rpartition(".")[2]]
