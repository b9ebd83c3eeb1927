"""The webhook against a real receiver: signed so that others can verify it, and closed to private addresses."""

import base64
import hashlib
import hmac
import io
import ipaddress
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from backend.adapters.notices import (
    ConsoleNotices,
    Notice,
    NoticeRefused,
    Notices,
    NoticeUndelivered,
    Occasion,
    ReceiverResting,
)
from backend.adapters.public_addresses import PrivateAddress, is_public
from backend.adapters.signed_post import read_secrets
from backend.adapters.sms import SmsFile
from backend.adapters.webhook import WebhookNotices

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
OLD, NEW = bytes(range(24)), bytes(range(24, 56))
HOSTILE = '猪 "}\n{"admin":true}\u202e 😀'


def a_notice(**changes: str) -> Notice:
    plain = {"to": "+8613912345678", "claim_number": "FC-20261123-0001", "language": "zh", "text": HOSTILE}
    occasion = Occasion("claim.payout_confirmed", NOW, {"state": "PAID"})
    return Notice(**{**plain, "key": "msg-1", **changes}, occasion=occasion)


@dataclass
class Receiver:
    """Answers with the statuses in turn, then 204; keeps what it was sent."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    told = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            told.heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(told.statuses.pop(0) if told.statuses else 204)
            self.send_header("Retry-After", "7")
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        told.url = f"http://127.0.0.1:{server.server_port}/hook"
        Thread(target=server.serve_forever, daemon=True).start()
        yield told
        server.shutdown()


@pytest.fixture
def webhook(receiver: Receiver) -> Iterator[WebhookNotices]:
    hook = WebhookNotices(receiver.url, [NEW, OLD], lambda: NOW, allow_private=True)
    yield hook
    hook.close()


def test_a_receiver_verifies_both_secrets_with_nothing_of_ours(
    webhook: WebhookNotices, receiver: Receiver
) -> None:
    webhook.send(a_notice())

    [(headers, body)] = receiver.heard
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    for secret in (OLD, NEW):
        due = "v1," + base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
        assert due in headers["webhook-signature"].split(" ")
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))


def test_the_body_is_a_cloud_event_whose_text_cannot_break_out(
    webhook: WebhookNotices, receiver: Receiver
) -> None:
    webhook.send(a_notice())

    [(headers, body)] = receiver.heard
    event = json.loads(body)
    assert headers["content-type"].startswith("application/cloudevents+json")
    assert (event["specversion"], event["type"]) == ("1.0", "flashclaim.claim.payout_confirmed")
    assert (event["id"], event["subject"]) == ("msg-1", "FC-20261123-0001")
    assert event["time"] == event["timestamp"] == "2026-11-23T02:00:00.000000+00:00"
    assert event["data"]["text"] == HOSTILE
    assert "admin" not in event["data"]


@pytest.mark.parametrize("status", [302, 400, 404, 500])
def test_anything_but_success_may_be_tried_again_under_the_same_id(
    webhook: WebhookNotices, receiver: Receiver, status: int
) -> None:
    receiver.statuses = [status]

    with pytest.raises(NoticeUndelivered, match=str(status)):
        webhook.send(a_notice())
    webhook.send(a_notice())

    assert [headers["webhook-id"] for headers, _ in receiver.heard] == ["msg-1", "msg-1"]


def test_a_receiver_may_say_when_to_come_again_or_never(webhook: WebhookNotices, receiver: Receiver) -> None:
    receiver.statuses = [429, 410]

    with pytest.raises(NoticeUndelivered) as throttled:
        webhook.send(a_notice())
    with pytest.raises(NoticeRefused, match="410"):
        webhook.send(a_notice())

    assert throttled.value.wait == timedelta(seconds=7)


def test_a_receiver_that_is_away_is_left_alone_for_a_while() -> None:
    webhook = WebhookNotices("http://127.0.0.1:9/", [NEW], lambda: NOW, allow_private=True)

    with pytest.raises(NoticeUndelivered, match="no answer"):
        webhook.send(a_notice())
    with pytest.raises(ReceiverResting) as resting:
        webhook.send(a_notice())

    assert resting.value.wait is not None
    assert resting.value.wait <= timedelta(seconds=15)


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "localhost", "0.0.0.0"])
def test_a_private_address_is_refused_before_anything_is_sent(receiver: Receiver, host: str) -> None:
    url = receiver.url.replace("127.0.0.1", host)

    with pytest.raises(PrivateAddress, match="ALLOW_PRIVATE"):
        WebhookNotices(url, [NEW], lambda: NOW).send(a_notice())

    assert receiver.heard == []


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("10.0.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::1", False),
    ],
)
def test_what_the_internet_cannot_reach_is_private(address: str, *, public: bool) -> None:
    assert is_public(ipaddress.ip_address(address)) is public


@pytest.mark.parametrize(
    "text", ["", "whsec_AAAA", "c2VjcmV0", "whsec_c2VjcmV0", "whsec_%%%", "whsec_" + "A" * 100]
)
def test_a_weak_or_malformed_secret_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(ValueError, match="secret") as refused:
        read_secrets(text)

    assert not text or text not in str(refused.value)


def test_two_secrets_are_read_while_one_is_replaced() -> None:
    text = " ".join("whsec_" + base64.b64encode(one).decode() for one in (NEW, OLD))

    assert read_secrets(f"{text}\n") == (NEW, OLD)


@pytest.mark.parametrize("way", ["console", "webhook", "sms"])
def test_every_channel_takes_hostile_words_and_repeats(
    way: str, webhook: WebhookNotices, receiver: Receiver, tmp_path: Path
) -> None:
    stream, file = io.StringIO(), tmp_path / "sms.jsonl"
    ways: dict[str, Notices] = {"console": ConsoleNotices(stream), "webhook": webhook, "sms": SmsFile(file)}

    for _ in range(2):
        ways[way].send(a_notice())

    arrived = {
        "console": lambda: stream.getvalue().splitlines(),
        "webhook": lambda: receiver.heard,
        "sms": lambda: [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()],
    }[way]()
    assert len(arrived) == 2
    assert way != "sms" or ("".join(arrived[0]["parts"]) == HOSTILE and file.stat().st_mode & 0o077 == 0)


def test_the_stub_refuses_what_is_no_number_and_waits_for_a_folder(tmp_path: Path) -> None:
    with pytest.raises(NoticeRefused, match="international form"):
        SmsFile(tmp_path / "sms.jsonl").send(a_notice(to="farm-1"))
    with pytest.raises(NoticeUndelivered, match="cannot be written"):
        SmsFile(tmp_path / "no folder" / "sms.jsonl").send(a_notice())
