"""Learns that the server is about to stop, while it still waits for open answers: shutdown hooks come after those."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def told_of_stopping(tell: Callable[[], None]) -> Iterator[None]:
    """Call *tell* when this process is asked to end, and then whatever the server had set up for it.

    Outside the main thread, and where nobody handles the signal, there is nothing to be told of.
    """
    stood = {}
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            handler = signal.getsignal(number)
            if callable(handler):
                stood[number] = handler
                signal.signal(number, _both(tell, handler))
    try:
        yield
    finally:
        for number, handler in stood.items():
            signal.signal(number, handler)


Handler = Callable[[int, FrameType | None], object]


def _both(tell: Callable[[], None], handler: Handler) -> Handler:
    def handle(number: int, frame: FrameType | None) -> None:
        tell()
        handler(number, frame)

    return handle
