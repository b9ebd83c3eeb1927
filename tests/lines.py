"""A bad line: a loopback proxy that cuts a connection after so many bytes towards the server."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from urllib.parse import urlsplit, urlunsplit

FOREVER = 1 << 40


class BadLine:
    """Carries connections one after another; each is cut once *cuts* says so, later ones are whole."""

    def __init__(self, server: str, cuts: list[int]) -> None:
        parts = urlsplit(server)
        self._server = (parts.hostname, parts.port or 0)
        self._cuts = list(cuts)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.made = 0
        """How many connections there were."""
        self.carried = 0
        """Bytes towards the server."""

    def through(self, url: str) -> str:
        """The same address over this line."""
        port = self._listening.getsockname()[1]
        return urlunsplit(urlsplit(url)._replace(netloc=f"127.0.0.1:{port}"))

    def carry(self) -> None:
        """Until ``stop``."""
        with suppress(OSError):
            while True:
                phone, _ = self._listening.accept()
                budget = self._cuts[self.made] if self.made < len(self._cuts) else FOREVER
                self.made += 1
                Thread(target=self._connect, args=(phone, budget), daemon=True).start()

    def stop(self) -> None:
        with suppress(OSError):
            # A thread that waits in accept does not notice a close.
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _connect(self, phone: socket.socket, budget: int) -> None:
        with phone, socket.create_connection(self._server) as server:
            back = Thread(target=_copy, args=(server, phone, FOREVER), daemon=True)
            back.start()
            self.carried += _copy(phone, server, budget)
            for end in (phone, server):
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
            back.join()


def _copy(source: socket.socket, sink: socket.socket, budget: int) -> int:
    """Carry up to *budget* bytes; returns how many there were."""
    left = budget
    with suppress(OSError):
        while left and (piece := source.recv(min(4096, left))):
            sink.sendall(piece)
            left -= len(piece)
    return budget - left


@contextmanager
def a_bad_line(server: str, cuts: list[int]) -> Iterator[BadLine]:
    """A line to *server* whose first connections are cut after so many bytes each."""
    line = BadLine(server, cuts)
    carrying = Thread(target=line.carry, daemon=True)
    carrying.start()
    try:
        yield line
    finally:
        line.stop()
        carrying.join(10)
