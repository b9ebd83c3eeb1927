"""News between processes over PostgreSQL: one thread that sends, one that hears.

NOTIFY inside the writing transaction would be simpler, and serialise every commit of the cluster with its flush to
disk: PostgreSQL holds one lock from the first NOTIFY to the end of the commit. So a transaction's topics are sent right
after it, gathered over whatever was committed meanwhile. A process that dies in between loses news, never events.
"""

from collections.abc import Iterable
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Event, Lock, Thread
from uuid import uuid4

import psycopg
import structlog
from sqlalchemy.engine import URL

from backend.store.news import Audience

_CHANNEL = "flashclaim"
_MOST_AT_ONCE = 500
_AGAIN_AFTER_S = 1.0
_LOOK_AFTER_S = 60.0
_END = "end"
_SEND = "SELECT pg_notify(%s, said) FROM unnest(%s::text[]) AS said"
log = structlog.get_logger()


class Wire:
    """Sends what this process committed, and tells its audience what others did."""

    def __init__(self, address: URL, audience: Audience) -> None:
        self._address = address.set(drivername="postgresql").render_as_string(hide_password=False)
        self._audience = audience
        self._token = uuid4().hex
        """Marks our own news, which our audience has heard already."""
        self._waiting: SimpleQueue[tuple[str, ...] | None] = SimpleQueue()
        self._closing = Event()
        self._starting = Lock()
        self._sender: Thread | None = None
        self._hearer: Thread | None = None
        self._is_hearing = Event()

    def send(self, topics: tuple[str, ...]) -> None:
        """Tell the other processes soon."""
        with self._starting:
            if self._sender is None:
                self._sender = Thread(target=self._send_forever, name="store-news-out", daemon=True)
                self._sender.start()
        self._waiting.put(topics)

    def hear(self) -> None:
        """Begin to hear the other processes; returns once nothing that they send from now on is missed."""
        with self._starting:
            if self._hearer is None and not self._closing.is_set():
                self._hearer = Thread(target=self._hear_forever, name="store-news-in", daemon=True)
                self._hearer.start()
        self._is_hearing.wait(5.0)

    def close(self) -> None:
        """End both threads."""
        with self._starting:
            self._closing.set()
        if self._hearer is not None:
            # Its wait ends with any news: ours.
            with suppress(psycopg.Error), self._connected() as connection:
                self._notify(connection, (_END,))
            self._hearer.join(10.0)
        if self._sender is not None:
            self._waiting.put(None)
            self._sender.join(10.0)

    def _send_forever(self) -> None:
        connection: psycopg.Connection | None = None
        while (first := self._waiting.get()) is not None:
            topics = {*first}
            is_last = False
            while len(topics) < _MOST_AT_ONCE:
                try:
                    more = self._waiting.get_nowait()
                except Empty:
                    break
                if more is None:
                    is_last = True
                    break
                topics.update(more)
            try:
                connection = connection or self._connected()
                self._notify(connection, topics)
            except psycopg.Error as lost:
                # Everyone also looks from time to time: late news is better than a queue that grows.
                log.warning("news.not_sent", reason=str(lost))
                connection = None
            if is_last:
                break
        if connection is not None:
            connection.close()

    def _notify(self, connection: psycopg.Connection, topics: Iterable[str]) -> None:
        payloads = [f"{self._token} {topic}" for topic in topics]
        connection.execute(_SEND, (_CHANNEL, payloads))

    def _hear_forever(self) -> None:
        while not self._closing.is_set():
            try:
                with self._connected() as connection:
                    connection.execute(f"LISTEN {_CHANNEL}")
                    if self._is_hearing.is_set():
                        # Something may have been said while we were away.
                        self._audience.tell(None)
                    self._is_hearing.set()
                    while not self._closing.is_set():
                        for said in connection.notifies(timeout=_LOOK_AFTER_S, stop_after=1):
                            self._tell(said.payload)
            except psycopg.Error as lost:
                if not self._closing.wait(_AGAIN_AFTER_S):
                    log.warning("news.not_heard", reason=str(lost))

    def _tell(self, payload: str) -> None:
        token, _, topic = payload.partition(" ")
        # Another process's farewell to itself is no news.
        if token != self._token and topic != _END:
            self._audience.tell((topic,))

    def _connected(self) -> psycopg.Connection:
        connection = psycopg.connect(
            self._address, autocommit=True, connect_timeout=5, application_name="flashclaim news"
        )
        # Nothing of what these connections do has to survive a crash.
        connection.execute("SET synchronous_commit = off")
        return connection
