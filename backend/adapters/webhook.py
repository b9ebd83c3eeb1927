"""Notices as Standard Webhooks 1.0.0: signed, under an id that repeats keep, with a CloudEvents 1.0 body."""

import base64
import binascii
import json
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus

import httpcore

from backend.adapters.notices import Notice, NoticeRefused, NoticeUndelivered, ReceiverResting
from backend.adapters.public_addresses import PublicNetwork
from backend.domain.callback_signature import ID_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER, sign_callback
from backend.domain.plain import moment

SECRET_PREFIX = "whsec_"  # noqa: S105 - what every secret of the specification begins with
_SHORTEST_SECRET, _LONGEST_SECRET = 24, 64
"""Bytes (specification, signature scheme)."""
_REST = timedelta(seconds=15)
_LONGEST_ASKED_WAIT = timedelta(hours=1)
_CONNECT_S, _ANSWER_S = 3.0, 15.0
_SUCCESS = range(200, 300)
_THROTTLED = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}


def read_secrets(text: str) -> tuple[bytes, ...]:
    """The signing secrets in *text*, parted by white space; while one is replaced both sign.

    Raises:
        ValueError: None is there, or one is no ``whsec_`` and base64 of 24 to 64 bytes. The words leave it out.
    """
    secrets = []
    for place, one in enumerate(text.split(), start=1):
        try:
            secret = base64.b64decode(one.removeprefix(SECRET_PREFIX), validate=True)
        except binascii.Error:
            secret = b""
        if not one.startswith(SECRET_PREFIX) or not _SHORTEST_SECRET <= len(secret) <= _LONGEST_SECRET:
            raise ValueError(f"secret {place} is not {SECRET_PREFIX} and base64 of 24 to 64 bytes")
        secrets.append(secret)
    if not secrets:
        raise ValueError("there is no secret")
    return tuple(secrets)


class WebhookNotices:
    """Posts each notice to one address; one instance serves many threads."""

    def __init__(
        self,
        url: str,
        secrets: Sequence[bytes],
        clock: Callable[[], datetime],
        *,
        allow_private: bool = False,
        source: str = "/flashclaim",
        answer_timeout_s: float = _ANSWER_S,
        rest: timedelta = _REST,
    ) -> None:
        """Prepare; nothing is sent yet.

        Args:
            url: Where to, https; redirects are not followed.
            secrets: See ``read_secrets``.
            clock: The moment of a sending, aware; receivers allow it to be minutes off theirs.
            allow_private: Whether the address may be one that the internet cannot reach.
            source: Which installation this is, a URI reference.
            answer_timeout_s: Longest silence of the receiver.
            rest: How long it is left alone after it failed.
        """
        self._url = url
        self._secrets = tuple(secrets)
        self._clock = clock
        self._source = source
        self._timeout = {
            "connect": _CONNECT_S,
            "pool": _CONNECT_S,
            "read": answer_timeout_s,
            "write": answer_timeout_s,
        }
        self._rest_s = rest.total_seconds()
        self._rests_until = 0.0
        self._pool = httpcore.ConnectionPool(
            network_backend=PublicNetwork(allow_private=allow_private), keepalive_expiry=2.0
        )

    def close(self) -> None:
        """Close the idle connections."""
        self._pool.close()

    def send(self, notice: Notice) -> None:
        """See ``Notices.send``.

        A receiver that fails is left alone for a while: one that hangs would otherwise keep every thread of the worker
        from payouts.

        Raises:
            NoticeUndelivered: No connection, no answer in time, or anything but 2xx.
            NoticeRefused: 410 Gone, or the address is private.
        """
        left_s = self._rests_until - time.monotonic()
        if left_s > 0:
            raise ReceiverResting("the receiver failed a moment ago", wait=timedelta(seconds=left_s))
        body = cloud_event(notice, self._source)
        try:
            status, asked_wait = self._post(body, self._headers(notice, body))
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as failure:
            self._rests_until = time.monotonic() + self._rest_s
            raise NoticeUndelivered(f"no answer: {failure or type(failure).__name__}") from failure
        if status in _SUCCESS:
            return
        if status == HTTPStatus.GONE:
            raise NoticeRefused("the receiver answered 410: it wants no more of them")
        raise NoticeUndelivered(f"the receiver answered {status}", wait=asked_wait)

    def _headers(self, notice: Notice, body: bytes) -> dict[str, str]:
        # The signed text is parted by full stops: none may stand in the id.
        message_id, timestamp = notice.key.replace(".", "-"), int(self._clock().timestamp())
        signatures = (sign_callback(secret, message_id, timestamp, body) for secret in self._secrets)
        return {
            ID_HEADER: message_id,
            TIMESTAMP_HEADER: str(timestamp),
            SIGNATURE_HEADER: " ".join(signatures),
            "content-type": "application/cloudevents+json; charset=utf-8",
            "user-agent": "flashclaim",
        }

    def _post(self, body: bytes, headers: dict[str, str]) -> tuple[int, timedelta | None]:
        """Status and asked wait. The answer's body is left unread: it is nobody's word and may have no end."""
        extensions = {"timeout": self._timeout}
        with self._pool.stream(
            "POST", self._url, headers=list(headers.items()), content=body, extensions=extensions
        ) as answer:
            said = {name.lower(): value for name, value in answer.headers}
            wait = _seconds(said.get(b"retry-after", b"")) if answer.status in _THROTTLED else None
            return answer.status, wait


def cloud_event(notice: Notice, source: str) -> bytes:
    """The body: a CloudEvent, with the ``timestamp`` that Standard Webhooks asks for beside its ``time``."""
    occasion = notice.occasion
    told = {"claim_number": notice.claim_number, "to": notice.to, "language": notice.language}
    event = {
        "specversion": "1.0",
        "id": notice.key,
        "source": source,
        "type": f"flashclaim.{occasion.type if occasion else 'notice'}",
        "datacontenttype": "application/json",
        "data": {**(occasion.facts if occasion else {}), **told, "text": notice.text},
    }
    if notice.claim_number:
        event["subject"] = notice.claim_number
    if occasion:
        event |= {"time": moment(occasion.at), "timestamp": moment(occasion.at)}
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _seconds(asked: bytes) -> timedelta | None:
    """``Retry-After`` in seconds, at most an hour; a date is not read."""
    if not asked.isdigit() or len(asked) > len("86400"):
        return None
    return min(timedelta(seconds=int(asked)), _LONGEST_ASKED_WAIT)
