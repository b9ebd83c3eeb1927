"""How a process listens: whom it believes, and for how long it waits for a client that sends or reads slowly.

uvicorn waits for the head of a request, and for a client to take its answer, as long as the client likes. The time
for bodies is the application's to give (``backend.api.bounded``), which can still answer then.
"""

import asyncio
from typing import Any  # what uvicorn takes for an application: a name, a factory or the application itself

from uvicorn import Config
from uvicorn.protocols.http.h11_impl import H11Protocol

from backend.settings import Settings

KEEP_ALIVE_S = 5
SLOWEST_READER = 1_000
"""Bytes a second that a client must take of what it asked for."""
MOST_CONNECTIONS = 4_096
_LOOK_EVERY_S = 10.0


class Listening(Config):
    """How uvicorn serves an application here.

    Addresses and schemes that a proxy writes into headers are believed of ``trusted_proxies`` alone. ``patience_s``
    is how long the head of a request may take, counted from the connection or from the end of the last idle time.
    """

    def __init__(self, app: Any, settings: Settings, **more: Any) -> None:
        super().__init__(
            app,
            http=Impatient,
            ws="none",
            timeout_keep_alive=KEEP_ALIVE_S,
            proxy_headers=bool(settings.trusted_proxies),
            forwarded_allow_ips=list(settings.trusted_proxies),
            server_header=False,
            **more,
        )
        self.patience_s = settings.client_patience.total_seconds()


class Impatient(H11Protocol):
    """One connection, which is given up when its client keeps it waiting."""

    config: Listening
    _limit: asyncio.TimerHandle | None = None

    # As uvicorn has it: a server's transports can be written to.
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first head."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            transport.abort()
            return
        self._wait(self.config.patience_s)

    def data_received(self, data: bytes) -> None:
        """Stop waiting once a whole head is there."""
        super().data_received(data)
        if not self._is_idle:
            self._stop_waiting()

    def on_response_complete(self) -> None:
        """Begin to wait for the client to take the answer and send the next head."""
        super().on_response_complete()
        if self._is_idle:
            self._wait(KEEP_ALIVE_S + self.config.patience_s)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing more to wait for."""
        self._stop_waiting()
        super().connection_lost(exc)

    @property
    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _wait(self, seconds: float) -> None:
        self._stop_waiting()
        self._limit = self.loop.call_later(seconds, self._give_up, self.transport.get_write_buffer_size())

    def _stop_waiting(self) -> None:
        if self._limit:
            self._limit.cancel()
            self._limit = None

    def _give_up(self, unread: int) -> None:
        """Close, unless the client is still busy taking its last answer, and takes it."""
        left = self.transport.get_write_buffer_size()
        if left and unread - left >= SLOWEST_READER * _LOOK_EVERY_S:
            self._wait(_LOOK_EVERY_S)
            return
        # Not close(), which would wait for what is still unread.
        self.transport.abort()
