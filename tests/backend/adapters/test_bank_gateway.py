"""Answers outside the agreed format: nothing may be concluded from them, least of all "unknown, send again"."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from uuid import UUID

import pytest

from backend.adapters.bank import BankAnswerUnusable, BankKeyConflict, BankUnanswered, Transfer
from backend.adapters.bank_gateway import HttpBank
from backend.domain.ids import PayoutId
from backend.domain.money import Money

KEY = PayoutId(UUID("6f2d3c1e-8a55-5d0b-9a54-3f0f4c0d7a11"))
TRANSFER = Transfer(KEY, Money.parse("525.00"), "Zhang San", "6222", "FC-20261123-0042/1")
GOOD = {
    "key": str(KEY),
    "reference": TRANSFER.reference,
    "state": "ACCEPTED",
    "bank_reference": "B1",
    "amount": "525.00",
    "reason": None,
    "settled_at": None,
}


@contextmanager
def bank_that_answers(status: int, body: bytes) -> Iterator[HttpBank]:
    class Answer(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = answer  # noqa: N815 - the names that http.server calls

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            with HttpBank(f"http://127.0.0.1:{server.server_port}", "token") as bank:
                yield bank
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>welcome</html>",
        b"\xff\xfe",
        b"[]",
        json.dumps(GOOD | {"state": "DONE"}).encode(),
        json.dumps(GOOD | {"state": "UNKNOWN_TRANSFER"}).encode(),
        json.dumps(GOOD | {"state": "SETTLED"}).encode(),
        json.dumps(GOOD | {"state": "SETTLED", "settled_at": "2026-11-23T10:00:00"}).encode(),
        json.dumps(GOOD | {"state": "REFUSED"}).encode(),
        json.dumps(GOOD | {"amount": "5250.00"}).encode(),
        json.dumps(GOOD | {"amount": 525}).encode(),
        json.dumps(GOOD | {"key": "00000000-0000-0000-0000-000000000000"}).encode(),
    ],
)
def test_an_answer_that_is_not_about_this_transfer_is_unusable(body: bytes) -> None:
    with bank_that_answers(200, body) as bank, pytest.raises(BankAnswerUnusable):
        bank.send(TRANSFER)


@pytest.mark.parametrize("status", [204, 302, 400, 401, 403, 404])
def test_a_status_that_was_not_agreed_is_unusable(status: int) -> None:
    with bank_that_answers(status, b"") as bank, pytest.raises(BankAnswerUnusable):
        bank.send(TRANSFER)


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_failing_or_busy_bank_leaves_everybody_unsure(status: int) -> None:
    with bank_that_answers(status, b"") as bank, pytest.raises(BankUnanswered):
        bank.send(TRANSFER)


def test_a_conflict_is_no_refusal_because_the_first_transfer_stands() -> None:
    with bank_that_answers(409, b"") as bank, pytest.raises(BankKeyConflict):
        bank.send(TRANSFER)


def test_a_bare_404_does_not_say_that_the_transfer_is_unknown() -> None:
    with bank_that_answers(404, b"<html>no such page</html>") as bank, pytest.raises(BankAnswerUnusable):
        bank.ask(KEY, TRANSFER.reference)


def test_an_answer_about_another_transfer_is_unusable() -> None:
    other = GOOD | {"key": "00000000-0000-0000-0000-000000000000", "reference": "FC-20261123-0043/1"}

    with (
        bank_that_answers(200, json.dumps(other).encode()) as bank,
        pytest.raises(BankAnswerUnusable, match="answered about"),
    ):
        bank.ask(KEY, TRANSFER.reference)
