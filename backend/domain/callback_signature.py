"""Who sent a bank's callback, and when: HMAC-SHA256 in the style of the Standard Webhooks specification.

The signature stands over ``{id}.{timestamp}.{body}`` and travels as ``v1,<base64>`` beside the id and the
timestamp. A message repeated by the sender keeps its id and gets a new timestamp and signature.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import ClassVar

from backend.domain.problems import Problem

ID_HEADER = "webhook-id"
TIMESTAMP_HEADER = "webhook-timestamp"
SIGNATURE_HEADER = "webhook-signature"
WINDOW_S = 300
"""Seconds that a callback's timestamp may lie from our clock, either way, against recordings played again."""

_LONGEST_TIMESTAMP = 12


class UnsignedCallback(Problem):
    """A callback carries no signature, or none that our shared secret makes."""

    type: ClassVar[str] = "/problems/unsigned-callback"
    status: ClassVar[HTTPStatus] = HTTPStatus.UNAUTHORIZED
    title: ClassVar[str] = "The bank's signature is missing or wrong"
    next: ClassVar[str] = "Sign the message with the secret that both sides hold, and send it again."


class StaleCallback(Problem):
    """A well signed callback is too old, or from the future: it may be a recording played again."""

    type: ClassVar[str] = "/problems/stale-callback"
    status: ClassVar[HTTPStatus] = HTTPStatus.UNAUTHORIZED
    title: ClassVar[str] = "The bank's message was signed too long ago"
    next: ClassVar[str] = "Set the sender's clock, sign the message anew and send it again."

    def __init__(self, *, off_by_s: int, window_s: int) -> None:
        super().__init__(f"signed {off_by_s} s from our clock, {window_s} s are allowed")
        self.off_by_s, self.window_s = off_by_s, window_s


def sign_callback(secret: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    """Return the value of the signature header, ``v1,<base64>``.

    Args:
        secret: What both sides hold; an empty one would let anybody sign.
        message_id: Names the message through all its repeats; no full stop, which parts the signed text.
        timestamp: Unix seconds of this sending.
        body: The exact bytes that are sent.

    Raises:
        ValueError: The secret or the id is empty, or the id holds a full stop.
    """
    if not secret:
        raise ValueError("a callback is not signed with an empty secret")
    if not message_id or "." in message_id:
        raise ValueError(f"{message_id!r} cannot name a signed message")
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode("ascii")


def callback_headers(secret: bytes, message_id: str, sent_at: datetime, body: bytes) -> dict[str, str]:
    """The three headers that go with *body*; ``sent_at`` is aware."""
    timestamp = int(sent_at.timestamp())
    return {
        ID_HEADER: message_id,
        TIMESTAMP_HEADER: str(timestamp),
        SIGNATURE_HEADER: sign_callback(secret, message_id, timestamp, body),
    }


def verify_callback(
    secret: bytes, headers: Mapping[str, str], body: bytes, *, now: datetime, window_s: int = WINDOW_S
) -> str:
    """Return the message id of a callback that the holder of *secret* sent just now.

    Args:
        secret: What both sides hold.
        headers: The request's headers; a plain dict needs lower-case names.
        body: The exact bytes that arrived.
        now: Our clock, aware.
        window_s: Seconds that the timestamp may lie before or after *now*, inclusive.

    Raises:
        UnsignedCallback: A header is missing or malformed, or no signature fits.
        StaleCallback: The signature fits and the timestamp lies outside the window.
    """
    message_id = headers.get(ID_HEADER, "")
    stamp = headers.get(TIMESTAMP_HEADER, "")
    offered = headers.get(SIGNATURE_HEADER, "")
    if not message_id or "." in message_id or not offered:
        raise UnsignedCallback(f"{ID_HEADER}, {TIMESTAMP_HEADER} and {SIGNATURE_HEADER} are needed")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= _LONGEST_TIMESTAMP):
        raise UnsignedCallback(f"{TIMESTAMP_HEADER} is not a number of seconds")

    due = sign_callback(secret, message_id, int(stamp), body).encode("ascii")
    # Several signatures, parted by spaces, arrive while the bank changes its secret; bytes are compared,
    # because compare_digest refuses text beyond ASCII, which a forger is free to send.
    if not any(hmac.compare_digest(due, one.encode("utf-8", "replace")) for one in offered.split(" ")):
        raise UnsignedCallback("no signature fits the message")

    off_by_s = abs(int(now.timestamp()) - int(stamp))
    if off_by_s > window_s:
        raise StaleCallback(off_by_s=off_by_s, window_s=window_s)
    return message_id
