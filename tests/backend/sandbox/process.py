"""A real sandbox bank in its own process, and a real payer's door that hears its callbacks."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import httpx

from backend.adapters.bank_notice import BankNotice, read_notice
from backend.domain.money import Money
from tests.journeys.signing_in import PLAIN

SECRET = "a-secret-that-only-tests-know"
PATIENCE_S = 15.0


class BankProcess:
    """``flashclaim sandbox bank`` on a free port of loopback, stopped by its own process id."""

    def __init__(self, *options: str) -> None:
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "from cli.sandbox import app; app()",
                "bank",
                "--secret",
                SECRET,
                *options,
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(self._process.communicate()[1])
        self.url: str = json.loads(line)["url"]

    def switch(self, **switches: object) -> None:
        httpx.post(f"{self.url}/switches", json=switches, **PLAIN).raise_for_status()

    def know_account(self, account: str, holder: str) -> None:
        body = {"account": account, "holder": holder}
        httpx.post(f"{self.url}/accounts", json=body, **PLAIN).raise_for_status()

    def transfers(self, state: str | None = None) -> list[dict[str, Any]]:
        params = {} if state is None else {"state": state}
        answer = httpx.get(f"{self.url}/transfers", params=params, **PLAIN).raise_for_status()
        listed: list[dict[str, Any]] = answer.json()["transfers"]
        return listed

    def sent_to(self, account: str) -> list[Money]:
        return [Money.parse(one["amount"]) for one in self.transfers() if one["account"] == account]

    def kill(self) -> None:
        """End the process at once, as a power cut does."""
        self._process.kill()
        self._process.communicate(timeout=PATIENCE_S)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ask the process to end; return its exit code."""
        self._process.send_signal(how)
        self._process.communicate(timeout=PATIENCE_S)
        return self._process.returncode


@contextmanager
def running_bank(*options: str) -> Iterator[BankProcess]:
    bank = BankProcess(*options)
    try:
        yield bank
    finally:
        bank.kill()


class PayersDoor:
    """Hears callbacks: headers and bytes as they came, the first ``deaf_times`` answered with 503."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.deaf_times = 0
        self.heard: list[tuple[dict[str, str], bytes]] = []

    @property
    def notices(self) -> list[BankNotice]:
        return [read_notice(body) for _, body in self.heard]


@contextmanager
def payers_door() -> Iterator[PayersDoor]:
    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            is_deaf = door.deaf_times > 0
            door.deaf_times -= is_deaf
            if not is_deaf:
                door.heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(503 if is_deaf else 204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    class Server(HTTPServer):
        request_queue_size = 64

    with Server(("127.0.0.1", 0), Door) as server:
        door = PayersDoor(f"http://127.0.0.1:{server.server_port}/callbacks")
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield door
        finally:
            server.shutdown()
            thread.join()


def eventually(fact: Callable[[], bool]) -> None:
    """Wait until *fact* holds."""
    until = time.monotonic() + PATIENCE_S
    while not fact():
        assert time.monotonic() < until, "it never came true"
        time.sleep(0.02)
