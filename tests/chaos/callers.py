"""Clients as a bad line needs them: the same request again, under the same key, until it is answered."""

from collections import Counter
from dataclasses import dataclass, field
from http import HTTPStatus
from random import Random
from threading import Event, Lock, local
from typing import Any

import httpx

from tests.journeys.world import PLAIN

_AGAIN = frozenset({HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.INSUFFICIENT_STORAGE})
_TUS = {"Tus-Resumable": "1.0.0"}
_ASK_AGAIN = _AGAIN | {
    HTTPStatus.NO_CONTENT,
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.CONFLICT,
    HTTPStatus.LOCKED,
}
_SHORTEST_WAIT_S, _LONGEST_WAIT_S = 0.05, 1.0


class StormOver(Exception):
    """The storm was over before the caller was answered."""


@dataclass(frozen=True)
class Answer:
    """The first answer that was one."""

    status: int
    body: bytes
    offset: int = -1
    """How much of an upload has arrived, where that was asked."""

    @property
    def document(self) -> Any:
        return httpx.Response(self.status, content=self.body).json()


@dataclass(frozen=True)
class Asked:
    """A request under a key and its first answer: asked again, it has to be answered the same."""

    token: str
    path: str
    key: str
    body: dict[str, Any]
    answer: Answer


@dataclass
class Tally:
    """What callers went through, and what they were promised."""

    retries: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    """Answers that nobody should ever get."""
    asked: list[Asked] = field(default_factory=list)
    numbers: dict[str, str] = field(default_factory=dict)
    """Claim number by claim id, of reports that were acknowledged."""
    photos: dict[tuple[str, str], bytes] = field(default_factory=dict)
    """Bytes by claim id and sha-256, of photos that were acknowledged."""
    lock: Lock = field(default_factory=Lock)
    over: Event = field(default_factory=Event)
    """Set once nobody waits for an answer any more."""

    def retried(self, why: str) -> None:
        with self.lock:
            self.retries[why] += 1

    def went_wrong(self, what: str) -> None:
        with self.lock:
            self.wrong.append(what)


class Caller:
    """One person's device: asks until answered, or until the storm is over."""

    def __init__(self, url: str, token: str, tally: Tally) -> None:
        self._url, self._token, self._tally = url, token, tally
        self._each = local()
        self._opened: list[httpx.Client] = []

    def close(self) -> None:
        for http in self._opened:
            http.close()

    def get(self, path: str) -> Answer:
        return self._until_answered("GET", path, {})

    def post(self, path: str, body: dict[str, Any], key: str | None = None) -> Answer:
        headers = {"Idempotency-Key": key} if key else {}
        answer = self._until_answered("POST", path, {"json": body, "headers": headers})
        if key and answer.status in {HTTPStatus.OK, HTTPStatus.CREATED}:
            with self._tally.lock:
                self._tally.asked.append(Asked(self._token, path, key, body, answer))
        return answer

    def again(self, asked: Asked) -> Answer:
        """Send a request that was answered once more."""
        return self._until_answered(
            "POST", asked.path, {"json": asked.body, "headers": {"Idempotency-Key": asked.key}}
        )

    def upload(self, url: str, photo: bytes) -> Answer:
        """Send a whole photo to the address that the manifest's answer named."""
        return self._until_answered("PUT", url, {"content": photo})

    def upload_in_parts(self, url: str, photo: bytes) -> Answer:
        """Send a photo as tus clients do: ask how much has arrived, send the rest, ask again until it is whole."""
        while True:
            arrived = self._until_answered("HEAD", url, {"headers": _TUS})
            if arrived.status != HTTPStatus.OK or arrived.offset == len(photo):
                return arrived
            part = _TUS | {
                "Upload-Offset": str(arrived.offset),
                "Content-Type": "application/offset+octet-stream",
            }
            try:
                sent = self._http.patch(url, content=photo[arrived.offset :], headers=part)
            except httpx.TransportError as broken:
                self._tally.retried(type(broken).__name__)
            else:
                if sent.status_code not in _ASK_AGAIN:
                    return Answer(sent.status_code, sent.content)
                if not sent.is_success:
                    self._tally.retried(str(sent.status_code))
            self._tally.over.wait(_SHORTEST_WAIT_S)

    def _until_answered(self, method: str, path: str, what: dict[str, Any]) -> Answer:
        wait_s = _SHORTEST_WAIT_S
        while not self._tally.over.is_set():
            try:
                response = self._http.request(method, path, **what)
            except httpx.TransportError as broken:
                self._tally.retried(type(broken).__name__)
            else:
                if response.status_code not in _AGAIN:
                    offset = int(response.headers.get("upload-offset", -1))
                    answer = Answer(response.status_code, response.content, offset)
                    if answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
                        return answer
                    self._tally.went_wrong(f"{method} {path}: {answer.status} {response.text[:300]}")
                self._tally.retried(str(response.status_code))
            self._tally.over.wait(Random().uniform(wait_s / 2, wait_s))
            wait_s = min(_LONGEST_WAIT_S, 2 * wait_s)
        raise StormOver(f"{method} {path}")

    @property
    def _http(self) -> httpx.Client:
        """A connection of each thread's own."""
        http: httpx.Client | None = getattr(self._each, "http", None)
        if http is None:
            headers = {"Authorization": f"Bearer {self._token}"}
            http = httpx.Client(base_url=f"{self._url}/api/v1", headers=headers, timeout=15, **PLAIN)
            self._each.http = http
            self._opened.append(http)
        return http
