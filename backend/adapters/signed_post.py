"""One HTTP POST after Standard Webhooks 1.0.0: signed under an id that repeats keep, to public addresses alone."""

import base64
import binascii
import secrets as random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

import httpcore

from backend.adapters.public_addresses import PublicNetwork
from backend.domain.callback_signature import ID_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER, sign_callback
from backend.domain.webhooks.retries import LONGEST_ASKED_WAIT

SECRET_PREFIX = "whsec_"  # noqa: S105 - what every secret of the specification begins with
CLOUD_EVENTS = "application/cloudevents+json; charset=utf-8"
_SHORTEST_SECRET, _LONGEST_SECRET, _OUR_SECRET = 24, 64, 32
"""Bytes (specification, signature scheme)."""
CONNECT_S, ANSWER_S = 3.0, 15.0
_THROTTLED = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}


class NoAnswer(Exception):
    """The line broke, or nobody answered in time."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A receiver's status, and how long it asked to be left alone. Its body is nobody's word and is left unread."""

    status: int
    wait: timedelta | None

    @property
    def is_success(self) -> bool:
        """2xx; a redirect is not followed, and is a failure."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES


def read_secrets(text: str) -> tuple[bytes, ...]:
    """The signing secrets in *text*, parted by white space; while one is replaced both sign.

    Raises:
        ValueError: None is there, or one is no ``whsec_`` and base64 of 24 to 64 bytes. The words leave it out.
    """
    found = []
    for place, one in enumerate(text.split(), start=1):
        try:
            secret = base64.b64decode(one.removeprefix(SECRET_PREFIX), validate=True)
        except binascii.Error:
            secret = b""
        if not one.startswith(SECRET_PREFIX) or not _SHORTEST_SECRET <= len(secret) <= _LONGEST_SECRET:
            raise ValueError(f"secret {place} is not {SECRET_PREFIX} and base64 of 24 to 64 bytes")
        found.append(secret)
    if not found:
        raise ValueError("there is no secret")
    return tuple(found)


def new_secret() -> bytes:
    """A signing secret of 256 random bits."""
    return random.token_bytes(_OUR_SECRET)


def said_secret(secret: bytes) -> str:
    """A secret as receivers are told it, and as their libraries read it."""
    return SECRET_PREFIX + base64.b64encode(secret).decode()


class SignedPosts:
    """Posts to any address; one instance serves many threads."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        *,
        allow_private: bool = False,
        answer_timeout_s: float = ANSWER_S,
    ) -> None:
        """Prepare; nothing is sent yet.

        Args:
            clock: The moment of a sending, aware; receivers allow it to be minutes off theirs.
            allow_private: Whether an address may be one that the internet cannot reach.
            answer_timeout_s: Longest silence of a receiver.
        """
        self._clock = clock
        self._timeout = {
            "connect": CONNECT_S,
            "pool": CONNECT_S,
            "read": answer_timeout_s,
            "write": answer_timeout_s,
        }
        self._pool = httpcore.ConnectionPool(
            network_backend=PublicNetwork(allow_private=allow_private),
            max_connections=64,
            keepalive_expiry=2.0,
        )

    def close(self) -> None:
        """Close the idle connections."""
        self._pool.close()

    def post(self, url: str, secrets: Sequence[bytes], message_id: str, body: bytes) -> Answer:
        """Send *body* to *url*, signed with each of the secrets; redirects are not followed.

        Args:
            url: Where to.
            secrets: See ``read_secrets``.
            message_id: The same for every repeat of the message.
            body: A CloudEvent.

        Raises:
            NoAnswer: No connection, or no answer in time.
            PrivateAddress: The host leads to an address that the internet cannot reach.
        """
        headers = self._headers(secrets, message_id, body)
        extensions = {"timeout": self._timeout}
        try:
            with self._pool.stream(
                "POST", url, headers=list(headers.items()), content=body, extensions=extensions
            ) as answer:
                said = {name.lower(): value for name, value in answer.headers}
                if answer.status == HTTPStatus.NO_CONTENT or said.get(b"content-length") == b"0":
                    # Nothing can come: the line is kept for the next message.
                    answer.read()
                asked = said.get(b"retry-after", b"") if answer.status in _THROTTLED else b""
                return Answer(answer.status, _seconds(asked))
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as failure:
            raise NoAnswer(str(failure) or type(failure).__name__) from failure

    def _headers(self, secrets: Sequence[bytes], message_id: str, body: bytes) -> dict[str, str]:
        # The signed text is parted by full stops: none may stand in the id.
        message_id, timestamp = message_id.replace(".", "-"), int(self._clock().timestamp())
        signatures = (sign_callback(secret, message_id, timestamp, body) for secret in secrets)
        return {
            ID_HEADER: message_id,
            TIMESTAMP_HEADER: str(timestamp),
            SIGNATURE_HEADER: " ".join(signatures),
            "content-type": CLOUD_EVENTS,
            "user-agent": "flashclaim",
        }


def _seconds(asked: bytes) -> timedelta | None:
    """``Retry-After`` in seconds, at most an hour; a date is not read."""
    if not asked.isdigit() or len(asked) > len("86400"):
        return None
    return min(timedelta(seconds=int(asked)), LONGEST_ASKED_WAIT)
