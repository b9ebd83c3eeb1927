"""A phone that sends one announced photo by tus: by whole requests, or over a line that can be cut."""

import base64
import hashlib
import select
import socket
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

from tests.journeys.world import World, eventually, key

TUS = {"Tus-Resumable": "1.0.0"}
CHUNK = TUS | {"Content-Type": "application/offset+octet-stream"}


def checksum(content: bytes, algorithm: str = "sha1") -> str:
    digest = hashlib.new(algorithm, content).digest()
    return f"{algorithm} {base64.b64encode(digest).decode()}"


@dataclass
class Upload:
    """One announced photo of a fresh claim."""

    world: World
    http: httpx.Client
    claim: str
    url: str
    photo: bytes

    @classmethod
    def announce(cls, world: World, photo: bytes, **changes: Any) -> Self:
        """Report a loss with this one photo; *changes* are made to what the manifest says of it."""
        policy = world.policy()
        http = world.farmer(policy)
        body = world.report_body(policy, [photo])
        body["photos"][0] |= changes
        answer = http.post("/claims", json=body, headers=key()).raise_for_status().json()
        return cls(world, http, answer["id"], answer["photos"][0]["upload_url"], photo)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    @property
    def sha256(self) -> str:
        return self.url.rsplit("/", 1)[1]

    def head(self) -> httpx.Response:
        return self.http.head(self.url, headers=TUS)

    def offset(self) -> int:
        return int(self.head().headers["upload-offset"])

    def send(self, start: int, end: int | None = None, **headers: str) -> httpx.Response:
        """PATCH the photo's bytes from *start* to *end*; header names are written with underscores."""
        return self.patch(self.photo[start:end], start, **headers)

    def patch(self, content: Any, offset: int, **headers: str) -> httpx.Response:
        extra = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.patch(
            self.url, content=content, headers=CHUNK | {"Upload-Offset": str(offset)} | extra
        )

    def is_received(self) -> bool:
        return bool(self.world.show(self.claim)["photos"][0]["received"])

    def original(self) -> bytes:
        """What the insurer sees."""
        answer = self.world.officer("insurer").http.get(f"/claims/{self.claim}/photos/{self.sha256}")
        return answer.raise_for_status().content

    def wait_for(self, offset: int) -> None:
        """Until the server says that it has this many bytes."""
        eventually(lambda: self.offset() >= offset, 5.0, f"offset {offset}")


class Line:
    """A connection on which a PATCH has begun, and can be cut anywhere."""

    def __init__(
        self, upload: Upload, offset: int, length: int | None = None, *, url: str = "", **headers: str
    ) -> None:
        parts = urlsplit(url or upload.url)
        announced = len(upload.photo) - offset if length is None else length
        lines = CHUNK | {
            "Host": parts.netloc,
            "Authorization": upload.http.headers["Authorization"],
            "Upload-Offset": str(offset),
            "Content-Length": str(announced),
        }
        lines |= {name.replace("_", "-"): value for name, value in headers.items()}
        head = "\r\n".join([f"PATCH {parts.path} HTTP/1.1", *(f"{k}: {v}" for k, v in lines.items()), "", ""])
        self._socket = socket.create_connection((parts.hostname, parts.port or 0), timeout=20)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(head.encode())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()

    def send(self, content: bytes) -> None:
        self._socket.sendall(content)

    def cut(self) -> None:
        self._socket.close()

    def has_answer(self, within_s: float = 0.05) -> bool:
        """Whether the server has begun to answer, waiting this long for it."""
        return bool(select.select([self._socket], [], [], within_s)[0])

    def status(self) -> int:
        """Of the answer, once it has come."""
        said = b""
        while b"\r\n\r\n" not in said and (piece := self._socket.recv(65_536)):
            said += piece
        return int(said.split(b" ", 2)[1])
