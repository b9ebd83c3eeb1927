"""An insurer's own system for tests: a real receiver on loopback that verifies what it is sent as others would."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any

from standardwebhooks import Webhook


@dataclass
class Receiver:
    """Answers with the statuses in turn, then ``always``; keeps what it was sent.

    Events whose type ends in one that it ``refuses`` are answered with 422.
    ``most_at_once`` is how many requests it ever had in hand together. With ``holds`` it answers nothing until told.
    """

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    always: int = 204
    refuses: frozenset[str] = frozenset()
    holds: Event = field(default_factory=Event)
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    in_hand: int = 0
    most_at_once: int = 0

    def __post_init__(self) -> None:
        self.holds.set()

    @property
    def events(self) -> list[dict[str, Any]]:
        """Bodies in the order in which they came."""
        return [json.loads(body) for _, body in self.heard]

    def verified(self, secret: str) -> list[dict[str, Any]]:
        """As ``events``, each verified by the specification's own library.

        Raises:
            WebhookVerificationError: One was not signed with this secret.
        """
        library = Webhook(secret)
        return [dict(library.verify(body, headers)) for headers, body in self.heard]


@contextmanager
def a_receiver() -> Iterator[Receiver]:
    """Listening on a free port until the context ends."""
    told, lock = Receiver(), Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            with lock:
                told.in_hand += 1
                told.most_at_once = max(told.most_at_once, told.in_hand)
                told.heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
                status = told.statuses.pop(0) if told.statuses else told.always
                if json.loads(body)["type"].rsplit(".", 1)[-1] in told.refuses:
                    status = 422
            told.holds.wait(30)
            with lock:
                told.in_hand -= 1
            self.send_response(status)
            if status != 204:
                self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        told.url = f"http://127.0.0.1:{server.server_port}/hook"
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield told
        finally:
            told.holds.set()
            server.shutdown()
