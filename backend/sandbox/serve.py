"""The sandbox bank as a process: a free loopback port, a word when ready, a clean stop on a signal."""

import asyncio
import signal
import socket
from collections.abc import Callable
from types import FrameType

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from backend.sandbox.bank import DROP_CONNECTION, BankSettings, create_app

LOOPBACK = "127.0.0.1"
_PATIENCE_S = 2


def serve(settings: BankSettings, *, port: int, when_ready: Callable[[str], None]) -> None:
    """Run the bank until SIGTERM or SIGINT, then return.

    Args:
        settings: What the bank is started with.
        port: On loopback; 0 takes a free one.
        when_ready: Called with the bank's address once it answers.

    Raises:
        OSError: The port is taken.
        sqlite3.Error: The database cannot be opened, or another bank has it open.
    """
    app = create_app(settings)
    # asyncio turns Nagle's algorithm off only where the protocol is named: else each answer waits 40 ms for an ACK.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, port))
        config = uvicorn.Config(
            app,
            http=_DroppableConnection,
            lifespan="on",
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=_PATIENCE_S,
        )
        # uvicorn stops by itself and then raises the signal again, for the handlers that were there before.
        for stop in (signal.SIGTERM, signal.SIGINT):
            signal.signal(stop, _has_stopped)
        _Server(config, when_ready).run(sockets=[listener])


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, when_ready: Callable[[str], None]) -> None:
        super().__init__(config)
        self._when_ready = when_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listener in sockets or ():
            host, port = listener.getsockname()
            self._when_ready(f"http://{host}:{port}")


class _DroppableConnection(H11Protocol):
    """Lets a handler cut its client off, as a broken line does: no status, no body."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = {**self.app_state, DROP_CONNECTION: transport.abort}


def _has_stopped(_number: int, _frame: FrameType | None) -> None:
    """Nothing is left to do."""
