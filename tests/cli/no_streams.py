"""A gateway before the server that lets no stream through, as an older server or a strict proxy does."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx

from tests.journeys.world import PLAIN


@contextmanager
def without_streams(server: str) -> Iterator[str]:
    """The gateway's address; what it was asked for besides streams is the server's to answer."""

    class Gateway(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.partition("?")[0].endswith("/stream"):
                self.send_error(404)
                return
            self._pass_on()

        def do_POST(self) -> None:
            self._pass_on()

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - as the library has it
            """Say nothing: a test's output is its own."""

        def _pass_on(self) -> None:
            content = self.rfile.read(int(self.headers.get("content-length", 0)))
            kept = ("authorization", "idempotency-key", "content-type")
            headers = {name: self.headers[name] for name in kept if name in self.headers}
            answer = httpx.request(
                self.command, server + self.path, headers=headers, content=content, timeout=30, **PLAIN
            )
            self.send_response(answer.status_code)
            self.send_header("Content-Type", answer.headers["content-type"])
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

    with ThreadingHTTPServer(("127.0.0.1", 0), Gateway) as gateway:
        serving = Thread(target=gateway.serve_forever, daemon=True)
        serving.start()
        yield f"http://127.0.0.1:{gateway.server_address[1]}"
        gateway.shutdown()
        serving.join()
