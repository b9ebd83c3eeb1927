"""Files of a web page, pressed once for slow lines and sent again only when they have changed."""

import gzip
import hashlib
from dataclasses import dataclass
from http import HTTPStatus

import brotli
from litestar import Response

from backend.api.web import AnyRequest

REVALIDATED = "no-cache"
"""A browser keeps the file and asks each time whether it is still the one: an answer of a few bytes."""


@dataclass(frozen=True, slots=True)
class PageFile:
    """One file in the three forms in which it may leave."""

    media_type: str
    plain: bytes
    gzipped: bytes
    brotli: bytes
    tag: str

    @classmethod
    def pressed(cls, content: bytes, media_type: str) -> "PageFile":
        """As small as it gets: it is done once, and read on lines where every byte is a millisecond."""
        return cls(
            media_type=media_type,
            plain=content,
            gzipped=gzip.compress(content, 9, mtime=0),
            brotli=brotli.compress(content, quality=11),
            tag=hashlib.sha256(content).hexdigest()[:16],
        )

    def answer(self, request: AnyRequest, headers: dict[str, str] | None = None) -> Response[bytes]:
        """The file for this browser, or that it has it already."""
        encoding = self._encoding(request.headers.get("accept-encoding", ""))
        # Each form is a file of its own to caches on the way.
        tag = f'"{self.tag}-{encoding}"'
        said = {"Cache-Control": REVALIDATED, "ETag": tag, "Vary": "Accept-Encoding"} | (headers or {})
        if tag in (one.strip() for one in request.headers.get("if-none-match", "").split(",")):
            return Response(
                b"", status_code=HTTPStatus.NOT_MODIFIED, headers=said, media_type=self.media_type
            )
        content = {"br": self.brotli, "gzip": self.gzipped}.get(encoding, self.plain)
        if encoding != "identity":
            said["Content-Encoding"] = encoding
        return Response(content, headers=said, media_type=self.media_type)

    def _encoding(self, accepted: str) -> str:
        names = {
            part.partition(";")[0].strip() for part in accepted.split(",") if "q=0" not in part.split(";")[1:]
        }
        # A picture is pressed already.
        if len(self.gzipped) >= len(self.plain):
            return "identity"
        return next((one for one in ("br", "gzip") if one in names), "identity")
