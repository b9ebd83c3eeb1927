"""Who wants to hear that something was committed, and what waits in a transaction to be told."""

from collections.abc import Callable, Iterable
from threading import Lock

import structlog
from sqlalchemy import Connection

EFFECTS = "effects"
"""The topic of effects that are due at once; every other topic is the id of a claim that has new events."""

Listener = Callable[[frozenset[str] | None], None]
"""Told the topics of one or more commits, from any thread; None: anything may have changed. Has to be quick."""

_WAITING = "news"
log = structlog.get_logger()


class Audience:
    """The listeners of one process."""

    def __init__(self) -> None:
        self._listeners: tuple[Listener, ...] = ()
        self._lock = Lock()

    def __bool__(self) -> bool:
        return bool(self._listeners)

    def add(self, listener: Listener) -> Callable[[], None]:
        """Tell *listener* from now on; what is returned ends it, and may be called again."""
        with self._lock:
            self._listeners = (*self._listeners, listener)

        def leave() -> None:
            with self._lock:
                self._listeners = tuple(one for one in self._listeners if one is not listener)

        return leave

    def tell(self, topics: Iterable[str] | None) -> None:
        """Tell everyone; a listener that fails is logged, and keeps nobody from hearing."""
        heard = None if topics is None else frozenset(topics)
        if heard is not None and not heard:
            return
        for listener in self._listeners:
            try:
                listener(heard)
            except Exception:
                log.exception("news.listener_failed")


def note(connection: Connection, topic: str) -> None:
    """Keep *topic* until the transaction is durable."""
    connection.info.setdefault(_WAITING, []).append(topic)


def noted(connection: Connection) -> list[str]:
    """What waits to be told; the list itself, so that a savepoint can cut it back."""
    waiting: list[str] = connection.info.setdefault(_WAITING, [])
    return waiting
